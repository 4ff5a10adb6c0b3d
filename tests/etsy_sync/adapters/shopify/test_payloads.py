"""The payloads of webhooks: the same terms as polled orders, whatever is left out."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from common.errors import InvalidInput
from etsy_sync.adapters.shopify.client import ShopifyClient
from etsy_sync.adapters.shopify.orders import Order, RefundLine, orders_updated_since
from etsy_sync.adapters.shopify.webhooks import (
    parse_inventory_level,
    parse_order_cancelled,
    parse_order_created,
    parse_refund,
)
from tests.etsy_sync.adapters.shopify.conftest import Time
from tests.etsy_sync.readable import readable
from tools.fakes.shopify_server import LOCATION, ShopifyServer

MINIMAL: dict[str, Any] = {
    "id": 1,
    "created_at": "2026-11-21T11:00:00+01:00",
    "currency": "EUR",
    "line_items": [{"id": 2, "quantity": 3}],
}


def said(shop: ShopifyServer, topic: str) -> Any:
    """The payload of the last webhook of a topic."""
    return json.loads(shop.webhooks(topic)[-1].body)


def polled(client: ShopifyClient, time: Time) -> Order:
    """The only order, as the API tells it."""
    [order] = readable(orders_updated_since(client, time.now - timedelta(hours=1)))
    return order


def test_a_new_order_is_the_same_as_when_it_is_polled(
    client: ShopifyClient, shop: ShopifyServer, time: Time
) -> None:
    shop.create_product(variants=[{"sku": "A", "available": 3}, {"sku": None, "available": 3}])
    shop.buy(lines=[{"sku": "A", "quantity": 2}, {"sku": None, "quantity": 1}])
    assert parse_order_created(said(shop, "orders/create")) == polled(client, time)


@pytest.mark.parametrize("restock", [True, False])
def test_a_cancelled_order_is_the_same_as_when_it_is_polled(
    client: ShopifyClient, shop: ShopifyServer, time: Time, restock: bool
) -> None:
    shop.create_product(sku="A", available=3)
    shop.cancel_order(shop.buy("A", 2), restock)
    order = parse_order_cancelled(said(shop, "orders/cancelled"))
    assert order == polled(client, time)
    assert order.refunds[0].lines[0].restock_type == ("cancel" if restock else "no_restock")


@pytest.mark.parametrize("restock_type", ["cancel", "return", "legacy_restock", "no_restock"])
def test_a_refund_names_its_order_lines_and_restock_type(shop: ShopifyServer, restock_type: str) -> None:
    shop.create_product(sku="A", available=3)
    number = shop.buy("A", 3)
    line = parse_order_created(said(shop, "orders/create")).lines[0].id
    shop.refund(number, restock_type, 2)
    refund = parse_refund(said(shop, "refunds/create"))
    assert refund.order_id == str(number)
    assert refund.lines == (RefundLine(line, 2, restock_type),)


def test_the_buyer_is_known_when_shopify_tells() -> None:
    order = parse_order_created(
        MINIMAL | {"email": "buyer@example.com", "customer": {"first_name": "Ada", "last_name": "Rossi"}}
    )
    assert (order.email, order.customer_name) == ("buyer@example.com", "Ada Rossi")


def test_an_order_may_leave_out_what_is_optional() -> None:
    order = parse_order_created(MINIMAL)
    assert order == Order(
        id="1",
        name="#1",
        created_at=datetime(2026, 11, 21, 10, tzinfo=UTC),
        updated_at=datetime(2026, 11, 21, 10, tzinfo=UTC),
        cancelled_at=None,
        is_paid=False,
        is_test=False,
        currency="EUR",
        subtotal=Decimal(0),
        discount=Decimal(0),
        shipping=Decimal(0),
        tax=Decimal(0),
        total=Decimal(0),
        lines=(replace(order.lines[0], id="2", sku="", variant_id=None, title="", quantity=3),),
    )


@pytest.mark.parametrize(
    ("status", "is_paid"),
    [("paid", True), ("refunded", True), ("pending", False), ("authorized", False), (None, False)],
)
def test_only_what_was_paid_wholly_is_paid(status: str | None, is_paid: bool) -> None:
    assert parse_order_created(MINIMAL | {"financial_status": status}).is_paid is is_paid


def test_optional_fields_may_be_null() -> None:
    nulls = ("updated_at", "cancelled_at", "email", "customer", "total_price", "refunds", "test", "name")
    line = {"id": 2, "quantity": 3, "sku": None, "variant_id": None, "price": None, "title": None}
    order = parse_order_created(MINIMAL | dict.fromkeys(nulls) | {"line_items": [line]})
    assert order == parse_order_created(MINIMAL)


def test_a_refund_of_money_alone_has_no_lines() -> None:
    assert parse_refund({"id": 1, "order_id": 2}).lines == ()


def test_a_line_that_does_not_say_is_not_restocked() -> None:
    refund = parse_refund({"id": 1, "order_id": 2, "refund_line_items": [{"line_item_id": 3, "quantity": 1}]})
    assert refund.lines[0].restock_type == "no_restock"


def test_an_order_that_is_not_cancelled_is_refused_as_a_cancelled_one() -> None:
    with pytest.raises(InvalidInput):
        parse_order_cancelled(MINIMAL)


@pytest.mark.parametrize(
    "change",
    [
        {"id": None},
        {"id": "1"},
        {"id": True},
        {"created_at": None},
        {"created_at": "soon"},
        {"line_items": None},
        {"line_items": [None]},
        {"line_items": [{"id": 2}]},
        {"line_items": [{"id": 2, "quantity": -1}]},
        {"line_items": [{"id": 2, "quantity": "3"}]},
        {"line_items": [{"id": 2, "quantity": 1, "price": "much"}]},
        {"total_price": "NaN"},
        {"refunds": [{"refund_line_items": []}]},
        {"customer": "Ada"},
    ],
)
def test_an_order_that_cannot_be_read_is_refused_as_a_whole(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        parse_order_created(MINIMAL | change)


def test_a_level_names_the_item_and_the_location(shop: ShopifyServer, time: Time) -> None:
    made = shop.create_product(sku="A", available=3)[0]
    shop.set_quantity(7, "A")
    level = parse_inventory_level(said(shop, "inventory_levels/update"))
    assert (level.inventory_item_id, level.location_id) == (made["inventory_item_id"], LOCATION)
    assert (level.available, level.updated_at) == (7, time.now)


def test_a_level_that_is_not_counted_has_no_quantity() -> None:
    level = parse_inventory_level({"inventory_item_id": 1, "location_id": 2, "available": None})
    assert (level.available, level.updated_at) == (None, None)


def test_a_level_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput):
        parse_inventory_level({"location_id": 2, "available": 1})
