"""Zia Spina: a cactus with her Sunday flower."""

from tools.demo.pictures.canvas import Pen
from tools.demo.pictures.colours import Palette, mixed
from tools.demo.pictures.figures.parts import Face, Figure, eye, lid, ring


def head(pen: Pen, palette: Palette, face: Face) -> None:
    """A round cactus in bloom."""
    dark = mixed(palette.skin, palette.ink, 0.35)
    pen.disc(0, 8, 38, palette.skin)
    for across in (30, 17):
        for side in (-1, 1):
            pen.stroke(
                [(side * across * 0.3, -29), (side * across, 8), (side * across * 0.3, 45)],
                (0.6, 1.8, 0.6),
                dark,
            )
    for angle in range(20, 170, 15):
        inner, outer = ring(0, 8, 38, angle, 360)[0], ring(0, 8, 43, angle, 360)[0]
        pen.stroke([inner, outer], (1.4, 0.4), dark)
        pen.stroke([(inner[0], 16 - inner[1]), (outer[0], 16 - outer[1])], (1.4, 0.4), dark)
    flower(pen.inner(4, -30, 44), palette)
    for side in (-1, 1):
        eye(pen, side * 13, 6, 6.5, face, palette)
        lid(pen, side * 13, 6, 7, face, palette.skin, inner=-side)
        pen.disc(side * 24, 17, 5, palette.accent)
    bend = {"calm": 5, "awake": 7, "cross": -4}[face]
    pen.stroke([(-6, 20), (0, 20 + bend), (6, 20)], (1.2, 2, 1.2), palette.ink)


def whole(pen: Pen, palette: Palette, face: Face) -> None:
    """The aunt in her pot, arms akimbo."""
    dark = mixed(palette.skin, palette.ink, 0.35)
    for side, lift in ((-1, -2), (1, 6)):
        pen.stroke(
            [(side * 10, 16), (side * 34, 14 + lift), (side * 34, -8 + lift)],
            (12, 13, 11),
            dark if side > 0 else palette.skin,
        )
        flower(pen.inner(side * 34, -14 + lift, 14), palette)
    pen.stroke([(0, 28), (0, 10), (0, -12)], (34, 38, 36), palette.skin)
    for x in (-10, 10):
        pen.stroke([(x, 34), (x * 1.1, 14)], (1, 1.6), dark)
    for step in range(10):
        x, y = -15 + (step * 13) % 31, 8 + step * 2.4
        pen.stroke([(x, y), (x + 2, y - 3)], (1, 0.4), palette.paper)
    pen.shape([(-25, 26), (25, 26), (19, 52), (-19, 52)], palette.accent)
    pen.box(-28, 23, 28, 31, mixed(palette.accent, palette.ink, 0.2))
    for step in range(5):
        pen.shape([(-20 + step * 9, 44), (-16 + step * 9, 37), (-12 + step * 9, 44)], palette.glow)
    head(pen.inner(0, -12, 54), palette, face)


def flower(pen: Pen, palette: Palette) -> None:
    """A flower seen from above, with eight petals."""
    for petal, tone in ((0, palette.accent), (22.5, mixed(palette.accent, palette.paper, 0.35))):
        for angle in range(0, 360, 45):
            tip = ring(0, 0, 36 - petal * 0.5, angle + petal, 720)[0]
            pen.stroke([(0, 0), tip], (4, 18 - petal * 0.3), tone)
    pen.disc(0, 0, 12, palette.glow)


FIGURE = Figure(head, whole)
