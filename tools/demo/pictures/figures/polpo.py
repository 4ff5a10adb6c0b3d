"""Il Polpo Distratto: an octopus with eight arms and one thought at a time."""

from itertools import pairwise

from tools.demo.pictures.canvas import Pen
from tools.demo.pictures.colours import Palette, mixed
from tools.demo.pictures.curves import Point
from tools.demo.pictures.figures.parts import Face, Figure, eye

_ARMS: tuple[list[Point], ...] = (
    [(-8, 14), (-30, 24), (-46, 12), (-40, -2)],
    [(-6, 16), (-24, 38), (-42, 36), (-46, 26)],
    [(-4, 18), (-10, 42), (-24, 50), (-30, 43)],
    [(4, 18), (12, 40), (4, 50), (-4, 45)],
    [(6, 16), (24, 36), (26, 50), (16, 48)],
    [(8, 14), (34, 24), (46, 38), (38, 46)],
    [(8, 12), (32, 14), (46, 2), (38, -10)],
)


def head(pen: Pen, palette: Palette, face: Face) -> None:
    """The face above the first curl of its arms."""
    whole(pen.inner(0, 2, 92), palette, face)


def whole(pen: Pen, palette: Palette, face: Face) -> None:
    """All of it, arms everywhere."""
    dark = mixed(palette.skin, palette.ink, 0.3)
    for index, arm in enumerate(_ARMS):
        pen.stroke(arm, (15, 12, 8, 3), dark if index % 2 else palette.skin)
        for x, y in _suckers(arm):
            pen.disc(x, y, 1.5, palette.glow)
    dome: list[Point] = [(-22, 14), (-30, -16), (-18, -42), (0, -48), (18, -42), (30, -16), (22, 14), (0, 24)]
    pen.shape(dome, palette.skin, smooth=True)
    pen.shape([(6, -47), (18, -42), (30, -16), (22, 14), (8, 22), (20, -12)], dark, smooth=True)
    for x, y, size in ((-16, -30, 3.5), (-8, -38, 2.2), (-20, -20, 2)):
        pen.disc(x, y, size, mixed(palette.skin, palette.paper, 0.4))
    for side in (-1, 1):
        pen.disc(side * 11, -3, 11, palette.ink)
        pen.disc(side * 11, -3, 9.4, mixed(palette.light, palette.paper, 0.4))
        eye(pen, side * 11 + 1.5, -3, 6.4, face, palette)
        if face == "cross":
            pen.stroke([(side * 21, -15), (side * 11, -12), (side * 3, -9)], (1, 2.6, 1.6), palette.ink)
    pen.stroke([(-3, -5), (3, -5)], (1.8, 1.8), palette.ink)
    bend = -2 if face == "cross" else 3
    pen.stroke([(-4, 13), (0, 13 + bend), (5, 12)], (1, 1.8, 1), palette.ink)
    _beret(pen.inner(4, -45, 100, 8), palette)


def _beret(pen: Pen, palette: Palette) -> None:
    pen.oval(0, 0, 19, 6, palette.accent)
    pen.shape(
        [(-17, 2), (-4, 5), (18, 1), (15, 7), (-8, 8)], mixed(palette.accent, palette.ink, 0.25), smooth=True
    )
    pen.stroke([(0, -5), (3, -10)], (2, 1.2), palette.accent)


def _suckers(arm: list[Point]) -> list[Point]:
    pairs = list(pairwise(arm[1:]))
    return [
        (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
        for a, b in pairs
        for share in (0.1, 0.45, 0.8)
    ]


FIGURE = Figure(head, whole)
