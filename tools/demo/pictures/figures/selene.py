"""Selene Malumore: a crescent moon who would rather sleep."""

from tools.demo.pictures.canvas import Pen
from tools.demo.pictures.colours import Palette, mixed, sheer
from tools.demo.pictures.curves import Point, smoothed
from tools.demo.pictures.figures.parts import Face, Figure, ring

_PROFILE: list[Point] = [
    (21, 36),
    (12, 33),
    (10, 27),
    (15, 24),
    (9.5, 21),
    (16, 17),
    (10, 13.5),
    (11, 10),
    (23, 5),
    (12, -8),
    (6, -16),
    (9, -28),
    (21, -38),
]


def head(pen: Pen, palette: Palette, face: Face) -> None:
    """The crescent in profile, under its nightcap."""
    pen.disc(-4, 0, 46, sheer(palette.glow, 0.16))
    outer = ring(-3, 0, 43, 57, 303)
    pen.shape([*outer, *smoothed(_PROFILE[::-1], closed=False)], palette.skin)
    shade = mixed(palette.skin, palette.accent, 0.35)
    pen.shape([*ring(-3, 0, 43, 110, 285), *reversed(ring(6, -1, 44, 128, 268))], shade)
    for x, y, size in ((-30, 14, 3.4), (-24, 24, 2.2), (-34, 2, 1.8), (-16, 32, 2.6)):
        pen.disc(x, y, size, mixed(palette.skin, palette.accent, 0.2))
    pen.disc(1, 15, 6, sheer(palette.accent, 0.55))
    _features(pen, palette, face)
    _cap(pen, palette)


def _features(pen: Pen, palette: Palette, face: Face) -> None:
    if face == "awake":
        pen.oval(2, -5, 5, 6, palette.paper)
        pen.oval(4, -4, 3, 4, palette.ink)
    else:
        pen.arc(0, -8, 7, 25, 150, 1.8, palette.ink)
        for start, end in (((6, -4), (9, -1)), ((2, -2), (3, 3)), ((-3, -2), (-4, 2))):
            pen.stroke([start, end], (1.4, 0.6), palette.ink)
    brow = (-13, -18) if face == "cross" else (-17, -14)
    pen.stroke([(-8, brow[0]), (0, -18), (6, brow[1])], (1, 2.6, 1), palette.ink)
    down = 3 if face != "awake" else -1
    pen.stroke([(13, 20.5), (6, 20), (2, 20 + down)], (1, 1.5, 1), mixed(palette.accent, palette.ink, 0.4))


def _cap(pen: Pen, palette: Palette) -> None:
    pen.stroke([(0, -38), (-20, -44), (-38, -30), (-44, -8)], (26, 22, 13, 3), palette.accent)
    for left, right in (((-14, -52), (-9, -32)), ((-29, -46), (-22, -30)), ((-41, -31), (-32, -24))):
        pen.stroke([left, right], (2.4, 2.4), mixed(palette.accent, palette.paper, 0.7))
    pen.stroke([(-13, -29), (4, -33), (22, -40)], (8, 9, 7), palette.paper)
    pen.disc(-44, -4, 6.5, palette.paper)


def whole(pen: Pen, palette: Palette, face: Face) -> None:
    """The moon hangs among stars on threads."""
    for x, y, size in ((-38, 34, 5), (34, 20, 7), (24, -30, 4), (40, -8, 3.4), (-12, 47, 3.4)):
        pen.stroke([(x, y), (x, y - 60)], (0.5, 0.3), sheer(palette.paper, 0.6))
        star(pen, x, y, size, palette.glow)
    head(pen.inner(-2, 0, 82), palette, face)


def star(pen: Pen, x: float, y: float, size: float, colour: str) -> None:
    """A star with four long and four short points."""
    tips = ring(x, y, size, 0, 360, 8)[:-1]
    dents = ring(x, y, size * 0.28, 22.5, 382.5, 8)[:-1]
    points = [point for pair in zip(tips, dents, strict=True) for point in pair]
    pen.shape(points, colour)


FIGURE = Figure(head, whole)
