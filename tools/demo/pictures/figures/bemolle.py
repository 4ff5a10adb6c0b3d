"""Gufo Bemolle: an owl who sings everything half a tone too low."""

from tools.demo.pictures.canvas import Pen
from tools.demo.pictures.colours import Palette, mixed
from tools.demo.pictures.figures.parts import Face, Figure, eye, lid, ring, scallops


def head(pen: Pen, palette: Palette, face: Face) -> None:
    """The head from the front, with its two great discs."""
    dark = mixed(palette.skin, palette.ink, 0.5)
    outline = [
        (-40, -44),
        (-20, -30),
        (0, -33),
        (20, -30),
        (40, -44),
        (44, -4),
        (30, 30),
        (0, 40),
        (-30, 30),
        (-44, -4),
    ]
    pen.shape(outline, palette.skin)
    pen.shape(outline[2:8], dark)
    pen.shape([(-40, -44), (-20, -30), (0, -33), (20, -30), (40, -44), (26, -16), (0, -8), (-26, -16)], dark)
    for side in (-1, 1):
        pen.disc(side * 19, -2, 21, palette.paper)
        for radius, colour in ((18, palette.light), (13, palette.glow)):
            pen.disc(side * 19, -2, radius, colour)
        for spoke in range(12):
            pen.stroke(
                [ring(side * 19, -2, 14, spoke * 30, 360)[0], ring(side * 19, -2, 19, spoke * 30, 360)[0]],
                (0.6, 1.4),
                dark,
            )
        eye(pen, side * 19, -2, 9.5, face, palette)
        lid(pen, side * 19, -2, 11, face, palette.glow, inner=-side)
        if face == "cross":
            pen.stroke([(side * 31, -13), (side * 19, -8), (side * 7, -3)], (1, 4, 3), dark)
    pen.shape([(-6, 2), (0, -4), (6, 2), (0, 19)], palette.accent)
    pen.shape([(0, -4), (6, 2), (0, 19)], mixed(palette.accent, palette.ink, 0.3))


def whole(pen: Pen, palette: Palette, face: Face) -> None:
    """The owl on its branch, a flat sign on its chest."""
    dark = mixed(palette.skin, palette.ink, 0.5)
    pen.shape([(-8, 30), (0, 56), (8, 30)], dark)
    pen.shape(
        [(-22, -14), (-30, 14), (-18, 38), (0, 44), (18, 38), (30, 14), (22, -14)], palette.skin, smooth=True
    )
    pen.shape([(-16, -6), (-18, 18), (0, 38), (18, 18), (16, -6)], palette.paper, smooth=True)
    for row in range(4):
        half = 14 - row * 2.6
        scallops(pen, -half, half, 6 + row * 7, 5 - row, palette.light, 1.6)
    for side in (-1, 1):
        pen.stroke([(side * 22, -6), (side * 32, 14), (side * 20, 38)], (6, 18, 2), dark)
        pen.stroke([(side * 25, 4), (side * 29, 16), (side * 23, 30)], (1, 3, 1), palette.accent)
        pen.stroke([(side * 9, 38), (side * 9, 46)], (4, 5), palette.glow)
    flat(pen.inner(0, 9, 46), mixed(palette.accent, palette.ink, 0.25))
    pen.stroke([(-50, 47), (-10, 45), (20, 48), (52, 44)], (5, 7, 6, 3), palette.ink)
    head(pen.inner(0, -24, 56), palette, face)


def flat(pen: Pen, colour: str) -> None:
    """The sign that lowers a note."""
    pen.stroke([(-10, -36), (-10, 26)], (5, 5), colour)
    pen.stroke([(-10, -2), (10, -6), (12, 10), (-10, 26)], (4, 8, 8, 4), colour)


FIGURE = Figure(head, whole)
