"""Measures what a fresh process takes until it has answered its first list."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.catalogue.bucket import NO_SNAPSHOT
from benchmarks.catalogue.processes import Answering, Cost
from benchmarks.catalogue.worker import INDEXED, WHOLE

RUNS = 3
_NEWEST = "/api/products?per_page=20"
_FILTER = f"{_NEWEST}&category=sea"
_SEARCH = f"{_NEWEST}&search=lighthouse"
# A start that takes so long is measured once.
_LONG_NS = 10_000_000_000


@dataclass(frozen=True, slots=True)
class Start:
    """A fresh process, its import and first answer: medians in ns, by the clock and of processor time.

    `trips` and `read` are what the first answer asked of the table.
    """

    name: str
    wall: int
    processor: int
    memory_mb: float
    trips: int
    read: float


def measure_starts(
    table: str, runs: int, stored: Mapping[str, str], *, by_snapshot_alone: bool = False
) -> list[Start]:
    """The starts of processes that are asked for one thing each; `stored` are the settings of a snapshot.

    Where the table is too large to be read, those that have the snapshot and those that read nothing of it.
    """
    kinds = (
        ("newest first, which needs no index", INDEXED, NO_SNAPSHOT, _NEWEST),
        ("a filter, reading the whole", WHOLE, NO_SNAPSHOT, _FILTER),
        ("a search, reading the whole", WHOLE, NO_SNAPSHOT, _SEARCH),
        ("a filter, the index from the table", INDEXED, NO_SNAPSHOT, _FILTER),
        ("a search, the index from the table", INDEXED, NO_SNAPSHOT, _SEARCH),
        ("a filter, the index from the snapshot", INDEXED, stored, _FILTER),
        ("a search, the index from the snapshot", INDEXED, stored, _SEARCH),
    )
    return [
        _start(name, runs, path, table, way, settings)
        for name, way, settings, path in kinds
        if not by_snapshot_alone or settings is stored or path == _NEWEST
    ]


def _start(name: str, runs: int, path: str, table: str, way: str, settings: Mapping[str, str]) -> Start:
    walls, processors, sizes, costs = list[int](), list[int](), list[float](), list[Cost]()
    for _ in range(runs):
        with Answering(way, table, settings) as process:
            cost = process.cost(path, {})
            costs.append(cost)
            walls.append(process.imported[0] + cost.wall[0])
            processors.append(process.imported[1] + cost.processor[0])
            sizes.append(process.memory()["most"])
        if walls[-1] > _LONG_NS:
            break
    last = costs[-1]
    return Start(name, _median(walls), _median(processors), max(sizes), last.trips, last.read)


def _median(values: Sequence[int]) -> int:
    return int(statistics.median(values))
