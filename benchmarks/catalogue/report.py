"""The report's section on catalogues of several sizes, and its picture."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from benchmarks.catalogue.asks import (
    ASKS,
    CATALOGUE_PICTURE,
    MOST_TO_SMALL,
    MOST_TO_THOUSAND,
    MOST_TO_WHOLE,
    SEARCH,
    TYPICAL_FILTER,
    TYPICAL_SEARCH,
    Ask,
)
from benchmarks.catalogue.cold import Start
from benchmarks.catalogue.measure import CatalogueSample, Figure
from benchmarks.catalogue.worker import INDEXED, WHOLE
from benchmarks.tables import NONE, limits, milliseconds, table, verdict
from tools.load.svg import Chart, Line, draw

_NOTE = """\
The same catalogue asked in two ways on one engine, with {python} on {engine}: by the
index that a process holds, and as when each request reads the whole catalogue (`benchmarks/whole_reads.py`).
Texts have the vocabulary of a shop of that size (`benchmarks/words.py`), a third of the products is of the
category, a tenth of the character. Each size and way has a warm process of its own; all of them take turns.
Read units are AWS's, with half a unit for a read that finds nothing. Up to {requests} requests of each are
timed, fewer where that would take longer than six seconds, and in large catalogues one search that reads the
whole stands for all. DynamoDB Local takes 15 seconds for a megabyte of a list of 100,000, so that no client
reads it there: a process of 1,769 MB has those from their snapshot, and asks the table what changed.
*Processor* is the time of the process that answers, at the median: it depends on what else the machine does
far less than the clock.

![Read units and milliseconds over the number of products]({picture})
"""

_STARTS_NOTE = """\
A fresh process until its first list is answered, its import included: medians, and the most that one of them
took in memory. Trips and units are those of the table, which has no rows of the 100,000; a snapshot is one
read of S3 besides.
"""


def render_catalogue(sample: CatalogueSample | None, requests: int, python: str, engine: str) -> str:
    """What follows the section's heading, in Markdown."""
    if sample is None:
        return ""
    note = _NOTE.format(python=python, engine=engine, requests=requests, picture=CATALOGUE_PICTURE)
    parts = [note, "### What is wanted\n", _wanted(sample), "### Growth\n", _growth(sample)]
    for size in sample.sizes:
        parts += [f"### {size:,} products\n", _costs(sample, size), _times(sample, size)]
    return "\n".join(
        [*parts, "### Cold processes and memory\n", _STARTS_NOTE, _starts(sample), _memory(sample)]
    )


def picture(sample: CatalogueSample) -> str:
    """The SVG: read units and time of a filter and of a search over the number of products."""
    charts = [
        _chart(sample, "Read units of one list of 20", lambda figure: figure.cost.read),
        _chart(sample, "Milliseconds, median by the clock", lambda figure: figure.p50 / 1e6),
        _chart(sample, "Milliseconds of processor, median", lambda figure: figure.processor_p50 / 1e6),
    ]
    return draw(charts, "What a filtered list and a search cost by the number of products")


def _chart(sample: CatalogueSample, title: str, value: Callable[[Figure], float]) -> Chart:
    lines = [
        Line(f"{what}, {said}", _points(sample, name, way, value))
        for name, what in ((TYPICAL_FILTER, "a filter"), (TYPICAL_SEARCH, "a search"))
        for way, said in ((WHOLE, "reading the whole"), (INDEXED, "by the index"))
    ]
    return Chart(title, "products", lines, 320, logarithmic=True)


def _points(
    sample: CatalogueSample, name: str, way: str, value: Callable[[Figure], float]
) -> list[tuple[float, float]]:
    figures = sample.figures.get(name, {})
    return [(size, value(figures[way, size])) for size in sample.sizes if (way, size) in figures]


def _asks(sample: CatalogueSample) -> Iterator[Ask]:
    return (ask for ask in ASKS if ask.name in sample.figures)


def _costs(sample: CatalogueSample, size: int) -> str:
    rows = []
    for ask in _asks(sample):
        figures = sample.figures[ask.name]
        if (INDEXED, size) not in figures:
            continue
        cost, old = figures[INDEXED, size].cost, figures.get((WHOLE, size))
        shown = f"{cost.rows} of {cost.total:,}" if cost.total is not None else cost.rows or NONE
        holds = ask.budget.holds(cost.trips, Decimal(str(cost.read)), Decimal(0))
        whole = (old.cost.trips, old.cost.read) if old else (NONE, NONE)
        rows.append((ask.name, shown, cost.trips, cost.read, limits(ask.budget), verdict(holds), *whole))
    heads = ("call", "rows", "trips", "read units", "budget", "holds", "whole: trips", "read units")
    return table(heads, rows)


