"""Soffio il Palombaro: a diver who collects the sounds of the sea floor."""

from tools.demo.pictures.canvas import Pen
from tools.demo.pictures.colours import Palette, mixed, sheer
from tools.demo.pictures.figures.parts import Face, Figure, eye, ring


def head(pen: Pen, palette: Palette, face: Face) -> None:
    """The helmet and who looks out of it."""
    dark = mixed(palette.skin, palette.ink, 0.4)
    pen.shape([(-36, 34), (36, 34), (42, 48), (-42, 48)], dark)
    for step in range(5):
        pen.disc(step * 16 - 32, 41, 2.6, palette.glow)
    pen.disc(0, -2, 40, palette.skin)
    pen.shape([*ring(0, -2, 40, -60, 90), *reversed(ring(-9, -2, 36, -60, 90))], dark)
    pen.arc(-2, -4, 34, 190, 250, 3, palette.glow)
    pen.box(-8, -48, 8, -38, dark)
    for side in (-1, 1):
        pen.oval(side * 39, 0, 5, 10, dark)
        pen.oval(side * 41, 0, 3, 7, palette.deep)
    pen.disc(0, 0, 27, dark)
    pen.disc(0, 0, 23, palette.deep)
    for angle in range(0, 360, 45):
        x, y = ring(0, 0, 25, angle, 720)[0]
        pen.disc(x, y, 1.6, palette.glow)
    pen.shape(
        [(-12, 20), (-16, -6), (0, -15), (16, -6), (12, 20)],
        mixed(palette.paper, palette.accent, 0.3),
        smooth=True,
    )
    for side in (-1, 1):
        eye(pen, side * 7, -1, 4.6, face, palette)
        if face == "cross":
            pen.stroke([(side * 12, -8), (side * 3, -5)], (1.4, 2), palette.ink)
    pen.stroke([(-12, 9), (0, 6), (12, 9)], (1, 5.5, 1), palette.accent)
    pen.shape([(-17, -14), (-9, -20), (4, 18), (-2, 22)], sheer(palette.paper, 0.22))


def whole(pen: Pen, palette: Palette, face: Face) -> None:
    """The diver on the ground, a lantern in hand and bubbles above."""
    suit, dark = palette.accent, mixed(palette.accent, palette.ink, 0.35)
    pen.stroke([(2, -34), (20, -48), (40, -44), (46, -60)], (2.4, 2.4, 2.4, 2.4), palette.ink)
    for side, colour in ((-1, suit), (1, dark)):
        pen.stroke([(side * 9, 20), (side * 11, 32), (side * 12, 44)], (16, 14, 13), colour)
        pen.oval(side * 14, 48, 11, 4.5, palette.ink)
        pen.stroke([(side * 16, 0), (side * 30, 12), (side * 31, 24)], (13, 11, 8), colour)
        pen.disc(side * 31, 27, 5, palette.skin)
    pen.shape([(-20, -6), (-22, 22), (0, 28), (22, 22), (20, -6)], suit, smooth=True)
    pen.shape([(4, -8), (20, -6), (22, 22), (4, 28)], dark, smooth=True)
    pen.box(-21, 17, 21, 22, palette.ink)
    pen.box(-5, 15.5, 5, 23.5, palette.skin)
    pen.disc(31, 38, 13, sheer(palette.glow, 0.35))
    pen.box(27, 32, 35, 44, palette.ink)
    pen.box(28.5, 34, 33.5, 42, palette.glow)
    for x, y, size in ((-36, -14, 4), (-42, -28, 2.6), (-34, -40, 5), (-41, -50, 1.8)):
        pen.disc(x, y, size, sheer(palette.paper, 0.45))
        pen.arc(x, y, size, 0, 360, 0.6, palette.paper)
    head(pen.inner(0, -23, 58), palette, face)


FIGURE = Figure(head, whole)
