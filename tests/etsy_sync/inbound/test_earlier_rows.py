"""Tests of orders whose rows were written before orders could be edited here: what they say still holds."""

from typing import Any

import pytest

from common.dynamodb import put_item
from common.stock_ledger import apply_channel_sale, apply_return
from etsy_sync.adapters.definition import MAIN, ChannelDefinition
from etsy_sync.inbound.orders import fetch
from orders import states
from orders.repositories.channel_orders import known_of
from tests.common.stock_builders import NOW, SKU, on_shelf, physical
from tests.etsy_sync.inbound.builders import a_line, adds_up, an_order, call_off, linked, order_of_channel
from tests.etsy_sync.inbound.conftest import Time
from tests.orders.order_builders import order_rows
from tools.fakes.shopify_server import ShopifyServer

SOLD = 5


@pytest.fixture
def item(shopify: ShopifyServer) -> str:
    """The inventory item of the tests' SKU, linked, with ten pieces here and there."""
    on_shelf(10)
    (variant,) = shopify.create_product(sku=SKU, available=10, price="12.30")
    linked("shopify", variant["inventory_item_id"])
    return str(variant["inventory_item_id"])


def earlier_row(shopify: ShopifyServer, number: int, **fields: Any) -> dict[str, Any]:
    """The row of an order's line with the attributes that it had then."""
    line = line_id(shopify, number)
    return {
        "PK": f"CHANNEL_ORDER#shopify#{number}",
        "SK": f"LINE#{line}",
        "channel": "shopify",
        "order_id": str(number),
        "id": line,
        "sku": "",
        "is_known": True,
        "given_up": {},
        "put_back": 0,
        "version": 1,
    } | fields


def cancelled_row(event_id: str, sold: int, cancelled: int) -> dict[str, Any]:
    """The row of a line of an order on Etsy of which pieces were cancelled then."""
    return {
        "PK": "CHANNEL_ORDER#etsy#1",
        "SK": f"LINE#{event_id}",
        "channel": "etsy",
        "order_id": "1",
        "id": event_id,
        "sku": SKU,
        "quantity": sold,
        "is_known": True,
        "given_up": {"cancel": gone(cancelled)},
        "put_back": cancelled,
        "version": 2,
    }


def line_id(shopify: ShopifyServer, number: int) -> str:
    """The id of an order's only line, as it was from the first."""
    [line] = shopify.shop.orders[number].lines
    return f"{number}:{line.id}"


def kept(shopify: ShopifyServer, number: int, sold: int, **refunded: dict[str, Any]) -> None:
    """Leaves the row of a line that was sold, and of which refunds were told by webhooks then."""
    line, put_back = line_id(shopify, number), 0
    apply_channel_sale("shopify", line, SKU, sold, NOW)
    for name, each in refunded.items():
        if each["restocks"]:
            apply_return("shopify", f"{name}:{line}", SKU, each["quantity"], NOW)
            put_back += each["quantity"]
    put_item(
        earlier_row(
            shopify,
            number,
            sku=SKU,
            quantity=sold,
            given_up=refunded,
            put_back=put_back,
            version=1 + len(refunded),
        )
    )


def gone(quantity: int, *, restocks: bool = True) -> dict[str, Any]:
    """What a row said of a refund."""
    return {"quantity": quantity, "restocks": restocks}


def read_twice(shopify_orders: ChannelDefinition, time: Time) -> int:
    """How many pieces there are when the orders have been read twice."""
    for _ in range(2):
        assert fetch(shopify_orders, MAIN, time.now).errors == []
    return physical()


