"""Places without a horizon: the heavens, the depths, a stage and an old label."""

from random import Random

from tools.demo.pictures.canvas import Canvas
from tools.demo.pictures.colours import Palette, mixed, sheer
from tools.demo.pictures.figures.parts import ring
from tools.demo.pictures.figures.selene import star
from tools.demo.pictures.scenery.light import Light


def heavens(canvas: Canvas, palette: Palette, light: Light, dice: Random) -> None:
    """Rings and constellations."""
    canvas.fade(light.high, light.low)
    pen = canvas.pen()
    line = palette.glow if light.dark else palette.deep
    for radius in range(14, 76, 12):
        pen.arc(50, canvas.height * 0.46, radius, 0, 180, 0.35, sheer(line, 0.45))
        pen.arc(50, canvas.height * 0.46, radius, 180, 360, 0.35, sheer(line, 0.45))
        x, y = ring(50, canvas.height * 0.46, radius, dice.uniform(0, 360), 360)[0]
        pen.disc(x, y, dice.uniform(1.4, 3.6), dice.choice((palette.accent, palette.glow, palette.light)))
    for _ in range(28):
        star(
            pen,
            dice.uniform(2, 98),
            dice.uniform(2, canvas.height - 2),
            dice.uniform(0.8, 2.6),
            sheer(line, 0.8),
        )


def depths(canvas: Canvas, palette: Palette, light: Light, dice: Random) -> None:
    """Under water: rays, weeds and bubbles."""
    canvas.fade(
        palette.light if not light.dark else palette.middle, palette.ink if light.dark else palette.deep
    )
    pen = canvas.pen()
    for _ in range(5):
        x, width = dice.uniform(0, 90), dice.uniform(4, 12)
        pen.shape(
            [(x, 0), (x + width, 0), (x + width * 2.5 - 20, canvas.height), (x - 30, canvas.height)],
            sheer(palette.paper, 0.08),
        )
    for side in (0, 74):
        for _ in range(5):
            x, top = side + dice.uniform(0, 26), canvas.height * dice.uniform(0.45, 0.8)
            bottom, bend = canvas.height + 2, dice.choice((-5, 5))
            middle = (top + bottom) / 2
            points = [
                (x, bottom),
                (x + bend, (bottom + middle) / 2),
                (x - bend, (middle + top) / 2),
                (x + bend * 0.6, top),
            ]
            pen.stroke(
                points,
                (4, 5, 4, 0.5),
                dice.choice((palette.ink, mixed(palette.deep, palette.ink, 0.5), palette.accent)),
            )
    for _ in range(16):
        x, y, size = dice.uniform(4, 96), dice.uniform(5, canvas.height * 0.8), dice.uniform(0.5, 2.2)
        pen.disc(x, y, size, sheer(palette.paper, 0.25))
        pen.arc(x, y, size, 0, 360, 0.3, sheer(palette.paper, 0.7))


def stage(canvas: Canvas, palette: Palette, light: Light, dice: Random) -> None:
    """A theatre: boards, curtains and one cone of light."""
    canvas.fade(palette.ink if light.dark else palette.deep, mixed(palette.deep, palette.middle, 0.4))
    pen = canvas.pen()
    floor = canvas.height * 0.8
    pen.shape([(46, -4), (54, -4), (88, floor + 8), (12, floor + 8)], sheer(palette.glow, 0.2))
    pen.box(0, floor, 100, canvas.height, mixed(palette.skin, palette.ink, 0.45))
    for board in range(-6, 18):
        pen.stroke(
            [(50 + (board - 6) * 9, floor), (50 + (board - 6) * 16, canvas.height)], (0.3, 0.7), palette.ink
        )
    pen.oval(50, floor + 8, 36, 6, sheer(palette.glow, 0.5))
    for side in (0, 1):
        for fold in range(4):
            x = fold * 5.5
            edge = x + 8 + dice.uniform(-1, 1)
            fabric = mixed(palette.accent, palette.ink, 0.15 + 0.2 * (fold % 2))
            points = [
                (x, -2),
                (edge, -2),
                (edge - 3, canvas.height * 0.5),
                (edge + 1, floor + 6),
                (x, floor + 6),
            ]
            pen.shape([(100 - a, b) if side else (a, b) for a, b in points], fabric)
    for swag in range(6):
        pen.oval(swag * 20, 0, 12, 11, mixed(palette.accent, palette.ink, 0.1 + 0.15 * (swag % 2)))


def emblem(canvas: Canvas, palette: Palette, light: Light, dice: Random) -> None:
    """Rays and arches, as on an old label."""
    canvas.fade(light.high, light.low)
    pen = canvas.pen()
    x, y = 50, canvas.height * 0.5
    turn = dice.uniform(0, 12)
    for ray in range(0, 360, 24):
        far = ring(x, y, 110, ray + turn, ray + turn + 12, 1)
        pen.shape([(x, y), *far], sheer(palette.glow if light.dark else palette.paper, 0.28))
    for radius, colour in (
        (43, palette.deep),
        (40, palette.accent),
        (37, palette.paper),
        (35.4, mixed(light.low, palette.light, 0.7)),
    ):
        pen.disc(x, y, radius, colour)
    for corner in (8, 92):
        for height in (9, canvas.height - 9):
            star(pen, corner, height, 6, palette.glow if light.dark else palette.deep)
