"""Shirts: laid out flat, with a character on the chest."""

from dataclasses import dataclass

from PIL import Image

from tools.demo.pictures.canvas import Canvas, Pen
from tools.demo.pictures.chance import seeded
from tools.demo.pictures.colours import PALETTES, Palette, mixed, sheer
from tools.demo.pictures.curves import Point
from tools.demo.pictures.figures import FIGURES
from tools.demo.pictures.figures.parts import Face, ring
from tools.demo.pictures.figures.selene import star
from tools.demo.pictures.inks import grained
from tools.demo.pictures.scenery import frond
from tools.demo.pictures.works import TALL

_HALF: tuple[Point, ...] = ((10, -46), (24, -40), (47, -14), (33, -2), (25, -10), (26, 50))


@dataclass(frozen=True)
class Shirt:
    """A shirt in one colour; `motif` is `disc`, `arch` or `free`."""

    character: str
    colour: str
    motif: str
    seed: int
    face: Face = "awake"

    @property
    def palette(self) -> Palette:
        """The colours of its character."""
        return PALETTES[self.character]


def laid_out(shirt: Shirt, width: int) -> Image.Image:
    """The shirt on a coloured ground, at twice the size of `width` pixels."""
    palette = shirt.palette
    canvas = Canvas(width, TALL, palette.paper)
    ground = mixed(palette.light if shirt.seed % 2 else palette.glow, palette.paper, 0.35)
    canvas.fade(ground, mixed(ground, palette.ink, 0.08))
    canvas.pen().disc(50, 64, 44, sheer(palette.paper, 0.5))
    _foliage(canvas, palette, shirt.seed)
    pen = canvas.pen(50, 63, 92)
    _cloth(canvas.pen(52, 65, 92), sheer(palette.ink, 0.16))
    _cloth(pen, shirt.colour)
    _sewing(pen, shirt.colour, palette)
    _motif(pen.inner(0, -3, 40), shirt)
    return grained(canvas.image)


def _foliage(canvas: Canvas, palette: Palette, seed: int) -> None:
    dice = seeded(seed)
    for x in (4, 96):
        for _ in range(3):
            frond(
                canvas,
                x,
                TALL + 3,
                dice.uniform(24, 46),
                dice.uniform(-12, 12),
                mixed(palette.middle, palette.light, dice.uniform(0.2, 0.6)),
            )


def _cloth(pen: Pen, colour: str) -> None:
    right = list(_HALF)
    left = [(-x, y) for x, y in reversed(right)]
    neck = [(-10, -46), (-5, -41), (0, -39.5), (5, -41)]
    pen.shape([*right, *left, *neck], colour)
    pen.oval(0, 50, 26, 1.6, colour)


def _sewing(pen: Pen, colour: str, palette: Palette) -> None:
    dark = sheer(mixed(colour, palette.ink, 0.6), 0.5)
    pen.shape(
        [(-10, -46), (0, -43.5), (10, -46), (5, -41), (0, -39.5), (-5, -41)], mixed(colour, palette.ink, 0.35)
    )
    pen.stroke([(-11, -45.5), (-5, -40), (0, -38.3), (5, -40), (11, -45.5)], (1, 1, 1), dark)
    for side in (-1, 1):
        pen.stroke([(side * 23, -38), (side * 22, -24), (side * 25, -10)], (0.5, 0.5, 0.5), dark)
        pen.stroke([(side * 45.5, -15.5), (side * 32, -3.5)], (0.4, 0.4), dark)
        pen.shape(
            [(side * 25, -9), (side * 26, 50), (side * 21, 50), (side * 22, 12)], sheer(palette.ink, 0.08)
        )
        pen.stroke(
            [(side * 21, -6), (side * 15, 4), (side * 17, 12)], (0.4, 1.4, 0.2), sheer(palette.ink, 0.14)
        )
    for start, middle, end in (((-18, 34), (-4, 38), (12, 33)), ((-8, 43), (4, 45), (19, 40))):
        pen.stroke([start, middle, end], (0.3, 1.6, 0.3), sheer(palette.ink, 0.12))


def _motif(pen: Pen, shirt: Shirt) -> None:
    palette = shirt.palette
    if shirt.motif == "disc":
        pen.disc(0, 0, 58, palette.glow)
        pen.disc(0, 0, 54, palette.deep)
        for ray in range(0, 360, 20):
            pen.shape([(0, 0), *ring(0, 0, 54, ray, ray + 10, 2)], sheer(palette.middle, 0.6))
    elif shirt.motif == "arch":
        for inset, colour in ((0, palette.accent), (7, palette.glow), (14, palette.deep)):
            pen.shape([*ring(0, -10, 56 - inset, 180, 360), (56 - inset, 62), (inset - 56, 62)], colour)
    else:
        for x, y, size in ((-50, -34, 9), (48, -44, 7), (54, 22, 10), (-56, 26, 6), (0, 64, 8)):
            star(pen, x, y, size, palette.accent)
    FIGURES[shirt.character].head(pen.inner(0, 2, 84), palette, shirt.face)


def print_of(shirt: Image.Image, width: int) -> Image.Image:
    """The print of a shirt from near by."""
    across = shirt.width * 46 // 100
    left, top = (shirt.width - across) // 2, shirt.height * 27 // 100
    return shirt.crop((left, top, left + across, top + across * 5 // 4)).resize(
        (width, width * 5 // 4), Image.Resampling.BILINEAR
    )
