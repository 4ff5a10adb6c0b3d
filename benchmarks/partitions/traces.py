"""The journeys of a load, played on a shop of a given size: what they ask, page by page."""

import random
import time
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from os import devnull
from pathlib import Path
from statistics import mean

from benchmarks.environment import create_empty_table
from benchmarks.order_shop import STOCK
from benchmarks.partitions.accesses import Access, recorded
from benchmarks.shop import Shop, fill, make_shop
from common.clock import utc_now
from common.dynamodb import delete_table, meter, table_name
from common.http import Role, ShopApp, issue_token
from common.http.events import GatewayAnswer
from tools.load.asking import Answer, Asked, no_check
from tools.load.books import Books
from tools.load.in_process import InProcessClient
from tools.load.visitor import CODE, Mix, Visitor
from tools.local.gateway import Gateway

VISIT, CART, ORDER = "visit", "visit with a cart", "visit with an order"
_MIX = Mix()
# Every kind of journey is played by itself, so that the rare ones are measured as well as the others.
KINDS = {
    VISIT: replace(_MIX, carts=0.0, orders=0.0),
    CART: replace(_MIX, carts=1.0, orders=0.0),
    ORDER: replace(_MIX, carts=1.0, orders=1.0),
}
SHARES = {VISIT: 1 - _MIX.carts, CART: _MIX.carts - _MIX.orders, ORDER: _MIX.orders}
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """One request: what it is called, its processor time in milliseconds, its round trips."""

    name: str
    processor: float
    trips: int


@dataclass
class Trace:
    """One journey: its requests, and what each page (counted by the pauses before it) asked of the table."""

    kind: str
    requests: list[Request] = field(default_factory=list)
    pages: list[list[Access]] = field(default_factory=lambda: [[]])


class _Timed(Gateway):
    """A gateway that knows what its last answer cost."""

    def __init__(self, app: ShopApp) -> None:
        super().__init__(app)
        self.processor, self.trips = 0.0, 0

    def ask(
        self, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes | None, source_ip: str
    ) -> GatewayAnswer:
        with meter() as usage:
            began = time.process_time()
            answer = super().ask(method, target, headers, body, source_ip)
            self.processor = 1000 * (time.process_time() - began)
        self.trips = usage.calls
        return answer


class _Noting:
    """A client that writes a trace."""

    def __init__(self, gateway: _Timed, trace: Trace, accesses: list[Access], address: str) -> None:
        self._gateway, self._trace, self._accesses = gateway, trace, accesses
        self._client = InProcessClient(gateway, address)

    def ask(self, asked: Asked) -> Answer:
        self._accesses.clear()
        answer = self._client.ask(asked)
        name = asked.name.removesuffix(", again")
        self._trace.requests.append(Request(name, self._gateway.processor, self._gateway.trips))
        self._trace.pages[-1].extend(self._accesses)
        return answer

    def pause(self) -> None:
        self._trace.pages.append([])


def play(app: ShopApp, products: int, journeys: int, progress: Progress) -> list[Trace]:
    """`journeys` of each kind on a new table with so many products, which never sell out.

    The first pass takes the processor's time, the second, which looks at every row that is written, the
    accesses.
    """
    create_empty_table()
    try:
        progress(f"{products} products: filling the table")
        shop = make_shop(products)
        goods = [
            replace(each, variants=tuple(replace(it, stock=STOCK) for it in each.variants))
            for each in shop.products
        ]
        fill(Shop(goods, shop.categories, shop.personaggi, shop.fumetti))
        gateway = _Timed(app)
        with Path(devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
            _make_code(gateway)
            for kind in KINDS:
                _journey(gateway, kind, -1, [])  # what is imported on use is not timed
            timed = [_journey(gateway, kind, number, []) for kind in KINDS for number in range(journeys)]
            progress(f"{products} products: partitions")
            with recorded() as accesses:
                traces = [
                    _journey(gateway, kind, number, accesses) for kind in KINDS for number in range(journeys)
                ]
    finally:
        delete_table(table_name())
    for trace, clocked in zip(traces, timed, strict=True):
        trace.requests = clocked.requests
    return traces


def _journey(gateway: _Timed, kind: str, number: int, accesses: list[Access]) -> Trace:
    trace = Trace(kind)
    dice = random.Random(f"{kind}-{number}")  # noqa: S311 - what a visitor likes is no secret
    client = _Noting(gateway, trace, accesses, f"198.51.100.{number % 250}")
    Visitor(client, dice, Books(), KINDS[kind]).visit()
    return trace


def _make_code(gateway: _Timed) -> None:
    token = issue_token("1", "artist", Role.ADMIN, utc_now())
    body = {"code": CODE, "discount_type": "percentage", "discount_value": 10}
    headers = {"Authorization": f"Bearer {token}"}
    path = "/api/admin/discounts"
    InProcessClient(gateway).ask(
        Asked("code", "POST", path, no_check, frozenset({201}), body, headers=headers)
    )


def weighted(traces: Iterable[Trace], value: Callable[[Trace], float]) -> float:
    """The mean of a figure over a thousand visits as they come: each kind with its share."""
    traces = list(traces)
    return sum(
        share * mean(value(each) for each in traces if each.kind == kind) for kind, share in SHARES.items()
    )