def _times(sample: CatalogueSample, size: int) -> str:
    rows = []
    for ask in _asks(sample):
        figures = sample.figures[ask.name]
        if (INDEXED, size) not in figures:
            continue
        ours, old = figures[INDEXED, size], figures.get((WHOLE, size))
        ratios = [_ratio(each) for each in _ratios(ours, old)]
        rows.append((ask.name, *_taken(ours), *_taken(old), len(old.wall) if old else NONE, *ratios))
    heads = ("call", "p50 ms", "p95 ms", "processor", "whole: p50 ms", "p95 ms", "processor", "timed",
             "p50 of the whole's", "p95", "processor")  # fmt: skip
    return table(heads, rows)


def _ratios(one: Figure, other: Figure | None) -> list[float | None]:
    if other is None:
        return [None, None, None]
    return [one.p50 / other.p50, one.p95 / other.p95, one.processor_p50 / other.processor_p50]


def _ratio(value: float | None) -> str:
    return NONE if value is None else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def _taken(figure: Figure | None) -> tuple[str, str, str]:
    if figure is None:
        return NONE, NONE, NONE
    return milliseconds(figure.p50), milliseconds(figure.p95), milliseconds(figure.processor_p50)


def _growth(sample: CatalogueSample) -> str:
    """The medians of each size as multiples of those of the smallest."""
    least = sample.sizes[0]
    rows = []
    for ask in _asks(sample):
        figures = sample.figures[ask.name]
        cells = []
        for size in sample.sizes:
            found = figures.get((INDEXED, size))
            p50, _, processor = _ratios(found, figures[INDEXED, least]) if found else (None, None, None)
            cells.append(f"{_ratio(p50)} ({_ratio(processor)})" if found else NONE)
        rows.append((ask.name, *cells))
    heads = ("p50, and of processor time, to the smallest", *(f"{size:,}" for size in sample.sizes))
    return table(heads, rows)


def _wanted(sample: CatalogueSample) -> str:
    """The demands on time, each with the worst of the calls that it is about."""
    rows = []
    for size, base, most, is_search, way, about in _demands(sample):
        found = {
            ask.name: _ratios(figures[INDEXED, size], figures[way, base])
            for ask in _asks(sample)
            if (ask.kind == SEARCH) >= is_search and (way, base) in (figures := sample.figures[ask.name])
        }
        name, (p50, _, processor) = max(found.items(), key=lambda entry: entry[1][0] or 0)
        rows.append((about, name, _ratio(p50), _ratio(processor), f"≤ {most}", verdict((p50 or 0) <= most)))
    return table(("wanted", "the dearest call", "p50", "processor", "limit", "holds"), rows)


def _demands(sample: CatalogueSample) -> Iterator[tuple[int, int, float, bool, str, str]]:
    small, sizes = sample.sizes[0], set(sample.sizes)
    if 10_000 in sizes:
        yield 10_000, small, MOST_TO_SMALL, False, INDEXED, f"any call of 10,000, to {small}"
    if 1_000 in sizes:
        yield 1_000, 1_000, MOST_TO_WHOLE, True, WHOLE, "a search of 1,000, to reading the whole"
    if {1_000, 100_000} <= sizes:
        yield 100_000, 1_000, MOST_TO_THOUSAND, True, INDEXED, "a search of 100,000, to 1,000"


def _starts(sample: CatalogueSample) -> str:
    rows = [
        (
            f"{size:,}",
            start.name,
            start.trips,
            start.read,
            *_start_times(start, starts[0]),
            f"{start.memory_mb:.0f}",
        )
        for size, starts in sample.starts.items()
        for start in starts
    ]
    heads = ("products", "first asked for", "trips", "read units", "ms", "processor", "ms above newest first",
             "processor", "memory: MB")  # fmt: skip
    return table(heads, rows)


def _start_times(start: Start, least: Start) -> Iterator[str]:
    values = (start.wall, start.processor, start.wall - least.wall, start.processor - least.processor)
    return (milliseconds(value, 0) for value in values)


def _memory(sample: CatalogueSample) -> str:
    rows: list[Sequence[object]] = []
    for size in sample.sizes:
        for way, said in ((INDEXED, "by the index"), (WHOLE, "reading the whole")):
            found = sample.memory.get((way, size), {})
            if found:
                sizes = (f"{found['now']:.0f}", f"{found['most']:.0f}")
                rows.append((f"{size:,}", said, *sizes, *_written(sample, size)))
    heads = ("products", "a process after all calls", "memory now: MB", "most", "snapshot: MB",
             "catalogue written in: s")  # fmt: skip
    return table(heads, rows)


def _written(sample: CatalogueSample, size: int) -> tuple[str, str]:
    seconds = sample.filled[size]
    return f"{sample.snapshots[size] / 1e6:.2f}", f"{seconds:.0f}" if seconds else NONE
