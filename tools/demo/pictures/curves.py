"""Curves: smooth lines through points and the outlines of brush strokes."""

from collections.abc import Sequence
from math import hypot

Point = tuple[float, float]

STEPS = 8

_WEIGHTS = [
    (
        (-share + 2 * share**2 - share**3) / 2,
        (2 - 5 * share**2 + 3 * share**3) / 2,
        (share + 4 * share**2 - 3 * share**3) / 2,
        (share**3 - share**2) / 2,
    )
    for share in (step / STEPS for step in range(STEPS))
]


def smoothed(points: Sequence[Point], *, closed: bool) -> list[Point]:
    """A Catmull-Rom curve through all points, as a line of many short parts."""
    last = len(points) - 1
    around = [*points[-1:], *points, *points[:2]] if closed else [points[0], *points, points[-1]]
    parts = range(last + 1 if closed else last)
    line = [point for part in parts for point in _between(*around[part : part + 4])]
    return line if closed else [*line, points[-1]]


def _between(first: Point, second: Point, third: Point, fourth: Point) -> list[Point]:
    return [
        (
            first[0] * a + second[0] * b + third[0] * c + fourth[0] * d,
            first[1] * a + second[1] * b + third[1] * c + fourth[1] * d,
        )
        for a, b, c, d in _WEIGHTS
    ]


def brushed(line: Sequence[Point], widths: Sequence[float]) -> list[Point]:
    """The outline of a stroke along `line` whose width runs evenly through `widths`."""
    left, right = [], []
    last = len(line) - 1
    for index, (x, y) in enumerate(line):
        before, after = line[max(0, index - 1)], line[min(last, index + 1)]
        across, down = after[0] - before[0], after[1] - before[1]
        half = _width(widths, index / last) / 2 / (hypot(across, down) or 1)
        left.append((x - down * half, y + across * half))
        right.append((x + down * half, y - across * half))
    return [*left, *reversed(right)]


def _width(widths: Sequence[float], share: float) -> float:
    place = share * (len(widths) - 1)
    index = min(int(place), len(widths) - 2)
    return widths[index] + (widths[index + 1] - widths[index]) * (place - index)
