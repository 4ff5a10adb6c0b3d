"""Shopify's webhooks and the poll beneath them, in any order and as often as Shopify likes."""

from dataclasses import replace
from random import Random

import pytest

from common.repositories.orders import details_of
from common.stock_ledger import apply_delivery
from etsy_sync.adapters.definition import MAIN, ChannelDefinition
from etsy_sync.adapters.interface import Transient
from etsy_sync.adapters.orders import Notice
from etsy_sync.adapters.shopify.webhooks import read_notice
from etsy_sync.inbound import orders as inbound
from etsy_sync.inbound.orders import fetch, handle
from etsy_sync.repositories.sync_states import COMPLETED, sync_state
from orders import states
from tests.common.stock_builders import SKU, on_shelf, physical
from tests.etsy_sync.inbound.builders import (
    adds_up,
    dies_everywhere,
    linked,
    order_of_channel,
    reviews,
    sold_here,
)
from tests.etsy_sync.inbound.conftest import Time
from tests.orders.order_builders import order_rows
from tests.support.races import just_before
from tools.fakes.shopify_server import SECRET, ShopifyServer
from tools.fakes.shopify_webhooks import Webhook


@pytest.fixture
def item(shopify: ShopifyServer) -> str:
    """The inventory item of the tests' SKU, linked, with ten pieces here and there."""
    on_shelf(10)
    (variant,) = shopify.create_product(sku=SKU, available=10, price="12.30")
    linked("shopify", variant["inventory_item_id"])
    return str(variant["inventory_item_id"])


def told(shopify: ShopifyServer, *topics: str) -> list[Notice]:
    """What the webhooks of some topics, or all, tell that wait."""
    return [notice_of(webhook) for webhook in shopify.webhooks(*topics)]


def notice_of(webhook: Webhook) -> Notice:
    return replace(read_notice(webhook.headers, webhook.body, [SECRET]), shop=MAIN)


def test_a_sale_counts_once_however_often_and_however_it_is_told(
    shopify: ShopifyServer, shopify_orders: ChannelDefinition, item: str, time: Time
) -> None:
    number = shopify.buy(SKU, 3)
    events = told(shopify)
    for event in events:
        assert (handle(event, shopify_orders, time.now), handle(event, shopify_orders, time.now)) == (
            "taken",
            "repeated",
        )
        assert handle(replace(event, id=f"{event.id}-again"), shopify_orders, time.now) == "taken"
    assert fetch(shopify_orders, MAIN, time.now).counts == {"taken": 1}
    assert (physical(), sold_here("shopify", item), len(order_rows())) == (7, 3, 1)
    order = order_of_channel(str(number), "shopify")
    assert (order.order_number, order.payment_method) == ("SHOPIFY-1001", "shopify")
    assert order.total == order.subtotal + shopify.shop.orders[number].shipping
    details = details_of(order.id)
    assert details is not None
    assert [(line.variant_id, line.quantity) for line in details.lines] == [(10, 3)]


@pytest.mark.parametrize("is_told", [True, False])
@pytest.mark.parametrize(
    ("approved", "shown"), [(["name", "email"], ("Maria Rossi", "Maria@Example.com")), ([], ("", ""))]
)
def test_the_artist_sees_who_bought_where_shopify_lets_the_app_see_it(
    approved: list[str],
    shown: tuple[str, str],
    is_told: bool,
    shopify: ShopifyServer,
    shopify_orders: ChannelDefinition,
    item: str,
    time: Time,
) -> None:
    shopify.approve(approved)
    number = shopify.buy(SKU, 3, buyer="Maria Rossi", email="Maria@Example.com")
    if is_told:
        for event in told(shopify):
            handle(event, shopify_orders, time.now)
    else:
        fetch(shopify_orders, MAIN, time.now)
    order = order_of_channel(str(number), "shopify")
    assert (order.customer_name, order.customer_email) == shown
    assert (order.payment_status, order.order_number, physical()) == (states.PAID, "SHOPIFY-1001", 7)


