"""Works of art: a figure in a scene, printed or painted in one of three manners."""

from dataclasses import dataclass
from random import Random
from typing import Literal

from PIL import Image

from tools.demo.pictures.canvas import Canvas
from tools.demo.pictures.chance import seeded
from tools.demo.pictures.colours import INKS, PALETTES, Palette, mixed, sheer
from tools.demo.pictures.figures import FIGURES
from tools.demo.pictures.figures.parts import Face
from tools.demo.pictures.inks import grained, separated, washed
from tools.demo.pictures.scenery import SCENES, Hour, Light, light_of
from tools.demo.pictures.scenery.light import moonless

Manner = Literal["giclee", "riso", "original"]

TALL = 125.0


@dataclass(frozen=True)
class Work:
    """What a work shows; `seed` is for what is left to chance, `large` shows the head alone."""

    character: str
    scene: str
    hour: Hour
    manner: Manner
    seed: int
    face: Face = "awake"
    large: bool = False

    @property
    def palette(self) -> Palette:
        """The colours of its character."""
        return PALETTES[self.character]


def painted(work: Work, width: int) -> Image.Image:
    """The work at twice the size of `width` pixels, so that details can be cut out of it."""
    if work.manner == "original":
        return _original(work, width)
    canvas = Canvas(width, TALL, work.palette.paper)
    SCENES[work.scene](canvas, work.palette, _light(work), _dice(work))
    _figure(canvas, work)
    _margin(canvas, work)
    if work.manner == "riso":
        return separated(canvas.image, INKS[work.character], work.palette.paper, width)
    return canvas.image


def _light(work: Work) -> Light:
    light = light_of(work.palette, work.hour)
    return moonless(light) if work.character == "selene" else light


def _dice(work: Work) -> Random:
    return seeded(work.seed)


def _figure(canvas: Canvas, work: Work) -> None:
    figure = FIGURES[work.character]
    if work.scene == "emblem":
        figure.head(canvas.pen(50, TALL * 0.5, 58), work.palette, work.face)
    elif work.large:
        figure.head(canvas.pen(50, TALL * 0.56, 80), work.palette, work.face)
    else:
        _shadow(canvas, work)
        figure.whole(canvas.pen(50, TALL * 0.575, 68, flip=work.seed % 2 == 1), work.palette, work.face)


def _shadow(canvas: Canvas, work: Work) -> None:
    if work.scene not in {"depths", "heavens", "sea"} and work.character in {
        "brace",
        "spina",
        "soffio",
        "quasimai",
    }:
        canvas.pen().oval(52, TALL * 0.575 + 33, 30, 3.6, sheer(work.palette.ink, 0.35))


def _margin(canvas: Canvas, work: Work) -> None:
    """The paper that is left white around a print."""
    pen, edge = canvas.pen(), 3.2 if work.manner == "giclee" else 5.5
    pen.box(0, 0, 100, edge, work.palette.paper)
    pen.box(0, TALL - edge, 100, TALL, work.palette.paper)
    pen.box(0, 0, edge, TALL, work.palette.paper)
    pen.box(100 - edge, 0, 100, TALL, work.palette.paper)


def _original(work: Work, width: int) -> Image.Image:
    """A painting: the scene as a wash with brushed edges, the figure in full colour."""
    dice, palette = _dice(work), work.palette
    scene = Canvas(width, TALL, palette.paper)
    SCENES[work.scene](scene, palette, _light(work), dice)
    edges = Canvas(width, TALL, "#000000")
    for row in range(19):
        y = 10 + row * 5.8
        left, right = dice.uniform(8, 12), dice.uniform(88, 92)
        line = [(left, y), (50, y + dice.uniform(-1, 1)), (right, y + dice.uniform(-0.8, 0.8))]
        edges.pen().stroke(line, (7, 8, 8, 6), "#FFFFFF")
    sheet = Canvas(width, TALL, mixed(palette.paper, "#FFFFFF", 0.35))
    sheet.image.paste(washed(scene.image, palette), mask=edges.image.convert("L"))
    _figure(sheet, work)
    for _ in range(26):
        sheet.pen().disc(
            dice.uniform(8, 92), dice.uniform(10, 116), dice.uniform(0.15, 0.7), sheer(palette.accent, 0.8)
        )
    sheet.pen().box(83, 117.5, 87, 121.5, palette.accent)
    sheet.pen().disc(85, 119.5, 1.2, palette.paper)
    return grained(sheet.image)
