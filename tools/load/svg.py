"""Line charts as SVG, written by hand: no library draws a few lines any better."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain
from math import ceil, floor, log10

COLOURS = ("#1f6feb", "#c2410c", "#15803d", "#7c3aed", "#b45309")
LIMIT = "#b91c1c"
WIDTH, LEFT, RIGHT, TOP, BOTTOM = 860, 70, 20, 34, 42
TICKS = 5
# The points of a line with no more of them are marked.
MARKED = 8

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A named line; `is_limit` draws it dashed in the colour of limits."""

    name: str
    points: Sequence[Point]
    is_limit: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over one pair of axes, both from zero, or both by powers of ten where it is `logarithmic`."""

    title: str
    x_label: str
    lines: Sequence[Line]
    height: int = 260
    logarithmic: bool = False


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
    xs, ys = [x for x, _ in points], [y for _, y in points]
    scales = (_powers(xs), _powers(ys)) if chart.logarithmic else (_steps(xs, 8, cut=True), _steps(ys))
    frame = _Frame(top, chart.height, *scales)
    yield f'<text x="{LEFT}" y="{top + 20}" font-weight="bold">{escape(chart.title)}</text>'
    for value in frame.across.ticks:
        yield from frame.horizontal(value)
    for value in frame.along.ticks:
        yield f'<text x="{frame.x(value):.1f}" y="{frame.low + 16}" text-anchor="middle">{value:,g}</text>'
    label = f'x="{(LEFT + WIDTH - RIGHT) / 2}" y="{frame.low + 34}" text-anchor="middle" fill="#555"'
    yield f"<text {label}>{escape(chart.x_label)}</text>"
    for index, line in enumerate(chart.lines):
        yield from frame.line(line, index)


@dataclass(frozen=True, slots=True)
class _Scale:
    """The share of an axis at which a value lies, and which values are named."""

    share: Callable[[float], float]
    ticks: Sequence[float]


def _steps(values: Sequence[float], ticks: int = TICKS, *, cut: bool = False) -> _Scale:
    """Equal steps from zero; `cut` ends at the largest value instead of the step behind it."""
    most = max(values, default=0) or 1
    step = nice_step(most, ticks)
    count = int(most / step + 1e-9) if cut else ticks
    end = most if cut else step * ticks
    return _Scale(lambda value: value / end, [step * tick for tick in range(count + 1)])


def _powers(values: Sequence[float]) -> _Scale:
    """Powers of ten around all values, which are above 0."""
    least, most = floor(log10(min(values))), ceil(log10(max(values)) - 1e-9)
    most = max(most, least + 1)
    return _Scale(
        lambda value: (log10(value) - least) / (most - least), [10.0**n for n in range(least, most + 1)]
    )


class _Frame:
    """Where values of one chart lie in the picture."""

    def __init__(self, top: int, height: int, along: _Scale, across: _Scale) -> None:
        self.top, self.high, self.low = top, top + TOP, top + height - BOTTOM
        self.along, self.across = along, across

    def x(self, value: float) -> float:
        return LEFT + self.along.share(value) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return self.low - self.across.share(value) * (self.low - self.high)

    def horizontal(self, value: float) -> Iterable[str]:
        height = self.y(value)
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height:.1f}" y2="{height:.1f}" stroke="#ddd"/>'
        yield f'<text x="{LEFT - 6}" y="{height + 4:.1f}" text-anchor="end">{value:,g}</text>'

    def line(self, line: Line, index: int) -> Iterable[str]:
        colour = LIMIT if line.is_limit else COLOURS[index % len(COLOURS)]
        dashes = ' stroke-dasharray="6 4"' if line.is_limit else ""
        places = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in line.points)
        yield f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="1.8"{dashes}/>'
        if len(line.points) <= MARKED:
            for x, y in line.points:
                yield f'<circle cx="{self.x(x):.1f}" cy="{self.y(y):.1f}" r="2.5" fill="{colour}"/>'
        # Names stand in one column, the first line's at the top.
        height = self.high + 14 * index + 4
        yield f'<text x="{LEFT + 10}" y="{height}" fill="{colour}">{escape(line.name)}</text>'