def test_an_order_that_is_paid_later_is_an_open_one_until_then(
    shopify: ShopifyServer, shopify_orders: ChannelDefinition, item: str, time: Time
) -> None:
    number = shopify.buy(SKU, 1, is_paid=False)
    handle(told(shopify)[0], shopify_orders, time.now)
    assert (physical(), order_of_channel(str(number), "shopify").payment_status) == (9, states.PENDING)
    shopify.pay(number)
    fetch(shopify_orders, MAIN, time.now)
    assert (physical(), order_of_channel(str(number), "shopify").payment_status) == (9, states.PAID)


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("restock", [True, False])
def test_a_cancelled_order_ends_the_same_in_any_order_of_events(
    restock: bool, seed: int, shopify: ShopifyServer, shopify_orders: ChannelDefinition, item: str, time: Time
) -> None:
    number = shopify.buy(SKU, 3)
    shopify.refund(number, "no_restock", 1)
    shopify.cancel_order(number, restock)
    events = told(shopify) * 2
    Random(seed).shuffle(events)  # noqa: S311 - an order of events is no secret
    for event in events:
        handle(event, shopify_orders, time.now)
    assert (physical(), sold_here("shopify", item)) == (9 if restock else 7, 3)
    assert states.word(order_of_channel(str(number), "shopify")) == "cancelled"
    assert adds_up()


@pytest.mark.parametrize(
    ("restock_type", "left"), [("no_restock", 7), ("cancel", 9), ("return", 9), ("legacy_restock", 9)]
)
def test_a_refund_puts_back_what_shopify_puts_back(
    restock_type: str,
    left: int,
    shopify: ShopifyServer,
    shopify_orders: ChannelDefinition,
    item: str,
    time: Time,
) -> None:
    number = shopify.buy(SKU, 3)
    shopify.refund(number, restock_type, 2)
    for event in reversed(told(shopify)):
        handle(event, shopify_orders, time.now)
    assert physical() == left
    assert order_of_channel(str(number), "shopify").payment_status == "partially_refunded"


def test_an_order_of_the_shops_own_trial_is_ignored(
    shopify: ShopifyServer, shopify_orders: ChannelDefinition, item: str, time: Time
) -> None:
    shopify.buy(SKU, 3, is_test=True)
    [created] = told(shopify, "orders/create")
    assert handle(created, shopify_orders, time.now) == "ignored"
    assert fetch(shopify_orders, MAIN, time.now).counts == {"ignored": 1}
    assert (physical(), order_rows()) == (10, [])


