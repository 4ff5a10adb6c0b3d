"""Orders that are polled: what they say, and that none is missed."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from etsy_sync.adapters.interface import Transient, Unreadable
from etsy_sync.adapters.orders import ChannelLine, ChannelOrder
from etsy_sync.adapters.shopify.client import ShopifyClient
from etsy_sync.adapters.shopify.orders import find_order, orders_updated_since
from orders.repositories.channel_orders import Cancellation
from tests.etsy_sync.adapters.shopify.conftest import Time
from tests.etsy_sync.readable import readable
from tools.fakes.shopify_server import ShopifyServer


def poll(client: ShopifyClient, time: Time, **ago: int) -> list[ChannelOrder]:
    """The orders since a time before now."""
    return list(readable(orders_updated_since(client, time.now - timedelta(**ago))))


def test_an_order_is_read_as_a_whole(client: ShopifyClient, shop: ShopifyServer, time: Time) -> None:
    made = shop.create_product("A print", sku="PRINT-1", available=5, price="12.30")[0]
    number = shop.buy("PRINT-1", 2, email="buyer@example.com", buyer="Maria Rossi")
    began = time.now
    [order] = poll(client, time, hours=1)
    [sold] = shop.shop.orders[number].lines
    line = ChannelLine(
        event_id=f"{number}:{sold.id}",
        sku="PRINT-1",
        title="A print",
        quantity=2,
        price=Decimal("12.30"),
        target=made["variant_id"],
        removed=0,
    )
    assert order == ChannelOrder(
        channel="shopify",
        id=str(number),
        number="SHOPIFY-1001",
        created_at=began,
        updated_at=began,
        currency="EUR",
        lines=(line,),
        total=Decimal("29.10"),
        subtotal=Decimal("24.60"),
        tax=Decimal("0.00"),
        discount=Decimal(0),
        customer_name="Maria Rossi",
        customer_email="buyer@example.com",
    )
    assert find_order(client, str(number)) == order


def test_an_order_that_is_not_there_is_none(client: ShopifyClient, shop: ShopifyServer) -> None:
    assert find_order(client, "7") is None


@pytest.mark.parametrize("leaves_refund", [True, False])
@pytest.mark.parametrize(("restock", "back"), [(True, 2), (False, 0)])
def test_what_an_edit_removes_is_told_once(
    client: ShopifyClient, shop: ShopifyServer, restock: bool, back: int, leaves_refund: bool
) -> None:
    shop.create_product(sku="A", available=5)
    number = shop.buy("A", 3)
    shop.edit(number, 1, restock=restock, leaves_refund=leaves_refund)
    order = find_order(client, str(number))
    assert order is not None
    [line] = order.lines
    refunded = sum(each.quantity for each in line.cancellations.values() if each.restocks)
    assert (line.quantity, line.removed) == (3, 0 if leaves_refund else 2)
    assert refunded == (back if leaves_refund else 0)


def test_a_refund_that_the_line_does_not_show_yet_adds_no_pieces(
    client: ShopifyClient, shop: ShopifyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.create_product(sku="A", available=5)
    number = shop.buy("A", 3)
    shop.refund(number, "return", 2)
    monkeypatch.setattr("tools.fakes.shopify_shop.Line.current", 3)
    order = find_order(client, str(number))
    assert order is not None
    assert [(line.quantity, line.removed, line.wanted) for line in order.lines] == [(3, 0, 3)]


def test_what_an_edit_adds_is_in_the_line_or_a_line_of_its_own(
    client: ShopifyClient, shop: ShopifyServer, time: Time
) -> None:
    shop.create_product(variants=[{"sku": "A", "available": 5}, {"sku": "B", "available": 5}])
    number = shop.buy("A", 2)
    shop.refund(number, "return", 1)
    time.now += timedelta(minutes=1)
    shop.edit(number, 3)
    shop.add_line(number, "B", 2)
    [order] = poll(client, time, hours=1)
    assert order.updated_at == time.now > order.created_at
    assert [(line.sku, line.quantity, line.removed) for line in order.lines] == [("A", 4, 0), ("B", 2, 0)]
    assert [shop.available(sku) for sku in "AB"] == [2, 3]


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
    names = [name for line in order.lines for name in line.cancellations]
    assert names == [f"refund:{refund}" for refund in refunds]


def test_a_cancelled_order_says_what_became_of_each_line(
    client: ShopifyClient, shop: ShopifyServer, time: Time
) -> None:
    skus = [f"SKU-{number}" for number in range(60)]
    shop.create_product(variants=[{"sku": sku, "available": 2} for sku in skus])
    number = shop.buy(lines=[{"sku": sku, "quantity": 2} for sku in skus])
    refund = shop.cancel_order(number, restock=True)
    [order] = poll(client, time, hours=1)
    assert order.is_cancelled
    told = {f"refund:{refund}": Cancellation(2, restocks=True)}
    assert [line.cancellations for line in order.lines] == [told] * 60


@pytest.mark.parametrize("restock_type", ["cancel", "return", "legacy_restock", "no_restock"])
def test_each_restock_type_says_whether_the_pieces_can_be_sold_again(
    client: ShopifyClient, shop: ShopifyServer, time: Time, restock_type: str
) -> None:
    shop.create_product(sku="A", available=5)
    refund = shop.refund(shop.buy("A", 3), restock_type, 2)
    [order] = poll(client, time, hours=1)
    restocks = restock_type != "no_restock"
    name = f"refund:{refund}" if restocks else f"refund:{refund}:kept"
    assert order.lines[0].cancellations == {name: Cancellation(2, restocks)}
    assert shop.available("A") == (2 if restock_type == "no_restock" else 4)


def test_a_test_order_is_marked(client: ShopifyClient, shop: ShopifyServer, time: Time) -> None:
    shop.create_product(sku=None, available=1)
    shop.buy(item=shop.show()["variants"][0]["inventory_item_id"], is_test=True)
    [order] = poll(client, time, hours=1)
    assert not order.is_ours
    assert order.lines[0].sku == ""


@pytest.mark.parametrize(
    ("status", "is_paid"),
    [("PAID", True), ("REFUNDED", True), ("PENDING", False), ("AUTHORIZED", False), (None, False)],
)
def test_only_what_was_paid_wholly_is_paid(
    client: ShopifyClient,
    shop: ShopifyServer,
    time: Time,
    status: str | None,
    is_paid: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop.create_product(sku="A", available=5)
    shop.buy("A")
    monkeypatch.setattr("tools.fakes.shopify_shop.Order.financial_status", status)
    [order] = poll(client, time, hours=1)
    assert order.is_paid is is_paid


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("createdAt", "soon"), ("currentQuantity", None), ("totalPriceSet", {"shopMoney": {}})],
)
def test_an_order_that_cannot_be_read_is_named_and_not_skipped(
    client: ShopifyClient,
    shop: ShopifyServer,
    time: Time,
    name: str,
    wrong: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop.create_product(sku="A", available=5)
    number = shop.buy("A")
    ask = client.graphql

    def spoiled(query: str, variables: Mapping[str, Any], is_repeatable: bool) -> dict[str, Any]:
        data = ask(query, variables, is_repeatable)
        for order in [data["order"]] if "order" in data else data["orders"]["nodes"]:
            for node in (order, *order["lineItems"]["nodes"]):
                node.update({name: wrong} if name in node else {})
        return data

    monkeypatch.setattr(client, "graphql", spoiled)
    found = list(orders_updated_since(client, time.now - timedelta(hours=1)))
    assert found == [Unreadable(f"gid://shopify/Order/{number}")]
    with pytest.raises(Transient):
        find_order(client, str(number))
