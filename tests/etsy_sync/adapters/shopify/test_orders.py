"""Orders that are polled: what they say, and that none is missed."""

from datetime import timedelta
from decimal import Decimal

import pytest

from etsy_sync.adapters.shopify.client import ShopifyClient
from etsy_sync.adapters.shopify.orders import Order, OrderLine, Refund, RefundLine, orders_updated_since
from tests.etsy_sync.adapters.shopify.conftest import Time
from tests.etsy_sync.readable import readable
from tools.fakes.shopify_server import ShopifyServer


def poll(client: ShopifyClient, time: Time, **ago: int) -> list[Order]:
    """The orders since a time before now."""
    return list(readable(orders_updated_since(client, time.now - timedelta(**ago))))


def test_an_order_is_read_as_a_whole(client: ShopifyClient, shop: ShopifyServer, time: Time) -> None:
    made = shop.create_product("A print", sku="PRINT-1", available=5, price="12.30")[0]
    number = shop.buy("PRINT-1", 2, email="buyer@example.com")
    began = time.now
    [order] = poll(client, time, hours=1)
    line = OrderLine(order.lines[0].id, "PRINT-1", made["variant_id"], "A print", 2, Decimal("12.30"))
    assert order == Order(
        id=str(number),
        name="#1001",
        created_at=began,
        updated_at=began,
        cancelled_at=None,
        is_paid=True,
        is_test=False,
        currency="EUR",
        subtotal=Decimal("24.60"),
        discount=Decimal(0),
        shipping=Decimal("4.50"),
        tax=Decimal("0.00"),
        total=Decimal("29.10"),
        lines=(line,),
    )


def test_only_what_changed_since_is_given_the_earliest_change_first(
    client: ShopifyClient, shop: ShopifyServer, time: Time
) -> None:
    shop.create_product(sku="A", available=9)
    orders = []
    for _ in range(4):
        orders.append(shop.buy("A"))
        time.now += timedelta(hours=1)
    shop.cancel_order(orders[1])
    assert [order.id for order in poll(client, time, minutes=150)] == [
        str(orders[number]) for number in (2, 3, 1)
    ]


def test_more_orders_than_a_page_holds_are_all_given(
    client: ShopifyClient, shop: ShopifyServer, time: Time
) -> None:
    shop.create_product(sku="A", available=40)
    bought = [str(shop.buy("A")) for _ in range(23)]
    assert [order.id for order in poll(client, time, hours=1)] == bought


def test_more_lines_and_refunds_than_a_page_holds_are_all_given(
    client: ShopifyClient, shop: ShopifyServer, time: Time
) -> None:
    skus = [f"SKU-{number}" for number in range(70)]
    shop.create_product(variants=[{"sku": sku, "available": 1} for sku in skus])
    number = shop.buy(lines=[{"sku": sku} for sku in skus])
    refunds = [str(shop.refund(number, "return", line=line)) for line in range(12)]
    [order] = poll(client, time, hours=1)
    assert [line.sku for line in order.lines] == skus
    assert [refund.id for refund in order.refunds] == refunds


def test_a_cancelled_order_says_what_became_of_each_line(
    client: ShopifyClient, shop: ShopifyServer, time: Time
) -> None:
    skus = [f"SKU-{number}" for number in range(60)]
    shop.create_product(variants=[{"sku": sku, "available": 2} for sku in skus])
    number = shop.buy(lines=[{"sku": sku, "quantity": 2} for sku in skus])
    refund = shop.cancel_order(number, restock=True)
    [order] = poll(client, time, hours=1)
    assert order.cancelled_at == time.now
    lines = tuple(RefundLine(line.id, 2, "cancel") for line in order.lines)
    assert order.refunds == (Refund(str(refund), str(number), lines),)


@pytest.mark.parametrize("restock_type", ["cancel", "return", "legacy_restock", "no_restock"])
def test_each_restock_type_is_given_as_webhooks_name_it(
    client: ShopifyClient, shop: ShopifyServer, time: Time, restock_type: str
) -> None:
    shop.create_product(sku="A", available=5)
    shop.refund(shop.buy("A", 3), restock_type, 2)
    [order] = poll(client, time, hours=1)
    assert [(line.quantity, line.restock_type) for line in order.refunds[0].lines] == [(2, restock_type)]
    assert shop.available("A") == (2 if restock_type == "no_restock" else 4)


def test_a_test_order_is_marked(client: ShopifyClient, shop: ShopifyServer, time: Time) -> None:
    shop.create_product(sku=None, available=1)
    shop.buy(item=shop.show()["variants"][0]["inventory_item_id"], is_test=True)
    [order] = poll(client, time, hours=1)
    assert order.is_test
    assert order.lines[0].sku == ""


def test_nothing_of_the_buyer_is_asked_for(client: ShopifyClient, shop: ShopifyServer, time: Time) -> None:
    shop.create_product(sku="A", available=5)
    shop.buy("A", email="buyer@example.com")
    [order] = poll(client, time, hours=1)
    assert (order.email, order.customer_name) == (None, None)
    assert not any(b"mail" in asked.body for asked in shop.asked)
