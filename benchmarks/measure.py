"""Measures every call against one engine: what it costs and how long it takes, ours and the replaced."""

import json
import os
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from chalice.app import Chalice
from chalice.local import LambdaEventConverter, RouteMatcher

from benchmarks.baseline import Replaced
from benchmarks.baseline import create_app as create_baseline
from benchmarks.baseline_rows import rows
from benchmarks.calls import CALLS, CREATOR_WORKS, Call
from benchmarks.environment import create_empty_table
from benchmarks.shop import fill, make_shop
from benchmarks.timing import time_in_turns
from common.dynamodb import create_table, delete_table, meter, table_name
from common.http import ShopApp
from tools.percentiles import percentile

Progress = Callable[[str], None]

HEADERS = {"Origin": "https://shop.example.com", "Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Sample:
    """What one side did for a call: its cost, the rows it answered of how many, p50 and p99 in ns."""

    trips: int
    read: Decimal
    write: Decimal
    rows: int
    total: int
    p50: int
    p99: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A call, what it costs here, and what the replaced Lambdas did for it where that is replayed."""

    call: Call
    ours: Sample
    replaced: Sample | None

    @property
    def ratio(self) -> Decimal | None:
        """How many times as long the replaced p50 is; None where nothing was replayed."""
        return Decimal(self.replaced.p50) / Decimal(self.ours.p50) if self.replaced else None


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request consumed and answered."""

    trips: int
    read: Decimal
    write: Decimal
    body: Any


class Bench:
    """Both shops with the same goods on one engine, ready to be asked."""

    def __init__(self, app: ShopApp, size: int) -> None:
        self.size = size
        self.shop = make_shop(size, works=CREATOR_WORKS)
        self.app = app
        self.reads = Replaced(os.environ.get("DYNAMODB_ENDPOINT"), f"Replaced{uuid4().hex}")
        self.replaced_app = create_baseline(self.reads)

    def open(self) -> None:
        """Create both tables and fill them."""
        create_empty_table()
        fill(self.shop)
        create_table(self.reads.table)
        self.reads.load(rows(self.shop))

    def close(self) -> None:
        """Delete both tables."""
        delete_table(table_name())
        delete_table(self.reads.table)

    def compare(self, call: Call, requests: int) -> Comparison:
        """Measure one call with `requests` timed requests on each side."""
        ours = self._asker(self.app, call.path)
        replaced = self._asker(self.replaced_app, call.replaced) if call.replaced else None
        our_cost = self._our_cost(ours)
        replaced_cost = self._replaced_cost(replaced) if replaced else None
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
            durations = time_in_turns([ask for ask in (ours, replaced) if ask], requests)
        return Comparison(
            call,
            _sample(our_cost, durations[0]),
            _sample(replaced_cost, durations[1]) if replaced_cost else None,
        )

    def _asker(self, app: Chalice, path: str) -> Callable[[], Mapping[str, Any]]:
        path = path.format(slug=self.shop.products[len(self.shop.products) // 2].slug)
        converter = LambdaEventConverter(RouteMatcher(list(app.routes)), app.api.binary_types)
        return partial(app, converter.create_lambda_event("GET", path, HEADERS), None)

    def _our_cost(self, ask: Callable[[], Mapping[str, Any]]) -> Cost:
        with (
            Path(os.devnull).open("w", encoding="utf-8") as nowhere,
            redirect_stdout(nowhere),
            meter() as usage,
        ):
            body = _body(ask())
        return Cost(usage.calls, usage.read_units, usage.write_units, body)

    def _replaced_cost(self, ask: Callable[[], Mapping[str, Any]]) -> Cost:
        trips, read = self.reads.trips, self.reads.read
        body = _body(ask())
        return Cost(self.reads.trips - trips, self.reads.read - read, Decimal(0), body)


def measure(app: ShopApp, size: int, requests: int, progress: Progress) -> list[Comparison]:
    """Every call with `size` published products, `requests` timed requests on each side."""
    bench = Bench(app, size)
    progress(f"{size} products: filling both tables")
    bench.open()
    try:
        found = []
        for call in CALLS:
            progress(f"{size} products: {call.name}")
            found.append(bench.compare(call, requests))
        return found
    finally:
        bench.close()


def _body(answer: Mapping[str, Any]) -> Any:
    if answer["statusCode"] != 200:
        raise RuntimeError(f"a measured call answered {answer['statusCode']}: {answer['body']}")
    return json.loads(answer["body"])


def _sample(cost: Cost, durations: list[int]) -> Sample:
    count = _count(cost.body)
    return Sample(
        trips=cost.trips,
        read=cost.read,
        write=cost.write,
        rows=count,
        total=cost.body.get("total", count) if isinstance(cost.body, dict) else count,
        p50=percentile(durations, 50),
        p99=percentile(durations, 99),
    )


def _count(body: Any) -> int:
    if isinstance(body, list):
        return len(body)
    names = ("products", "personaggi", "fumetti", "categories")
    # A product has categories of its own, so it is told from a list by its slug.
    return 1 if "slug" in body else next(len(body[name]) for name in names if name in body)
