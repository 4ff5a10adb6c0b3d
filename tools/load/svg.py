"""Line charts as SVG, written by hand: no library draws a few lines any better."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain

COLOURS = ("#1f6feb", "#c2410c", "#15803d", "#7c3aed", "#b45309")
LIMIT = "#b91c1c"
WIDTH, LEFT, RIGHT, TOP, BOTTOM = 860, 70, 20, 34, 42
TICKS = 5

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A named line; `is_limit` draws it dashed in the colour of limits."""

    name: str
    points: Sequence[Point]
    is_limit: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over one pair of axes, both from zero."""

    title: str
    x_label: str
    lines: Sequence[Line]
    height: int = 260


def draw(charts: Sequence[Chart], title: str) -> str:
    """The charts below each other as one picture; `title` is what a reader of the screen hears."""
    tops, height = [], 0
    for chart in charts:
        tops.append(height)
        height += chart.height
    parts = chain.from_iterable(_chart(chart, top) for chart, top in zip(charts, tops, strict=True))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        f'font-size="12" role="img"><title>{escape(title)}</title>'
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>'
    )
    return "\n".join([head, *parts, "</svg>\n"])


def nice_step(most: float, ticks: int = TICKS) -> float:
    """The least of 1, 2 and 5 times a power of ten of which `ticks` steps reach `most`, which is above 0."""
    wanted, power = most / ticks, 1e-9
    while power * 10 <= wanted:
        power *= 10
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= wanted * 0.999999)


def _chart(chart: Chart, top: int) -> Iterable[str]:
    points = [point for line in chart.lines for point in line.points]
    most_x = max((x for x, _ in points), default=0) or 1
    step = nice_step(max((y for _, y in points), default=0) or 1)
    most_y = step * TICKS
    frame = _Frame(top, chart.height, most_x, most_y)
    yield f'<text x="{LEFT}" y="{top + 20}" font-weight="bold">{escape(chart.title)}</text>'
    for tick in range(TICKS + 1):
        yield from frame.horizontal(tick * step)
    x_step = nice_step(most_x, 8)
    for tick in range(int(most_x / x_step + 1e-9) + 1):
        value = tick * x_step
        yield f'<text x="{frame.x(value):.1f}" y="{frame.low + 16}" text-anchor="middle">{value:,g}</text>'
    label = f'x="{(LEFT + WIDTH - RIGHT) / 2}" y="{frame.low + 34}" text-anchor="middle" fill="#555"'
    yield f"<text {label}>{escape(chart.x_label)}</text>"
    for index, line in enumerate(chart.lines):
        yield from frame.line(line, index)


class _Frame:
    """Where values of one chart lie in the picture."""

    def __init__(self, top: int, height: int, most_x: float, most_y: float) -> None:
        self.top, self.high, self.low = top, top + TOP, top + height - BOTTOM
        self._most_x, self._most_y = most_x, most_y

    def x(self, value: float) -> float:
        return LEFT + value / self._most_x * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return self.low - value / self._most_y * (self.low - self.high)

    def horizontal(self, value: float) -> Iterable[str]:
        height = self.y(value)
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height:.1f}" y2="{height:.1f}" stroke="#ddd"/>'
        yield f'<text x="{LEFT - 6}" y="{height + 4:.1f}" text-anchor="end">{value:,g}</text>'

    def line(self, line: Line, index: int) -> Iterable[str]:
        colour = LIMIT if line.is_limit else COLOURS[index % len(COLOURS)]
        dashes = ' stroke-dasharray="6 4"' if line.is_limit else ""
        places = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in line.points)
        yield f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="1.8"{dashes}/>'
        # Names stand in one column, the first line's at the top.
        height = self.high + 14 * index + 4
        yield f'<text x="{LEFT + 10}" y="{height}" fill="{colour}">{escape(line.name)}</text>'
