"""The light of an hour, the sky, and plants."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from tools.demo.pictures.canvas import Canvas
from tools.demo.pictures.colours import Palette, sheer

Hour = Literal["day", "dusk", "night"]


@dataclass(frozen=True)
class Light:
    """The time of day: the sky's upper and lower colour, and the moon or sun unless it is empty."""

    high: str
    low: str
    disc: str
    dark: bool


Scene = Callable[[Canvas, Palette, Light, Random], None]


def light_of(palette: Palette, hour: Hour) -> Light:
    """The light of an hour in a palette."""
    if hour == "night":
        return Light(palette.ink, palette.deep, palette.glow, dark=True)
    if hour == "dusk":
        return Light(palette.middle, palette.accent, palette.glow, dark=False)
    return Light(palette.light, palette.paper, palette.accent, dark=False)


def moonless(light: Light) -> Light:
    """The same light without moon or sun: where the moon is among the figures, no second one shines."""
    return replace(light, disc="")


def sky(canvas: Canvas, palette: Palette, light: Light, dice: Random) -> None:
    """The sky with its moon or sun; by night with stars."""
    canvas.fade(light.high, light.low)
    pen = canvas.pen()
    x, y = dice.uniform(22, 78), canvas.height * dice.uniform(0.17, 0.26)
    size = min(1, canvas.height / 100)
    if light.disc:
        for radius, opacity in ((25, 0.12), (19, 0.16)):
            pen.disc(x, y, radius * size, sheer(light.disc, opacity))
        pen.disc(x, y, 13 * size, light.disc)
    if light.dark:
        for _ in range(40):
            pen.disc(
                dice.uniform(0, 100),
                dice.uniform(0, canvas.height * 0.6),
                dice.uniform(0.15, 0.5),
                palette.paper,
            )


def frond(canvas: Canvas, x: float, y: float, length: float, lean: float, colour: str) -> None:
    """A stem with leaves on both sides, growing upwards from `x` and `y`."""
    pen = canvas.pen()
    tip = (x + lean, y - length)
    pen.stroke([(x, y), (x + lean * 0.2, y - length * 0.6), tip], (1, 0.8, 0.3), colour)
    for step in range(1, 9):
        share = step / 9
        across, up = x + lean * share * share, y - length * share
        reach = length * 0.3 * (1 - share * 0.75)
        for side in (-1, 1):
            pen.stroke(
                [
                    (across, up),
                    (across + side * reach * 0.6, up - reach * 0.3),
                    (across + side * reach, up - reach * 0.75),
                ],
                (0.6, 2.2, 0.2),
                colour,
            )