def test_a_level_only_announces(
    shopify: ShopifyServer,
    shopify_orders: ChannelDefinition,
    item: str,
    time: Time,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    announced: list[str] = []
    monkeypatch.setattr(inbound, "announce", announced.extend)
    shopify.set_quantity(4, SKU)
    (event,) = told(shopify)
    assert handle(event, shopify_orders, time.now) == "taken"
    assert handle(Notice("shop/update:1", "shop/update", MAIN), shopify_orders, time.now) == "ignored"
    assert (announced, physical()) == ([SKU], 10)


def test_what_cannot_be_read_is_not_done_with(
    shopify: ShopifyServer, shopify_orders: ChannelDefinition, item: str, time: Time
) -> None:
    shopify.buy(SKU, 1)
    [created] = told(shopify, "orders/create")
    for _ in range(2):
        shopify.fail_next(4)
        with pytest.raises(Transient):
            handle(created, shopify_orders, time.now)
    assert physical() == 10
    assert handle(created, shopify_orders, time.now) == "taken"
    assert physical() == 9


def test_a_process_that_dies_while_a_webhook_is_handled_is_made_good_by_its_repetition(
    shopify: ShopifyServer, shopify_orders: ChannelDefinition, item: str, time: Time
) -> None:
    number = shopify.buy(SKU, 3)
    shopify.refund(number, "return", 1)
    [created] = told(shopify, "orders/create")
    dies_everywhere(lambda: handle(created, shopify_orders, time.now), lambda: {"orders": order_rows()})
    assert handle(created, shopify_orders, time.now) == "repeated"
    time.sleep(60)
    shopify.edit(number, 1, leaves_refund=False)
    [edited] = told(shopify, "orders/edited")
    dies_everywhere(lambda: handle(edited, shopify_orders, time.now), lambda: {"orders": order_rows()})
    assert (physical(), sold_here("shopify", item), len(order_rows())) == (9, 3, 1)
    assert adds_up()


def test_an_order_that_shopify_does_not_give_asks_somebody_to_look_once(
    shopify: ShopifyServer, shopify_orders: ChannelDefinition, item: str, time: Time
) -> None:
    number = shopify.buy(SKU, 1)
    events = told(shopify, "orders/create")
    del shopify.shop.orders[number]
    shopify_told = [handle(event, shopify_orders, time.now) for event in events * 2]
    assert (shopify_told, physical(), len(reviews())) == (["taken", "repeated"], 10, 1)


@pytest.mark.parametrize("leaves_refund", [True, False])
@pytest.mark.parametrize("wanted", [2, 1, 0])
def test_what_an_edit_takes_off_is_in_stock_again_once(
    wanted: int,
    leaves_refund: bool,
    shopify: ShopifyServer,
    shopify_orders: ChannelDefinition,
    item: str,
    time: Time,
) -> None:
    number = shopify.buy(SKU, 3)
    sold = told(shopify)
    for event in sold:
        handle(event, shopify_orders, time.now)
    time.sleep(60)
    shopify.edit(number, wanted, leaves_refund=leaves_refund)
    edits = [event for event in told(shopify) if event not in sold]
    for event in (*edits, *reversed(edits)):
        handle(event, shopify_orders, time.now)
        assert physical() == 10 - wanted
    fetch(shopify_orders, MAIN, time.now)
    assert (physical(), shopify.available(SKU), sold_here("shopify", item)) == (10 - wanted, 10 - wanted, 3)
    assert adds_up()


def test_what_an_edit_takes_off_and_the_artist_keeps_stays_out_of_stock(
    shopify: ShopifyServer, shopify_orders: ChannelDefinition, item: str, time: Time
) -> None:
    number = shopify.buy(SKU, 3)
    shopify.edit(number, 1, restock=False)
    for event in told(shopify):
        handle(event, shopify_orders, time.now)
    assert (physical(), shopify.available(SKU)) == (7, 7)


def test_what_an_edit_adds_to_a_line_or_as_a_line_is_taken_once(
    shopify: ShopifyServer, shopify_orders: ChannelDefinition, item: str, time: Time
) -> None:
    apply_delivery("shop", "first", "OTHER", 5, time.now)
    shopify.create_product(sku="OTHER", available=5)
    number = shopify.buy(SKU, 1)
    fetch(shopify_orders, MAIN, time.now)
    time.sleep(60)
    shopify.edit(number, 4)
    shopify.add_line(number, "OTHER", 2)
    edits = told(shopify, "orders/edited")
    for event in edits * 2:
        handle(event, shopify_orders, time.now)
    fetch(shopify_orders, MAIN, time.now)
    assert (physical(), physical("OTHER"), sold_here("shopify", item)) == (6, 3, 4)
    assert (len(order_rows()), adds_up(), adds_up("OTHER")) == (1, True, True)


@pytest.mark.parametrize("leaves_refund", [True, False])
def test_an_edit_after_a_partial_refund_takes_and_gives_only_its_own(
    leaves_refund: bool,
    shopify: ShopifyServer,
    shopify_orders: ChannelDefinition,
    item: str,
    time: Time,
) -> None:
    number = shopify.buy(SKU, 5)
    shopify.refund(number, "return", 1)
    fetch(shopify_orders, MAIN, time.now)
    assert physical() == 6
    for wanted in (2, 6, 3):
        time.sleep(60)
        shopify.edit(number, wanted, leaves_refund=leaves_refund)
        fetch(shopify_orders, MAIN, time.now)
        assert (physical(), shopify.available(SKU)) == (10 - wanted, 10 - wanted)
    shopify.refund(number, "no_restock", 2)
    fetch(shopify_orders, MAIN, time.now)
    assert physical() == 7
    assert adds_up()


@pytest.mark.parametrize("seed", range(8))
def test_webhooks_of_an_edited_order_may_come_late_twice_and_in_any_order(
    seed: int, shopify: ShopifyServer, shopify_orders: ChannelDefinition, item: str, time: Time
) -> None:
    chance = Random(seed)  # noqa: S311 - an order of events is no secret
    number = shopify.buy(SKU, 3)
    for wanted in (1, 4, 2):
        time.sleep(60)
        shopify.edit(number, wanted, leaves_refund=chance.random() < 0.5)
        for event in chance.sample(told(shopify), 2):
            handle(event, shopify_orders, time.now)
    late = told(shopify) * 2
    chance.shuffle(late)
    for event in late:
        handle(event, shopify_orders, time.now)
    assert physical() == shopify.available(SKU) == 8
    assert adds_up()


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        (1, "find_movement"),
        (1, "apply_return"),
        (1, "write_line"),
        (5, "apply_channel_sale"),
        (5, "write_line"),
    ],
)
def test_a_webhook_and_the_poll_at_once_count_an_edit_once(
    wanted: int, place: str, shopify: ShopifyServer, shopify_orders: ChannelDefinition, item: str, time: Time
) -> None:
    number = shopify.buy(SKU, 3)
    fetch(shopify_orders, MAIN, time.now)
    time.sleep(60)
    shopify.edit(number, wanted, leaves_refund=False)
    [edit] = told(shopify, "orders/edited")
    with just_before(f"etsy_sync.inbound.lines.{place}", lambda: fetch(shopify_orders, MAIN, time.now)):
        handle(edit, shopify_orders, time.now)
    assert physical() == shopify.available(SKU) == 10 - wanted
    assert adds_up()


