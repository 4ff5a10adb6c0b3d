"""Ammiraglio Acciuga: an anchovy of rank, with hat, medal and moustache."""

from tools.demo.pictures.canvas import Pen
from tools.demo.pictures.colours import Palette, mixed
from tools.demo.pictures.curves import Point
from tools.demo.pictures.figures.parts import Face, Figure, eye, lid, ring, scallops

_BODY: list[Point] = [(-46, 4), (-34, -10), (-12, -17), (12, -13), (34, -2), (12, 13), (-12, 20), (-34, 16)]


def head(pen: Pen, palette: Palette, face: Face) -> None:
    """The portrait: the whole fish is hardly more than its head."""
    whole(pen.inner(2, 4, 100), palette, face)


def whole(pen: Pen, palette: Palette, face: Face) -> None:
    """The admiral swims to the left."""
    dark = mixed(palette.skin, palette.ink, 0.45)
    pen.shape([(28, -1), (48, -18), (43, 0), (48, 17), (28, 1)], dark)
    pen.shape([(30, -1), (44, -11), (40, 0), (44, 11)], palette.skin)
    pen.shape([(-4, -14), (10, -26), (20, -8)], dark)
    pen.shape(_BODY, palette.skin, smooth=True)
    back: list[Point] = [(-46, 4), (-34, -10), (-12, -17), (12, -13), (34, -2), (8, -5), (-20, -4)]
    pen.shape(back, dark, smooth=True)
    belly: list[Point] = [(-44, 6), (-20, 9), (10, 6), (32, 0), (12, 13), (-12, 20), (-34, 16)]
    pen.shape(belly, palette.paper, smooth=True)
    for row, (left, right, count) in enumerate(((-8, 24, 6), (-6, 20, 5), (-3, 14, 4))):
        scallops(pen, left, right, -4 + row * 4.5, count, mixed(palette.skin, palette.ink, 0.3), 0.8)
    pen.stroke([(-17, -14), (-12, 0), (-17, 17)], (1.4, 2.4, 1.4), palette.accent)
    _uniform(pen, palette)
    _face(pen, palette, face)
    _hat(pen.inner(-26, -13, 100, -8), palette)


def _uniform(pen: Pen, palette: Palette) -> None:
    for step in range(7):
        pen.stroke([(-13 + step * 1.9, -16 + step * 0.2), (-12 + step * 1.9, -9)], (1.5, 0.8), palette.glow)
    pen.oval(-7, -16, 9, 2.6, palette.accent)
    pen.shape([(-6, 4), (2, 4), (0, 11), (-4, 11)], palette.accent)
    pen.disc(-2, 13, 4, palette.glow)
    pen.disc(-2, 13, 2, palette.accent)


def _face(pen: Pen, palette: Palette, face: Face) -> None:
    pen.disc(-31, -1, 6.6, palette.glow)
    eye(pen, -31, -1, 5, "awake" if face == "cross" else face, palette)
    lid(pen, -31, -1, 5.4, face, mixed(palette.skin, palette.ink, 0.45), inner=-1)
    pen.stroke([(-46, 5), (-40, 8), (-35, 7)], (0.8, 1.4, 0.6), palette.ink)
    pen.stroke([(-42, 6), (-34, 12), (-26, 9), (-22, 3)], (1, 4, 3, 0.6), palette.ink)


def _hat(pen: Pen, palette: Palette) -> None:
    crown = [(-21, 3), (-15, -9), (0, -17), (14, -10), (21, 2)]
    pen.shape([*crown, (10, 0), (-10, 1)], palette.deep, smooth=True)
    pen.stroke([(-21, 3), (-8, 0), (8, -1), (21, 2)], (2, 2.6, 2.6, 2), palette.glow)
    pen.disc(0, -8, 4.6, palette.accent)
    pen.disc(0, -8, 2.6, palette.paper)
    pen.shape(ring(0, -8, 1.2, 0, 360), palette.deep)
    pen.stroke([(6, -13), (14, -24), (24, -24)], (1.5, 6, 1), palette.paper)


FIGURE = Figure(head, whole)
