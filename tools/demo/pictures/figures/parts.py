"""What several figures are made of: eyes, faces and repeated marks."""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, radians, sin
from typing import Literal

from tools.demo.pictures.canvas import Pen
from tools.demo.pictures.colours import Colour, Palette
from tools.demo.pictures.curves import Point

Face = Literal["calm", "awake", "cross"]
Drawing = Callable[[Pen, Palette, Face], None]


@dataclass(frozen=True)
class Figure:
    """A character's two drawings, each within 100 units around the pen."""

    head: Drawing
    whole: Drawing


def eye(pen: Pen, x: float, y: float, radius: float, face: Face, palette: Palette) -> None:
    """An eye: closed when calm, open when awake, under a low lid when cross."""
    if face == "calm":
        pen.arc(x, y - radius * 0.3, radius * 0.8, 20, 160, radius * 0.32, palette.ink)
        return
    pen.disc(x, y, radius, palette.paper)
    pen.disc(x, y + radius * 0.12, radius * 0.55, palette.ink)
    pen.disc(x + radius * 0.2, y - radius * 0.12, radius * 0.17, palette.paper)


def lid(pen: Pen, x: float, y: float, radius: float, face: Face, colour: Colour, *, inner: float) -> None:
    """The upper lid of a cross eye; it falls towards `inner`, -1 for the left and 1 for the right."""
    if face != "cross":
        return
    low, high = y - radius * 0.05, y - radius * 0.6
    left, right = (low, high) if inner < 0 else (high, low)
    top = y - radius * 1.25
    pen.shape(
        [
            (x - radius * 1.1, top),
            (x + radius * 1.1, top),
            (x + radius * 1.1, right),
            (x - radius * 1.1, left),
        ],
        colour,
    )


def ring(x: float, y: float, radius: float, start: float, end: float, steps: int = 24) -> list[Point]:
    """Points on a circle from `start` to `end` degrees, clockwise from the right."""
    angles = [radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return [(x + radius * cos(angle), y + radius * sin(angle)) for angle in angles]


def scallops(pen: Pen, left: float, right: float, y: float, count: int, colour: Colour, width: float) -> None:
    """A row of arcs hanging side by side: scales, feathers, knitting."""
    radius = (right - left) / count / 2
    for index in range(count):
        pen.arc(left + radius * (2 * index + 1), y, radius, 10, 170, width, colour)
