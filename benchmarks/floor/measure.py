"""Measures the handler beside a bare client and the raw exchange, in turns on one engine."""

import gc
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.floor.calls import FLOOR_CALLS
from benchmarks.floor.replay import Recording, Wire, bare_client, by_client, recorded
from benchmarks.measure import Progress
from benchmarks.order_calls import ORDERS, OrderCall
from benchmarks.order_measure import OrderBench
from benchmarks.order_shop import PRODUCTS
from benchmarks.shop import make_shop
from common.dynamodb import reset_client
from common.http import ShopApp

# Short rounds, so that a busy moment of the machine falls on all three of a round.
BLOCK = 5
HANDLER, CLIENT, WIRE = range(3)
Ask = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Turn:
    """The median call of one round, in ns: by the clock, and of this process's processor time."""

    wall: int
    cpu: int


@dataclass(frozen=True, slots=True)
class FloorSample:
    """A call with its turns: for each round those of the handler, the bare client and the raw exchange."""

    call: OrderCall
    trips: int
    rounds: Sequence[tuple[Turn, Turn, Turn]]

    def wall(self, side: int) -> int:
        """The median over the rounds by the clock, in ns."""
        return int(median(turns[side].wall for turns in self.rounds))

    def cpu(self, side: int) -> int:
        """The median over the rounds of processor time, in ns."""
        return int(median(turns[side].cpu for turns in self.rounds))

    def ratio(self, of: int, to: int) -> float:
        """The median over the rounds of how many times as long one side took as another, by the clock."""
        return median(turns[of].wall / turns[to].wall for turns in self.rounds)

    def cpu_ratio(self, of: int, to: int) -> float:
        """The same of processor time."""
        return median(turns[of].cpu / turns[to].cpu for turns in self.rounds)


class FloorBench:
    """A shop with orders and carts, and the two that send again what its handler sent."""

    def __init__(self, app: ShopApp, products: int = PRODUCTS, orders: int = ORDERS) -> None:
        self._shop = OrderBench(app, products, orders)
        self._app, self._slug = app, make_shop(products).products[products // 2].slug

    def open(self) -> None:
        """Create the table and fill it."""
        self._shop.open()
        self._client, self._wire = bare_client(), Wire()

    def close(self) -> None:
        """Delete the table."""
        self._wire.close()
        self._client.close()
        self._shop.close()

    def measure(self, call: OrderCall, rounds: int) -> FloorSample:
        """One call, in so many rounds; RuntimeError when it is refused."""
        call = replace(call, path=call.path.format(slug=self._slug))
        # Two asked before, so that nothing is asked for the first time, and one that is recorded.
        events = self._shop.events(call, 3 + 3 * rounds * BLOCK)
        with _silence():
            self._ask(call, events[0])
            with recorded() as recording:
                self._ask(call, events[1])
            asks = self._asks(call, recording, [events[1], *events[3:]])
            with _as_in_lambda():
                self._ask(call, events[2])
                gc.collect()
                found = [_round([_next(side) for side in asks]) for _ in range(rounds)]
        return FloorSample(call, len(recording.calls), found)

    def _ask(self, call: OrderCall, event: dict[str, Any]) -> None:
        answer = self._app(event, None)
        if answer["statusCode"] != 200:
            raise RuntimeError(f"{call.name} answered {answer['statusCode']}: {answer['body']}")

    def _asks(
        self, call: OrderCall, recording: Recording, events: Sequence[dict[str, Any]]
    ) -> tuple[Iterator[Ask], Iterator[Ask], Iterator[Ask]]:
        """What each side does next: each time that of a row nobody has touched, where the call writes."""
        known = _session(events[0])
        fresh = iter(events[1:])

        def of_handler(event: dict[str, Any]) -> Ask:
            return lambda: self._ask(call, event)

        def own() -> Recording:
            return recording.of(known, _session(next(fresh))) if call.writes else recording

        return (
            (of_handler(next(fresh)) for _ in count()),
            (by_client(self._client, own()) for _ in count()),
            (self._wire.asker(own().sent) for _ in count()),
        )


def measure_floor(app: ShopApp, rounds: int, progress: Progress) -> list[FloorSample]:
    """Every call in so many rounds of BLOCK calls of each side."""
    bench = FloorBench(app)
    progress("floor: filling the table")
    bench.open()
    try:
        found = []
        for call in FLOOR_CALLS:
            progress(f"floor: {call.name}")
            found.append(bench.measure(call, rounds))
        return found
    finally:
        bench.close()


def _next(asks: Iterator[Ask]) -> list[Ask]:
    """What one side does in a round, made before the clock runs."""
    return [next(asks) for _ in range(BLOCK)]


def _session(event: dict[str, Any]) -> str:
    return str(event["headers"].get("x-cart-session", ""))


def _round(asks: Sequence[Sequence[Ask]]) -> tuple[Turn, Turn, Turn]:
    """The median call of each side, who take turns."""
    turns: list[list[Turn]] = [[], [], []]
    for together in zip(*asks, strict=True):
        for ask, spent in zip(together, turns, strict=True):
            spent.append(_timed(ask))
    handler, client, wire = (
        Turn(int(median(it.wall for it in spent)), int(median(it.cpu for it in spent))) for spent in turns
    )
    return handler, client, wire


def _timed(ask: Ask) -> Turn:
    # Of the whole process, because what is asked may work in several threads.
    wall, cpu = time.perf_counter_ns(), time.process_time_ns()
    ask()
    return Turn(time.perf_counter_ns() - wall, time.process_time_ns() - cpu)


@contextmanager
def _as_in_lambda() -> Iterator[None]:
    """Calls are sent as a function sends them, where nobody listens to them."""
    os.environ["AWS_LAMBDA_FUNCTION_NAME"] = "benchmarks"
    reset_client()
    try:
        yield
    finally:
        del os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        reset_client()


@contextmanager
def _silence() -> Iterator[None]:
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        yield
