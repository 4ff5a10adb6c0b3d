"""Measures the lists of catalogues of several sizes, by an index and by reading the whole, in turns."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

from benchmarks.catalogue.asks import (
    ASKS,
    NEWEST,
    SEARCH,
    SIZES,
    SUGGEST,
    TYPICAL_SEARCH,
    Ask,
)
from benchmarks.catalogue.bucket import bucket
from benchmarks.catalogue.cold import RUNS, Start, measure_starts
from benchmarks.catalogue.goods import fill_catalogue
from benchmarks.catalogue.processes import Answering, Cost
from benchmarks.catalogue.worker import INDEXED, WHOLE
from common.dynamodb import create_table, delete_table
from tools.percentiles import percentile

Progress = Callable[[str], None]
Who = tuple[str, int]
"""A way to answer, and the number of products."""

ROUNDS = 10
# Reading the whole takes minutes in large catalogues: it is asked no longer than this for each call.
_PATIENCE_NS = 6_000_000_000
# Beyond so many products searches that read the whole are measured by one of them.
_ONE_SEARCH = 5_000
# DynamoDB Local takes seconds for a megabyte of a list that is longer, which no client waits for: what is
# larger is had from its snapshot, and the table is asked for nothing but what changed.
ENGINE_MOST = 20_000
# Of a function that holds so many.
_LARGE: Mapping[str, str] = {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769"}


@dataclass(frozen=True, slots=True)
class Figure:
    """What one way took for one call: its cost, and ns by the clock and of processor time."""

    cost: Cost
    wall: Sequence[int]
    processor: Sequence[int]

    @property
    def p50(self) -> int:
        """The median in ns, by the clock."""
        return percentile(list(self.wall), 50)

    @property
    def p95(self) -> int:
        """What 95 of 100 stay within, in ns."""
        return percentile(list(self.wall), 95)

    @property
    def processor_p50(self) -> int:
        """The median of processor time in ns."""
        return percentile(list(self.processor), 50)


@dataclass(frozen=True, slots=True)
class CatalogueSample:
    """All that was measured.

    `figures` and `memory` are by who answered, the rest by the number of products: the cold `starts`, the
    seconds in which it was `filled`, and the bytes of its snapshot.
    """

    sizes: Sequence[int]
    figures: Mapping[str, Mapping[Who, Figure]]
    starts: Mapping[int, Sequence[Start]] = field(default_factory=dict)
    memory: Mapping[Who, Mapping[str, float]] = field(default_factory=dict)
    filled: Mapping[int, float] = field(default_factory=dict)
    snapshots: Mapping[int, int] = field(default_factory=dict)


def measure_catalogue(
    progress: Progress,
    requests: int,
    sizes: Sequence[int] = SIZES,
    asks: Sequence[Ask] = ASKS,
    starts_of_each: int = RUNS,
) -> CatalogueSample:
    """Every call for every size, `requests` timed ones where that is quick enough, and cold processes."""
    filled: dict[int, float] = {}
    with ExitStack() as stack:
        for size in sizes:
            progress(f"a catalogue of {size:,}: filling it")
            filled[size] = stack.enter_context(_catalogue(size))
        stored, starts, snapshots = stack.enter_context(bucket()), {}, {}
        answering: dict[Who, Answering] = {}
        for size in sizes:
            progress(f"a catalogue of {size:,}: its snapshot, and cold processes")
            is_large = size > ENGINE_MOST
            settings = {**stored, **(_LARGE if is_large else {})}
            with Answering(INDEXED, table_of(size), settings) as process:
                snapshots[size] = process.write_snapshot(size if is_large else 0)
            starts[size] = measure_starts(
                table_of(size), starts_of_each, settings, by_snapshot_alone=is_large
            )
            for way in (INDEXED,) if is_large else (WHOLE, INDEXED):
                answering[way, size] = stack.enter_context(Answering(way, table_of(size), settings))
        figures = {}
        for ask in asks:
            progress(f"catalogues of {', '.join(f'{size:,}' for size in sizes)}: {ask.name}")
            figures[ask.name] = in_turns(ask, answering, requests)
        memory = {who: process.memory() for who, process in answering.items()}
    return CatalogueSample(sizes, figures, starts, memory, filled, snapshots)


def table_of(size: int) -> str:
    """The name of the table with a catalogue of this size."""
    return f"Catalogue{size}"


@contextmanager
def _catalogue(size: int) -> Iterator[float]:
    name = table_of(size)
    create_table(name)
    try:
        # The processes that fill it know it by the setting.
        with patch.dict(os.environ, DYNAMODB_TABLE_NAME=name):
            seconds = fill_catalogue(size) if size <= ENGINE_MOST else 0.0
        yield seconds
    finally:
        delete_table(name)


def in_turns(ask: Ask, answering: Mapping[Who, Answering], requests: int) -> dict[Who, Figure]:
    """One call of all processes, which take turns, so that a busy moment of the machine falls on all."""
    asked = {who: process for who, process in answering.items() if _is_measured(ask, who)}
    requested = {who: _request(ask, process) for who, process in asked.items()}
    costs = {who: process.cost(*requested[who]) for who, process in asked.items()}
    wall: dict[Who, list[int]] = {who: [] for who in asked}
    processor: dict[Who, list[int]] = {who: [] for who in asked}
    counts = {who: _count(costs[who], requests) for who in asked}
    for turn in range(ROUNDS):
        for who, process in asked.items():
            share = counts[who] * (turn + 1) // ROUNDS - counts[who] * turn // ROUNDS
            taken = process.times(*requested[who], share) if share else ([], [])
            wall[who] += taken[0]
            processor[who] += taken[1]
    return {
        who: Figure(cost, wall[who] or cost.wall, processor[who] or cost.processor)
        for who, cost in costs.items()
    }


def _is_measured(ask: Ask, who: Who) -> bool:
    way, size = who
    if way == INDEXED:
        return ask.kind != NEWEST or size <= ENGINE_MOST
    is_one_of_many = ask.kind == SEARCH and ask.name != TYPICAL_SEARCH
    return ask.kind != SUGGEST and not (is_one_of_many and size > _ONE_SEARCH)


def _request(ask: Ask, process: Answering) -> tuple[str, Mapping[str, str]]:
    """The path and headers of a call, after one request that makes the process warm."""
    first = process.cost(ask.path, {})
    if first.status != 200:
        raise RuntimeError(f"{ask.name}: {first.status}")
    if ask.behind and first.cursor is None:
        raise ValueError(f"{ask.name}: the catalogue has one page")
    if ask.behind:
        return f"{ask.path}&last_key={first.cursor}", {}
    return ask.path, {"If-None-Match": first.etag or ""} if ask.again else {}


def _count(cost: Cost, requests: int) -> int:
    """How many requests are timed: none where the one whose cost was measured is the only one in time."""
    return min(requests, _PATIENCE_NS // cost.wall[0])
