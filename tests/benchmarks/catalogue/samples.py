"""What a measurement of catalogues might have found."""

from benchmarks.catalogue.asks import ASKS, NEWEST, SUGGEST
from benchmarks.catalogue.cold import Start
from benchmarks.catalogue.measure import CatalogueSample, Figure, Who
from benchmarks.catalogue.processes import Cost
from benchmarks.catalogue.worker import INDEXED, WHOLE

MS = 1_000_000
STARTS = (("newest first", 700), ("a filter", 900))
SIZES = (50, 1_000, 10_000, 100_000)


def figure(trips: int, read: float, milliseconds: int) -> Figure:
    """What takes so many milliseconds, and half of them of processor time."""
    taken = [milliseconds * MS]
    cost = Cost(200, trips, read, taken, taken, 20, 1_234, None, '"tag"')
    return Figure(cost, taken * 4, [milliseconds * MS // 2] * 4)


def sample(*, sizes: tuple[int, ...] = SIZES, slow: int = 1) -> CatalogueSample:
    """An index that costs every size the same, 10,000 `slow` times as much, and a whole that grows."""
    figures: dict[str, dict[Who, Figure]] = {}
    for ask in ASKS:
        figures[ask.name] = {}
        for size in sizes:
            grown = slow if size == 10_000 else 1
            figures[ask.name][INDEXED, size] = figure(
                *((2, 6.5) if ask.kind == NEWEST else (1, 0.5)), 10 * grown
            )
            if ask.kind != SUGGEST:
                figures[ask.name][WHOLE, size] = figure(2, size / 20, 10 + size // 4)
    starts = {
        size: [Start(name, wall * MS, 500 * MS, 60.4, 2, 6.5) for name, wall in STARTS] for size in sizes
    }
    memory = {(INDEXED, size): {"now": 70.0, "most": 75.4} for size in sizes}
    written = dict.fromkeys(sizes, 3.4), dict.fromkeys(sizes, 2_500_000)
    return CatalogueSample(sizes, figures, starts, memory, *written)
