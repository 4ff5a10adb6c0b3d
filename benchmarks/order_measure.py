"""Measures the calls of carts and orders; each request that writes finds a state that is its own."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from chalice.local import LambdaEventConverter, RouteMatcher

from benchmarks.aws_units import recorded_actions, transaction_units
from benchmarks.environment import create_empty_table
from benchmarks.measure import HEADERS, Progress
from benchmarks.order_calls import ORDER_CALLS, ORDERS, OrderCall
from benchmarks.order_shop import PRODUCTS, cart_row, fill_for_orders, write
from benchmarks.order_terms import mail_on
from benchmarks.timing import time_in_turns
from common.clock import utc_now
from common.dynamodb import delete_table, meter, table_name
from common.http import Role, ShopApp, issue_token
from tools.percentiles import percentile

# Besides the timed requests: one whose cost is counted, and one that warms up.
UNTIMED = 2

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OrderSample:
    """What a call costs and answers, p50 and p99 in ns; `aws_write` is what AWS counts for a checkout."""

    call: OrderCall
    trips: int
    read: Decimal
    write: Decimal
    aws_write: int | None
    rows: int
    p50: int
    p99: int

    @property
    def holds(self) -> bool | None:
        """Whether it stays within its budget, by the dearer count of its writes; None without one."""
        write = max(self.write, Decimal(self.aws_write or 0))
        return self.call.budget.holds(self.trips, self.read, write) if self.call.budget else None


class OrderBench:
    """A shop with stock, a discount code and orders, ready to be asked."""

    def __init__(
        self, app: ShopApp, products: int = PRODUCTS, orders: int = ORDERS, *, in_full: bool = False
    ) -> None:
        self.app, self.products, self.orders, self.in_full = app, products, orders, in_full
        self._converter = LambdaEventConverter(RouteMatcher(list(app.routes)), app.api.binary_types)

    def open(self) -> None:
        """Create the table and fill it."""
        create_empty_table()
        fill_for_orders(self.products, self.orders, in_full=self.in_full)

    def close(self) -> None:
        """Delete the table."""
        delete_table(table_name())

    def measure(self, call: OrderCall, requests: int) -> OrderSample:
        """One call with `requests` timed requests; RuntimeError when one of them is refused."""
        ask = self._asker(call, requests + UNTIMED)
        with _silence():
            with meter() as usage, recorded_actions() as actions:
                body = json.loads(ask()["body"])
            aws_write = transaction_units(actions) if call.is_checkout else None
            (durations,) = time_in_turns([ask], requests)
        return OrderSample(
            call=call,
            trips=usage.calls,
            read=usage.read_units,
            write=usage.write_units,
            aws_write=aws_write,
            rows=len(body["orders"] if call.is_admin else body["items"]),
            p50=percentile(durations, 50),
            p99=percentile(durations, 99),
        )

    def _asker(self, call: OrderCall, times: int) -> Callable[[], Answer]:
        """Sends a prepared request each time it is called, `times` times."""
        events = iter(self.events(call, times))

        def ask() -> Answer:
            answer: Answer = self.app(next(events), None)
            if answer["statusCode"] not in {200, 201}:
                raise RuntimeError(f"{call.name} answered {answer['statusCode']}: {answer['body']}")
            return answer

        return ask

    def events(self, call: OrderCall, times: int) -> list[dict[str, Any]]:
        """So many requests, each of which finds what it starts from, which is written here."""
        now = utc_now()
        # A call that only reads may find the same cart each time. All names are as long.
        sessions = [f"bench-{call.lines}-{index if call.writes else 0:05}" for index in range(times)]
        if call.is_checkout:
            sessions = [f"{session}-checkout" for session in sessions]
        if call.lines:
            write(cart_row(call, session, now) for session in dict.fromkeys(sessions))
        token = issue_token("1", "admin", Role.ADMIN, now) if call.is_admin else ""
        return [self._event(call, session, token) for session in sessions]

    def _event(self, call: OrderCall, session: str, token: str) -> dict[str, Any]:
        headers = HEADERS | {"Content-Type": "application/json"}
        if call.lines:
            headers["X-Cart-Session"] = session
        if call.has_key:
            headers["Idempotency-Key"] = f"key-of-{session}"
        if token:
            headers["Authorization"] = f"Bearer {token}"
        body = json.dumps(dict(call.body)).encode() if call.body else b""
        event: dict[str, Any] = self._converter.create_lambda_event(call.method, call.path, headers, body)
        return event


def measure_orders(app: ShopApp, requests: int, progress: Progress) -> list[OrderSample]:
    """Every call of carts and orders with `requests` timed requests."""
    plain = _measured(OrderBench(app), requests, progress)
    with mail_on():
        return plain + _measured(OrderBench(app, in_full=True), requests, progress)


def _measured(bench: OrderBench, requests: int, progress: Progress) -> list[OrderSample]:
    progress("carts and orders: filling the table")
    bench.open()
    try:
        found = []
        for call in ORDER_CALLS:
            if call.in_full is bench.in_full:
                progress(f"carts and orders: {call.name}")
                found.append(bench.measure(call, requests))
        return found
    finally:
        bench.close()


@contextmanager
def _silence() -> Iterator[None]:
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        yield