def test_refunds_that_webhooks_told_do_not_count_again(
    shopify: ShopifyServer, shopify_orders: ChannelDefinition, item: str, time: Time
) -> None:
    number = shopify.buy(SKU, SOLD)
    back = shopify.refund(number, "return", 2)
    lost = shopify.refund(number, "no_restock", 1)
    told = {f"refund:{back}": gone(2), f"refund:{lost}:kept": gone(1, restocks=False)}
    kept(shopify, number, SOLD, **told)
    assert read_twice(shopify_orders, time) == 7
    line = known_of("shopify", str(number)).lines[line_id(shopify, number)]
    assert (line.cancellations.keys(), line.put_back, line.left) == (told.keys(), 2, 3)
    assert order_of_channel(str(number), "shopify").payment_status == "partially_refunded"
    time.sleep(60)
    shopify.cancel_order(number)
    assert read_twice(shopify_orders, time) == 9
    assert states.word(order_of_channel(str(number), "shopify")) == "cancelled"
    assert (len(order_rows()), adds_up()) == (1, True)


@pytest.mark.parametrize("restocks", [True, False])
def test_a_cancellation_that_webhooks_told_does_not_count_again(
    restocks: bool, shopify: ShopifyServer, shopify_orders: ChannelDefinition, item: str, time: Time
) -> None:
    number = shopify.buy(SKU, SOLD)
    refund = shopify.cancel_order(number, restocks)
    name = f"refund:{refund}" if restocks else f"refund:{refund}:kept"
    kept(shopify, number, SOLD, **{name: gone(SOLD, restocks=restocks)})
    assert read_twice(shopify_orders, time) == (10 if restocks else 10 - SOLD)
    assert states.word(order_of_channel(str(number), "shopify")) == "cancelled"
    assert adds_up()


def test_a_refund_that_a_webhook_told_before_the_sale_counts_once(
    shopify: ShopifyServer, shopify_orders: ChannelDefinition, item: str, time: Time
) -> None:
    number = shopify.buy(SKU, SOLD)
    back = shopify.refund(number, "return", 2)
    put_item(earlier_row(shopify, number, given_up={f"refund:{back}": gone(2)}))
    assert read_twice(shopify_orders, time) == 7
    assert adds_up()


@pytest.mark.parametrize("leaves_refund", [True, False])
@pytest.mark.parametrize("wanted", [0, 1, 4, 8])
def test_an_order_of_earlier_rows_is_edited_like_any_other(
    wanted: int,
    leaves_refund: bool,
    shopify: ShopifyServer,
    shopify_orders: ChannelDefinition,
    item: str,
    time: Time,
) -> None:
    number = shopify.buy(SKU, SOLD)
    back = shopify.refund(number, "return", 2)
    kept(shopify, number, SOLD, **{f"refund:{back}": gone(2)})
    time.sleep(60)
    shopify.edit(number, wanted, leaves_refund=leaves_refund)
    assert read_twice(shopify_orders, time) == 10 - wanted == shopify.available(SKU)
    assert adds_up()


def test_a_line_of_a_sku_that_was_not_counted_stays_passed_over(
    shopify: ShopifyServer, shopify_orders: ChannelDefinition, item: str, time: Time
) -> None:
    number = shopify.buy(SKU, SOLD)
    put_item(earlier_row(shopify, number, sku=SKU, quantity=SOLD, is_known=False))
    assert read_twice(shopify_orders, time) == 10
    time.sleep(60)
    shopify.edit(number, 1, leaves_refund=False)
    assert read_twice(shopify_orders, time) == 10


@pytest.mark.parametrize("cancelled", [1, 3])
@pytest.mark.usefixtures("table")
def test_what_was_cancelled_of_an_order_that_nobody_edits_is_put_back_once(cancelled: int) -> None:
    on_shelf(10)
    apply_channel_sale("etsy", "t-1", SKU, 3, NOW)
    apply_return("etsy", "cancel:t-1", SKU, cancelled, NOW)
    put_item(cancelled_row("t-1", 3, cancelled))
    for _ in range(2):
        call_off(an_order(a_line("t-1", 3)), NOW)
        assert physical() == 10
    line = known_of("etsy", "1").lines["t-1"]
    assert (line.put_back, line.as_of, states.word(order_of_channel())) == (3, None, "cancelled")
    assert adds_up()
