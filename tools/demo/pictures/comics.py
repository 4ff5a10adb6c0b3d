"""Comics: covers and pages of panels with balloons."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import copysign
from textwrap import wrap

from PIL import Image

from tools.demo.pictures.canvas import Canvas
from tools.demo.pictures.chance import seeded
from tools.demo.pictures.colours import PALETTES, Palette, mixed
from tools.demo.pictures.figures import FIGURES
from tools.demo.pictures.figures.parts import Face, ring
from tools.demo.pictures.scenery import SCENES, Hour, light_of
from tools.demo.pictures.scenery.light import moonless

PAGE = 140.0
MARGIN, GUTTER = 4.0, 1.8
LETTER = 2.8

# How wide the panels of each row are, for pages of as many panels, in turns.
LAYOUTS: dict[int, tuple[tuple[tuple[int, ...], ...], ...]] = {
    2: (((1,), (1,)),),
    3: (((1,), (3, 2)), ((2, 3), (1,)), ((1,), (1,), (1,))),
    4: (((3, 2), (2, 3)), ((1,), (1, 1), (1,))),
    5: (((2, 3), (1,), (3, 2)), ((1,), (1, 1), (3, 2))),
}

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Panel:
    """One picture of a page; the first of the `cast` speaks `text`, without a cast it is narrated."""

    scene: str
    hour: Hour
    text: str
    cast: tuple[str, ...] = ()
    face: Face = "awake"
    near: bool = False


def page(panels: Sequence[Panel], number: int, width: int, *, moon: bool = True) -> Image.Image:
    """A page with its panels in reading order; without `moon` no sky shows one."""
    canvas = Canvas(width, PAGE, "#FDFBF5")
    for index, (panel, box) in enumerate(zip(panels, _boxes(len(panels), number), strict=True)):
        _panel(canvas, panel, box, number * 10 + index, moon=moon)
    canvas.letters(str(number), 50, PAGE - 2, 2, "#4A4A4A")
    return canvas.finished()


def _boxes(count: int, number: int) -> Iterator[Box]:
    """Left, top, width and height of each panel."""
    choices = LAYOUTS[count]
    rows = choices[number % len(choices)]
    height = (PAGE - 2 * MARGIN - GUTTER * (len(rows) - 1)) / len(rows)
    for index, shares in enumerate(rows):
        left, free = MARGIN, 100 - 2 * MARGIN - GUTTER * (len(shares) - 1)
        for share in shares:
            across = free * share / sum(shares)
            yield left, MARGIN + index * (height + GUTTER), across, height
            left += across + GUTTER


def _panel(canvas: Canvas, panel: Panel, box: Box, seed: int, *, moon: bool) -> None:
    left, top, across, down = box
    pixels = max(8, round(canvas.width * across / 100))
    picture = Canvas(pixels, 100 * down / across, "#FFFFFF")
    palette = PALETTES[panel.cast[0] if panel.cast else "brace"]
    light = light_of(palette, panel.hour)
    light = light if moon and "selene" not in panel.cast else moonless(light)
    SCENES[panel.scene](picture, palette, light, seeded(seed))
    _cast(picture, panel)
    pen = canvas.pen()
    pen.box(left - 0.5, top - 0.5, left + across + 0.5, top + down + 0.5, "#1C1720")
    canvas.place(picture.image, left, top, across)
    _say(canvas, panel, box)


def _cast(picture: Canvas, panel: Panel) -> None:
    size = min(picture.height * (0.95 if panel.near else 0.68), 92.0 if len(panel.cast) < 2 else 52.0)
    for index, name in enumerate(panel.cast):
        place = 50 if len(panel.cast) == 1 else 27 + 46 * index
        y = picture.height - size * (0.44 if panel.near else 0.54)
        pen = picture.pen(place, y, size, flip=index == 0 and name in {"acciuga", "quasimai"})
        figure = FIGURES[name]
        (figure.head if panel.near else figure.whole)(
            pen, PALETTES[name], panel.face if index == 0 else "awake"
        )


def _say(canvas: Canvas, panel: Panel, box: Box) -> None:
    if not panel.text:
        return
    left, top, across, down = box
    lines = wrap(panel.text.upper(), max(12, int(across / 2.6)) if panel.cast else int(across / 2.1))
    longest = max(len(line) for line in lines)
    half, tall = longest * LETTER * 0.335 + 1.6, len(lines) * LETTER * 0.62 + 1.2
    if panel.cast:
        x = max(left + half + 2, left + across * (0.5 if len(panel.cast) == 1 else 0.36))
        _balloon(canvas, x, top + tall + 2.6, half, tall, foot=top + down * 0.42)
        canvas.letters("\n".join(lines), x, top + tall + 2.6, LETTER, "#1C1720")
    else:
        pen, x = canvas.pen(), left + half + 1.5
        pen.box(left + 1, top + 1, left + 2 * half + 2, top + 2 * tall + 1.4, "#FFF3C9")
        canvas.letters("\n".join(lines), x, top + tall + 1.2, LETTER, "#1C1720")


def _balloon(canvas: Canvas, x: float, y: float, half: float, tall: float, *, foot: float) -> None:
    pen = canvas.pen()
    for grow, colour in ((0.45, "#1C1720"), (0, "#FFFFFF")):
        a, b = half + grow + 1, tall + grow + 0.4
        tail = max(foot, y + b + 2) + grow
        pen.shape([(x - 2 - grow, y + b * 0.5), (x + 2.4 + grow, y + b * 0.5), (x + 3.4, tail)], colour)
        pen.shape(
            [(x + a * _square(dx), y + b * _square(dy)) for dx, dy in ring(0, 0, 1, 0, 360, 48)], colour
        )


def _square(part: float) -> float:
    """Makes a circle's coordinate that of a rounder square."""
    return copysign(abs(part) ** 0.55, part)


def cover(title: str, cast: Sequence[str], scene: str, hour: Hour, width: int) -> Image.Image:
    """The cover of a comic: its title over its characters."""
    palette = PALETTES[cast[0]]
    canvas = Canvas(width, PAGE, palette.paper)
    light = light_of(palette, hour)
    SCENES[scene](canvas, palette, moonless(light) if "selene" in cast else light, seeded(len(title)))
    size = 78 if len(cast) == 1 else 54
    for index, name in enumerate(cast):
        place = 50 if len(cast) == 1 else 29 + 43 * index
        FIGURES[name].whole(
            canvas.pen(place, 92, size, flip=index == 0 and name == "acciuga"), PALETTES[name], "awake"
        )
    _title(canvas, title, palette)
    return canvas.finished()


def _title(canvas: Canvas, title: str, palette: Palette) -> None:
    lines = wrap(title.upper(), 14)
    size = min(12.0, 118 / max(len(line) for line in lines))
    middle = 8 + len(lines) * size * 0.62
    pen = canvas.pen()
    pen.box(0, 5, 100, 11 + len(lines) * size * 1.24, palette.ink)
    pen.box(0, 6, 100, 10 + len(lines) * size * 1.24, palette.glow)
    canvas.letters("\n".join(lines), 50, middle, size, palette.ink, weight=0.35)
    pen.box(0, PAGE - 9, 100, PAGE, mixed(palette.ink, palette.deep, 0.3))
    canvas.letters("STORIE DI CARTA  ·  ALBO ILLUSTRATO", 50, PAGE - 4.5, 3, palette.paper)
