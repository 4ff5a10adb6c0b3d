"""Amazon's orders: read page by page, with what was cancelled of them, and without their buyers."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from etsy_sync.adapters.amazon.client import AmazonClient
from etsy_sync.adapters.amazon.orders import orders_updated_since
from etsy_sync.adapters.interface import RateLimited, Unreadable
from etsy_sync.adapters.orders import ChannelLine, ChannelOrder
from orders.repositories.channel_orders import Cancellation
from tests.etsy_sync.adapters.amazon.conftest import Time
from tests.etsy_sync.readable import readable
from tools.fakes.amazon_server import AmazonServer


def _only(client: AmazonClient, time: Time) -> ChannelOrder:
    (order,) = readable(orders_updated_since(client, time.now - timedelta(hours=1)))
    return order


def remaining(line: ChannelLine) -> int:
    """How many pieces the buyer gets, or has got."""
    return line.quantity - sum(each.quantity for each in line.cancellations.values())


def test_an_order(client: AmazonClient, amazon: AmazonServer, time: Time) -> None:
    amazon.create_listing("A", 3)
    amazon.create_listing("B", 1)
    number = amazon.buy_all({"A": 2, "B": 1}, "19.90")
    order = _only(client, time)
    assert (order.id, order.number) == (number, f"AMAZON-{number}")
    assert (order.is_shipped, order.is_cancelled, order.is_ours, order.is_paid) == (False, False, True, True)
    assert (order.created_at, order.updated_at) == (time.now, time.now)
    assert (order.currency, order.total) == ("EUR", Decimal("59.70"))
    line = ChannelLine(f"{number}:00000010000000", "A", "Print A", 2, Decimal("19.90"), "A")
    assert order.lines[0] == line
    assert [remaining(line) for line in order.lines] == [2, 1]
    assert amazon.account.listings["A"].quantity == 1


def test_a_pending_order_counts_and_has_no_price_yet(
    client: AmazonClient, amazon: AmazonServer, time: Time
) -> None:
    amazon.create_listing("A", 3)
    number = amazon.buy("A", is_pending=True)
    order = _only(client, time)
    assert (order.is_paid, order.total, order.currency) == (False, None, "")
    assert [remaining(line) for line in order.lines] == [1]
    amazon.pay(number)
    assert _only(client, time).is_paid


def test_what_amazon_sends_takes_nothing_from_the_shops_stock(
    client: AmazonClient, amazon: AmazonServer, time: Time
) -> None:
    amazon.create_listing("A", 3, is_fba=True)
    amazon.buy("A", 2)
    order = _only(client, time)
    assert not order.is_ours
    assert len(order.lines) == 1


def test_a_cancelled_order(client: AmazonClient, amazon: AmazonServer, time: Time) -> None:
    amazon.create_listing("A", 3)
    amazon.cancel(amazon.buy("A", 2))
    order = _only(client, time)
    assert order.is_cancelled
    assert order.lines[0].cancellations == {"cancel": Cancellation(2, restocks=True)}
    assert amazon.account.listings["A"].quantity == 1


def test_a_cancelled_order_needs_no_word_about_its_lines(
    client: AmazonClient, amazon: AmazonServer, time: Time
) -> None:
    amazon.create_listing("A", 3)
    number = amazon.buy("A", 2)
    amazon.cancel(number)
    del amazon.account.orders[number]["orderItems"][0]["cancellation"]
    assert remaining(_only(client, time).lines[0]) == 0


def test_an_order_without_a_total_has_the_currency_of_its_prices(
    client: AmazonClient, amazon: AmazonServer, time: Time
) -> None:
    amazon.create_listing("A", 3)
    del amazon.account.orders[amazon.buy("A", price="19.90")]["proceeds"]
    order = _only(client, time)
    assert (order.total, order.currency) == (Decimal("19.90"), "EUR")


def test_a_cancelled_line(client: AmazonClient, amazon: AmazonServer, time: Time) -> None:
    amazon.create_listing("A", 3)
    amazon.create_listing("B", 3)
    number = amazon.buy_all({"A": 2, "B": 1})
    amazon.cancel(number, "A", restores=True)
    order = _only(client, time)
    assert not order.is_cancelled
    assert {line.sku: remaining(line) for line in order.lines} == {"A": 0, "B": 1}
    assert amazon.account.listings["A"].quantity == 3
    amazon.ship(number)
    shipped = _only(client, time)
    assert shipped.is_shipped
    assert {line.sku: remaining(line) for line in shipped.lines} == {"A": 0, "B": 1}


@pytest.mark.parametrize(
    "counts", [{}, {"quantityFulfilled": 0}, {"quantityFulfilled": 0, "quantityUnfulfilled": 0}]
)
def test_what_amazon_does_not_call_cancelled_stays_sold(
    counts: dict[str, int], client: AmazonClient, amazon: AmazonServer, time: Time
) -> None:
    amazon.create_listing("A", 3)
    number = amazon.buy("A", 2)
    amazon.account.orders[number]["orderItems"][0]["fulfillment"] = counts
    assert remaining(_only(client, time).lines[0]) == 2


def test_every_page_is_read(client: AmazonClient, amazon: AmazonServer, time: Time) -> None:
    amazon.create_listing("A", 5)
    numbers = []
    for _ in range(5):
        numbers.append(amazon.buy("A"))
        time.pass_by(1)
    found = [order.id for order in readable(orders_updated_since(client, time.now - timedelta(hours=1)))]
    assert found == numbers
    assert sum(asked.path.startswith("/orders") for asked in amazon.asked) == 3


def test_only_what_changed_since_is_read(client: AmazonClient, amazon: AmazonServer, time: Time) -> None:
    amazon.create_listing("A", 5)
    old, changed = amazon.buy("A"), amazon.buy("A")
    time.pass_by(3600)
    since = time.now
    amazon.ship(changed)
    new = amazon.buy("A")
    assert {order.id for order in readable(orders_updated_since(client, since))} == {changed, new}
    assert old not in {changed, new}


def test_nothing_is_asked_about_the_buyer(client: AmazonClient, amazon: AmazonServer, time: Time) -> None:
    list(readable(orders_updated_since(client, time.now)))
    assert amazon.asked[-1].query == {
        "lastUpdatedAfter": ["2026-03-01T10:00:00.000Z"],
        "marketplaceIds": ["A11IL2PNWYJU7H"],
        "includedData": ["PROCEEDS,CANCELLATION,FULFILLMENT"],
    }


def test_a_rate_that_is_used_up_between_pages_ends_the_reading(
    client: AmazonClient, amazon: AmazonServer, time: Time
) -> None:
    amazon.create_listing("A", 50)
    for _ in range(50):
        amazon.buy("A")
    with pytest.raises(RateLimited):
        list(readable(orders_updated_since(client, time.now)))
    assert len(amazon.asked) == 21


@pytest.mark.parametrize(
    "wrong",
    [
        {"createdTime": None},
        {"createdTime": "soon"},
        {"orderItems": [{"orderItemId": "1"}]},
        {"orderItems": ["x"]},
        {"proceeds": {"grandTotal": {"amount": "much", "currencyCode": "EUR"}}},
        {"fulfillment": "x"},
    ],
)
def test_an_order_that_cannot_be_read_is_named_and_not_skipped(
    wrong: dict[str, Any],
    client: AmazonClient,
    amazon: AmazonServer,
    time: Time,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = {
        "orderId": "405-1",
        "createdTime": "2026-03-01T10:00:00Z",
        "lastUpdatedTime": "2026-03-01T10:00:00Z",
    }

    def call(*_: object, **__: object) -> dict[str, Any]:
        return {"orders": [row | wrong]}

    monkeypatch.setattr(client, "call", call)
    assert list(orders_updated_since(client, time.now)) == [Unreadable("405-1")]
