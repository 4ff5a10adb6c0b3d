"""Brace la Volpe: a fox with a face like a folded mask and a tail like a flame."""

from tools.demo.pictures.canvas import Pen
from tools.demo.pictures.colours import Palette, mixed
from tools.demo.pictures.figures.parts import Face, Figure, eye


def head(pen: Pen, palette: Palette, face: Face) -> None:
    """The face, in facets."""
    shade = mixed(palette.skin, palette.ink, 0.22)
    warm = mixed(palette.skin, palette.accent, 0.45)
    for side, colour in ((-1, palette.skin), (1, shade)):
        pen.shape([(side * 42, -48), (side * 8, -22), (side * 38, -6)], colour)
        pen.shape([(side * 38, -38), (side * 17, -22), (side * 34, -14)], palette.ink)
        pen.shape([(side * 36.5, -33), (side * 22, -21), (side * 32, -16)], palette.accent)
        pen.shape([(0, -24), (side * 26, -22), (side * 44, 2), (side * 16, 34), (0, 46)], colour)
        pen.shape([(side * 44, 2), (side * 21, 3), (side * 6, 18), (0, 46), (side * 16, 34)], palette.paper)
    for side, colour in ((-1, warm), (1, palette.skin)):
        pen.shape([(0, -24), (side * 12, -23), (side * 7, 18), (0, 40)], colour)
    pen.shape([(0, -24), (-7, -12), (0, 4), (7, -12)], palette.glow)
    pen.shape([(44, 2), (30, 3), (12, 30), (0, 46), (16, 34)], mixed(palette.paper, palette.ink, 0.12))
    pen.shape([(-7, 36), (7, 36), (0, 46)], palette.ink)
    for side in (-1, 1):
        if face == "calm":
            eye(pen, side * 20, 1, 7, face, palette)
        else:
            low = -4 if face == "cross" else -7
            pen.shape([(side * 11, 4), (side * 19, low), (side * 29, -5), (side * 20, 6)], palette.glow)
            pen.disc(side * 19, 0.5, 3.4, palette.ink)


def whole(pen: Pen, palette: Palette, face: Face) -> None:
    """The fox sits, its tail around it."""
    shade = mixed(palette.skin, palette.ink, 0.22)
    pen.stroke([(10, 42), (36, 40), (43, 18), (30, 2), (38, -20)], (10, 20, 24, 17, 3), shade)
    pen.stroke([(34, 2), (32, -8), (38, -20)], (15, 12, 2), palette.paper)
    pen.shape([(-15, -12), (-26, 24), (-24, 46), (24, 46), (26, 24), (15, -12)], palette.skin, smooth=True)
    pen.shape([(0, -14), (17, -10), (27, 24), (25, 46), (0, 47)], shade, smooth=True)
    pen.shape([(-12, -10), (-9, 14), (0, 30), (9, 14), (12, -10)], palette.paper, smooth=True)
    for side in (-1, 1):
        pen.stroke([(side * 9, 18), (side * 8, 34), (side * 9, 45)], (9, 7, 7), palette.ink)
        pen.oval(side * 11, 46.5, 7, 3.2, palette.ink)
    head(pen.inner(0, -22, 52), palette, face)


FIGURE = Figure(head, whole)
