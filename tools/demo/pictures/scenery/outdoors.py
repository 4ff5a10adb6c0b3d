"""Places under the sky: hills, the sea, a wood, a town and a garden."""

from math import pi, sin
from random import Random

from tools.demo.pictures.canvas import Canvas
from tools.demo.pictures.colours import Palette, mixed
from tools.demo.pictures.figures.parts import ring
from tools.demo.pictures.scenery.light import Light, frond, sky


def hills(canvas: Canvas, palette: Palette, light: Light, dice: Random) -> None:
    """Ridges, one behind the other, with cypresses."""
    sky(canvas, palette, light, dice)
    far = mixed(light.low, palette.middle, 0.45)
    near = mixed(palette.deep, palette.ink, 0.55)
    for layer in range(5):
        colour = mixed(far, near, layer / 4)
        base = canvas.height * (0.5 + layer * 0.1)
        ridge = _wave(dice, base, 7 - layer * 0.6)
        canvas.pen().shape([*ridge, (100, canvas.height), (0, canvas.height)], colour)
        if layer in {1, 3}:
            _cypresses(canvas, ridge, mixed(colour, palette.ink, 0.4), dice, 5 + layer)


def _wave(dice: Random, base: float, swing: float) -> list[tuple[float, float]]:
    shift, pace = dice.uniform(0, 2 * pi), dice.uniform(0.045, 0.07)
    return [
        (x, base + swing * sin(x * pace + shift) + swing * 0.35 * sin(x * pace * 2.7)) for x in range(101)
    ]


def _cypresses(
    canvas: Canvas, ridge: list[tuple[float, float]], colour: str, dice: Random, size: float
) -> None:
    for _ in range(5):
        x, y = ridge[dice.randrange(4, 96)]
        height = size * dice.uniform(1.2, 2.2)
        canvas.pen().stroke(
            [(x, y + 1), (x, y - height * 0.5), (x, y - height)], (1.2, size * 0.45, 0.3), colour
        )


def sea(canvas: Canvas, palette: Palette, light: Light, dice: Random) -> None:
    """Rows of waves with crests under a wide sky."""
    sky(canvas, palette, light, dice)
    pen = canvas.pen()
    for row in range(7):
        y = canvas.height * (0.5 + row * 0.075)
        colour = mixed(mixed(light.low, palette.middle, 0.6), mixed(palette.deep, palette.ink, 0.4), row / 6)
        radius, shift = 7 + row * 1.1, dice.uniform(-6, 6)
        for index in range(-1, round(100 / radius / 1.6) + 2):
            x = shift + index * radius * 1.6
            pen.disc(x, y + radius, radius, colour)
            for inset in (1.6, 3.4):
                pen.arc(x, y + radius, radius - inset, 200, 340, 0.55, mixed(colour, palette.paper, 0.35))
        pen.box(0, y + radius, 100, canvas.height, colour)


def wood(canvas: Canvas, palette: Palette, light: Light, dice: Random) -> None:
    """Trunks in the mist, with ferns at their feet."""
    sky(canvas, palette, light, dice)
    pen = canvas.pen()
    for layer in range(3):
        colour = mixed(mixed(light.low, palette.middle, 0.35), palette.ink, layer * 0.4)
        for _ in range(6 - layer):
            x, width = dice.uniform(-4, 104), 2.5 + layer * 1.6
            lean = dice.uniform(-4, 4)
            pen.stroke(
                [(x, canvas.height + 4), (x + lean, canvas.height * 0.4), (x, -6)],
                (width * 1.5, width, width * 0.8),
                colour,
            )
            for knot in range(3):
                y = canvas.height * (0.25 + knot * 0.2)
                pen.stroke([(x, y), (x + dice.choice((-9, 9)), y - 9)], (width * 0.5, 0.3), colour)
    _ferns(canvas, palette, light, dice)


def _ferns(canvas: Canvas, palette: Palette, light: Light, dice: Random) -> None:
    for index in range(9):
        x = index * 12.5 + dice.uniform(-3, 3)
        frond(
            canvas,
            x,
            canvas.height + 2,
            dice.uniform(16, 26),
            dice.uniform(-16, 16),
            mixed(palette.deep, palette.ink, dice.uniform(0.2, 0.7)),
        )
    if light.dark:
        for _ in range(14):
            canvas.pen().disc(
                dice.uniform(0, 100), canvas.height * dice.uniform(0.55, 0.92), 0.7, palette.glow
            )


def town(canvas: Canvas, palette: Palette, light: Light, dice: Random) -> None:
    """Roofs, a bell tower and lit windows."""
    sky(canvas, palette, light, dice)
    for layer in range(3):
        wall = mixed(mixed(light.low, palette.middle, 0.5 + layer * 0.2), palette.ink, layer * 0.3)
        x = dice.uniform(-12, -4)
        while x < 100:
            width = dice.uniform(11, 18)
            top = canvas.height * (0.46 + layer * 0.15) + dice.uniform(-7, 5)
            _house(canvas, (x, top, x + width), wall, palette, dice)
            x += width + dice.uniform(-1, 2)
        if layer == 0:
            _tower(canvas, dice.uniform(20, 80), canvas.height * 0.27, mixed(wall, palette.ink, 0.2), palette)


def _house(
    canvas: Canvas, place: tuple[float, float, float], wall: str, palette: Palette, dice: Random
) -> None:
    left, top, right = place
    pen = canvas.pen()
    pen.box(left, top, right, canvas.height, wall)
    roof = mixed(wall, palette.skin, 0.6)
    pen.shape(
        [(left - 1, top + 0.4), ((left + right) / 2, top - dice.uniform(3, 7)), (right + 1, top + 0.4)], roof
    )
    for y in range(5, 40, 8):
        for x in range(3, int(right - left) - 2, 5):
            lit = palette.glow if dice.random() < 0.4 else mixed(wall, palette.ink, 0.35)
            pen.box(left + x, top + y, left + x + 2.4, top + y + 4, lit)


def _tower(canvas: Canvas, x: float, top: float, wall: str, palette: Palette) -> None:
    pen = canvas.pen()
    pen.box(x - 4, top, x + 4, canvas.height, wall)
    pen.shape([(x - 5, top), (x, top - 10), (x + 5, top)], mixed(wall, palette.skin, 0.6))
    pen.shape([*ring(x, top + 7, 2.2, 180, 360), (x + 2.2, top + 12), (x - 2.2, top + 12)], palette.glow)


def garden(canvas: Canvas, palette: Palette, light: Light, dice: Random) -> None:
    """Great leaves and small flowers all around."""
    sky(canvas, palette, light, dice)
    for index in range(12):
        x, lean = dice.uniform(-6, 106), dice.uniform(-22, 22)
        shade = mixed(palette.middle, palette.ink, 0.15 + 0.06 * index)
        frond(
            canvas, x, canvas.height + 4, canvas.height * dice.uniform(0.25, 0.6 - index * 0.025), lean, shade
        )
    pen = canvas.pen()
    for _ in range(16):
        x, y = dice.uniform(2, 98), canvas.height * dice.uniform(0.66, 0.98)
        colour = dice.choice((palette.accent, palette.glow, palette.paper))
        for petal in range(5):
            a, b = ring(x, y, 1.7, petal * 72, 720)[0]
            pen.disc(a, b, 1.3, colour)
        pen.disc(x, y, 0.9, palette.skin)
