"""Gallo Quasimai: a rooster who crows when everybody is up."""

from tools.demo.pictures.canvas import Pen
from tools.demo.pictures.colours import Palette, mixed
from tools.demo.pictures.curves import Point
from tools.demo.pictures.figures.parts import Face, Figure, eye, lid, scallops

_TAIL: tuple[tuple[Point, Point], ...] = (
    ((40, -6), (50, 16)),
    ((38, -22), (52, -6)),
    ((32, -34), (48, -28)),
    ((22, -40), (38, -44)),
)


def head(pen: Pen, palette: Palette, face: Face) -> None:
    """The head in profile, a sleeping mask pushed up."""
    dark = mixed(palette.skin, palette.ink, 0.3)
    for x, y, size in ((-10, -36, 11), (4, -41, 12), (18, -36, 11), (27, -26, 8)):
        pen.disc(x, y, size, palette.skin)
        pen.disc(x + 2, y + 2, size * 0.5, dark)
    pen.stroke([(4, -10), (8, 18), (20, 46)], (42, 46, 66), palette.paper)
    pen.disc(2, -8, 27, palette.paper)
    for row in range(3):
        scallops(pen, -14 + row * 2, 38 + row * 3, 22 + row * 9, 5, palette.light, 2)
    pen.shape([(-20, -12), (-48, -2), (-20, 8)], palette.glow)
    pen.shape([(-20, 0), (-44, -1), (-20, 10)], mixed(palette.glow, palette.skin, 0.4))
    pen.stroke([(-17, 8), (-19, 18), (-15, 27)], (6, 10, 12), palette.skin)
    eye(pen, -4, -9, 7.5, face, palette)
    lid(pen, -4, -9, 7.8, face, palette.paper, inner=-1)
    if face == "cross":
        pen.stroke([(-12, -10), (-4, -12), (4, -15)], (1.6, 2.2, 1), palette.ink)
    pen.disc(9, 3, 5.5, mixed(palette.light, palette.skin, 0.25))
    pen.stroke([(-20, -25), (4, -27), (29, -16)], (2.4, 2.4, 2.4), palette.ink)
    pen.stroke([(-16, -26), (2, -27), (14, -24)], (9, 12, 9), palette.accent)


def whole(pen: Pen, palette: Palette, face: Face) -> None:
    """The rooster stands, tail up."""
    shades = (palette.accent, palette.deep, palette.middle, mixed(palette.accent, palette.ink, 0.4))
    for (bend, tip), colour in zip(_TAIL, shades, strict=True):
        pen.stroke([(12, 18), bend, tip], (10, 11, 2), colour)
    body: list[Point] = [(-24, -4), (-26, 18), (-8, 34), (16, 30), (26, 10), (10, 4), (-4, -8)]
    pen.shape(body, palette.paper, smooth=True)
    pen.stroke([(-8, 12), (8, 16), (22, 12)], (6, 18, 3), palette.middle)
    pen.stroke([(-4, 17), (8, 21), (18, 17)], (2, 7, 1), palette.glow)
    for row in range(2):
        scallops(pen, -22 + row * 3, -6, 16 + row * 7, 3, palette.light, 1.4)
    for x in (-4, 8):
        pen.stroke([(x, 30), (x - 1, 44)], (3, 2.4), palette.glow)
        pen.stroke([(x - 8, 47), (x - 1, 44), (x + 6, 47)], (1.6, 2.4, 1.6), palette.glow)
    head(pen.inner(-17, -20, 56), palette, face)


FIGURE = Figure(head, whole)