@pytest.mark.parametrize(("first", "second"), [(1, 4), (5, 2), (0, 3)])
def test_a_reading_that_is_overtaken_by_a_later_edit_does_not_undo_it(
    first: int, second: int, shopify: ShopifyServer, shopify_orders: ChannelDefinition, item: str, time: Time
) -> None:
    number = shopify.buy(SKU, 3)
    fetch(shopify_orders, MAIN, time.now)
    time.sleep(60)
    shopify.edit(number, first, leaves_refund=False)
    [edit] = told(shopify, "orders/edited")

    def overtake() -> None:
        time.sleep(60)
        shopify.edit(number, second, leaves_refund=False)
        fetch(shopify_orders, MAIN, time.now)

    with just_before("etsy_sync.inbound.lines.write_line", overtake):
        handle(edit, shopify_orders, time.now)
    assert physical() == shopify.available(SKU) == 10 - second
    assert adds_up()


def test_the_poll_finds_what_no_webhook_told(
    shopify: ShopifyServer, shopify_orders: ChannelDefinition, item: str, time: Time
) -> None:
    number = shopify.buy(SKU, 3)
    fetch(shopify_orders, MAIN, time.now)
    time.sleep(3600)
    shopify.refund(number, "return", 1)
    done = fetch(shopify_orders, MAIN, time.now)
    assert (done.counts, done.errors, physical()) == ({"taken": 1}, [], 8)
    state = sync_state("main", channel="shopify")
    assert state is not None
    assert (state.sync_status, state.order_counts) == (COMPLETED, {"taken": 1})
