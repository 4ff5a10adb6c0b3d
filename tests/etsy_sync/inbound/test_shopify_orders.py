"""Shopify's webhooks and the poll beneath them, in any order and as often as Shopify likes."""

from dataclasses import replace
from random import Random

import pytest

from common.errors import InvalidInput
from common.repositories.orders import details_of
from etsy_sync.adapters.shopify.client import ShopifyClient
from etsy_sync.adapters.shopify.webhooks import Event, read_event
from etsy_sync.inbound import shopify_orders
from etsy_sync.repositories.etsy_sync import COMPLETED, etsy_sync
from orders import states
from tests.common.stock_builders import SKU, on_shelf, physical
from tests.etsy_sync.inbound.builders import adds_up, linked, order_of_channel, sold_here
from tests.etsy_sync.inbound.conftest import Time
from tests.orders.order_builders import order_rows
from tools.fakes.shopify_server import SECRET, ShopifyServer


@pytest.fixture
def item(shopify: ShopifyServer) -> str:
    """The inventory item of the tests' SKU, linked, with ten pieces here and there."""
    on_shelf(10)
    (variant,) = shopify.create_product(sku=SKU, available=10, price="12.30")
    linked("shopify", variant["inventory_item_id"])
    return str(variant["inventory_item_id"])


def told(shopify: ShopifyServer, time: Time) -> list[Event]:
    """The events of all webhooks that wait."""
    waiting = shopify.outbox.waiting
    return [read_event(each.headers, each.body, [SECRET], time.now) for each in waiting]


def handle(event: Event, time: Time) -> str:
    return shopify_orders.handle(event, time.now)


def test_a_sale_counts_once_however_often_and_however_it_is_told(
    shopify: ShopifyServer, shopify_client: ShopifyClient, item: str, time: Time
) -> None:
    number = shopify.buy(SKU, 3)
    events = told(shopify, time)
    for event in events:
        assert (handle(event, time), handle(event, time)) == ("taken", "repeated")
        assert handle(replace(event, id=f"{event.id}-again"), time) == "taken"
    assert shopify_orders.fetch(shopify_client, time.now).counts == {"taken": 1}
    assert (physical(), sold_here("shopify", item), len(order_rows())) == (7, 3, 1)
    order = order_of_channel(str(number), "shopify")
    assert (order.order_number, order.payment_method) == ("SHOPIFY-1001", "shopify")
    assert order.total == order.subtotal + shopify.shop.orders[number].shipping
    details = details_of(order.id)
    assert details is not None
    assert [(line.variant_id, line.quantity) for line in details.lines] == [(10, 3)]


def test_an_order_that_is_paid_later_is_an_open_one_until_then(
    shopify: ShopifyServer, shopify_client: ShopifyClient, item: str, time: Time
) -> None:
    number = shopify.buy(SKU, 1, is_paid=False)
    handle(told(shopify, time)[0], time)
    assert (physical(), order_of_channel(str(number), "shopify").payment_status) == (9, states.PENDING)
    shopify.pay(number)
    shopify_orders.fetch(shopify_client, time.now)
    assert (physical(), order_of_channel(str(number), "shopify").payment_status) == (9, states.PAID)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("restock", [True, False])
def test_a_cancelled_order_ends_the_same_in_any_order_of_events(
    restock: bool, seed: int, shopify: ShopifyServer, item: str, time: Time
) -> None:
    number = shopify.buy(SKU, 3)
    shopify.refund(number, "no_restock", 1)
    shopify.cancel_order(number, restock)
    events = told(shopify, time) * 2
    Random(seed).shuffle(events)  # noqa: S311 - an order of events is no secret
    for event in events:
        handle(event, time)
    assert (physical(), sold_here("shopify", item)) == (9 if restock else 7, 3)
    assert states.word(order_of_channel(str(number), "shopify")) == "cancelled"
    assert adds_up()


@pytest.mark.parametrize(
    ("restock_type", "left"), [("no_restock", 7), ("cancel", 9), ("return", 9), ("legacy_restock", 9)]
)
def test_a_refund_puts_back_what_shopify_puts_back(
    restock_type: str, left: int, shopify: ShopifyServer, item: str, time: Time
) -> None:
    number = shopify.buy(SKU, 3)
    shopify.refund(number, restock_type, 2)
    for event in reversed(told(shopify, time)):
        handle(event, time)
    assert physical() == left
    assert order_of_channel(str(number), "shopify").payment_status == "partially_refunded"


def test_an_order_of_the_shops_own_trial_is_ignored(
    shopify: ShopifyServer, shopify_client: ShopifyClient, item: str, time: Time
) -> None:
    shopify.buy(SKU, 3, is_test=True)
    created = next(event for event in told(shopify, time) if event.topic == "orders/create")
    assert handle(created, time) == "ignored"
    assert shopify_orders.fetch(shopify_client, time.now).counts == {"ignored": 1}
    assert (physical(), order_rows()) == (10, [])


def test_a_level_only_announces(
    shopify: ShopifyServer, item: str, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced: list[str] = []
    monkeypatch.setattr(shopify_orders, "announce", announced.extend)
    shopify.set_quantity(4, SKU)
    (event,) = told(shopify, time)
    assert handle(event, time) == "taken"
    assert handle(replace(event, topic="shop/update"), time) == "ignored"
    assert (announced, physical()) == ([SKU], 10)


def test_what_cannot_be_read_is_not_done_with(shopify: ShopifyServer, item: str, time: Time) -> None:
    shopify.buy(SKU, 1)
    created = next(event for event in told(shopify, time) if event.topic == "orders/create")
    for _ in range(2):
        with pytest.raises(InvalidInput):
            handle(replace(created, payload={}), time)
    assert handle(created, time) == "taken"


def test_the_poll_finds_what_no_webhook_told(
    shopify: ShopifyServer, shopify_client: ShopifyClient, item: str, time: Time
) -> None:
    number = shopify.buy(SKU, 3)
    shopify_orders.fetch(shopify_client, time.now)
    time.sleep(3600)
    shopify.refund(number, "return", 1)
    done = shopify_orders.fetch(shopify_client, time.now)
    assert (done.counts, done.errors, physical()) == ({"taken": 1}, [], 8)
    state = etsy_sync("main", channel="shopify")
    assert state is not None
    assert (state.sync_status, state.order_counts) == (COMPLETED, {"taken": 1})
