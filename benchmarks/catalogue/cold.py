"""Measures what a fresh process takes until it has answered its first list."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.catalogue.processes import Answering
from benchmarks.catalogue.worker import INDEXED, WHOLE

RUNS = 3
_NEWEST = "/api/products?per_page=20"
_FILTER = f"{_NEWEST}&category=sea"
_SEARCH = f"{_NEWEST}&search=lighthouse"
# A start that takes so long is measured once.
_LONG_NS = 10_000_000_000


@dataclass(frozen=True, slots=True)
class Start:
    """A fresh process, its import and first answer: medians in ns, by the clock and of processor time."""

    name: str
    wall: int
    processor: int
    memory_mb: float


def measure_starts(table: str, runs: int) -> list[Start]:
    """The starts of processes that are asked for one thing each."""
    return [
        _start("newest first, which needs no index", INDEXED, table, _NEWEST, runs),
        _start("a filter, reading the whole", WHOLE, table, _FILTER, runs),
        _start("a filter, the index from the table", INDEXED, table, _FILTER, runs),
        _start("a search, the index from the table", INDEXED, table, _SEARCH, runs),
    ]


def _start(name: str, way: str, table: str, path: str, runs: int) -> Start:
    walls, processors, sizes = list[int](), list[int](), list[float]()
    for _ in range(runs):
        with Answering(way, table) as process:
            wall, processor = process.times(path, {}, 1)
            walls.append(process.imported[0] + wall[0])
            processors.append(process.imported[1] + processor[0])
            sizes.append(process.memory()["most"])
        if walls[-1] > _LONG_NS:
            break
    return Start(name, _median(walls), _median(processors), max(sizes))


def _median(values: Sequence[int]) -> int:
    return int(statistics.median(values))
