"""The ledger on DynamoDB Local: threads after the same pieces, answers that get lost, the cost of a sale."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest

from common.dynamodb import meter
from common.errors import Conflict, Unavailable
from common.repositories.stock_alerts import alerts_of_sku
from common.stock_ledger import Outcome, apply_channel_sale, apply_return
from common.stock_levels import current_stock
from orders.allocation import OutOfStock
from orders.checkout import place_order
from tests.common.stock_builders import NOW, SKU, booked, on_shelf, physical
from tests.orders.order_builders import purchase
from tests.support.wire import lose_answer, without_waiting

T = TypeVar("T")

pytestmark = pytest.mark.usefixtures("table")


def at_once(times: int, act: Callable[[int], T]) -> list[T]:
    """What so many threads get that act at the same moment, each with its number."""
    barrier = Barrier(times)

    def start(number: int) -> T:
        barrier.wait(timeout=60)
        return act(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(start, range(times), timeout=300))


def until_done(act: Callable[[], T]) -> T:
    """The result of a step that is repeated, as its caller does, while others keep it from passing."""
    for _ in range(50):
        try:
            return act()
        except OutOfStock:
            raise
        except (Conflict, Unavailable):
            continue
    return act()


def sell(number: int, quantity: int = 1, event: str = "") -> Outcome:
    """A sale on one of two channels."""
    channel = ("etsy", "amazon")[number % 2]
    return until_done(lambda: apply_channel_sale(channel, event or str(number), SKU, quantity, NOW))


def test_of_ten_sales_at_once_on_all_channels_every_piece_is_sold_once() -> None:
    on_shelf(6)

    def act(number: int) -> str:
        if number % 5 == 0:
            try:
                until_done(lambda: place_order(purchase((1, 1)), NOW))
            except OutOfStock:
                return "refused"
            return "ordered"
        return sell(number).kind

    kinds = Counter(at_once(10, act))
    assert kinds["applied"] + kinds["ordered"] == 6
    assert kinds["shortfall"] + kinds["refused"] == 4
    assert physical() == 0 == sum(movement.delta for movement in booked())
    reviews = [alert for alert in alerts_of_sku(SKU, 99) if alert.type == "manual_review"]
    assert len(reviews) == kinds["shortfall"]
    assert len([alert for alert in alerts_of_sku(SKU, 99) if alert.type == "stock_low"]) == 1


def test_one_event_that_eight_handle_counts_once() -> None:
    on_shelf(10)
    kinds = Counter(outcome.kind for outcome in at_once(8, lambda _: sell(0, 2, "r-1")))
    assert kinds == {"applied": 1, "duplicate": 7}
    assert physical() == 8


def test_returns_and_sales_at_once_are_all_counted() -> None:
    on_shelf(10)

    def act(number: int) -> Outcome:
        if number % 2:
            return until_done(lambda: apply_return("amazon", str(number), SKU, 2, NOW))
        return sell(number)

    assert {outcome.kind for outcome in at_once(8, act)} == {"applied"}
    assert physical() == 10 + 4 * 2 - 4 == sum(movement.delta for movement in booked())


def test_an_answer_that_gets_lost_on_the_way_sells_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    on_shelf(10)
    without_waiting(monkeypatch)
    lost = lose_answer("TransactWriteItems")
    assert sell(0, 3, "r-1").kind == "applied"
    assert (lost[0].status_code, physical()) == (200, 7)


def test_a_sale_takes_four_trips() -> None:
    on_shelf(10)
    # The first change of a product that was brought has no mark to move.
    sell(0)
    with meter() as usage:
        sell(1)
    assert [name for name, *_ in usage.operations] == ["batch_get_item"] * 3 + ["transact_write_items"]
    assert usage.read_units <= 6
    # With the move of the mark in its index: two units by AWS's rule, more by DynamoDB Local's.
    assert usage.write_units <= 40
    with meter() as usage:
        current_stock([SKU])
    assert usage.calls == 3
    assert usage.write_units == 0
