"""Orders of channels: what they take out of stock, what comes back, and the shop's order of them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from common.dynamodb import delete_item
from common.repositories.order_counter import sales_tally
from common.repositories.orders import details_of
from common.repositories.sku_stock import sku_key
from common.repositories.stock_movements import find_movement
from common.stock_ledger import apply_delivery
from etsy_sync.adapters.orders import ChannelOrder
from etsy_sync.inbound.sales import TakenOrder, take_sale
from orders import states
from orders.repositories.channel_orders import Cancellation
from orders.repositories.refunds import refunds_of
from tests.common.stock_builders import NOW, SKU, booked, on_shelf, physical
from tests.etsy_sync.inbound.builders import (
    a_line,
    adds_up,
    an_order,
    call_off,
    dies_everywhere,
    dying_after,
    linked,
    note_early,
    order_of_channel,
    refund,
    reviews,
    sold_here,
)
from tests.etsy_sync.inbound.conftest import Announced
from tests.orders.order_builders import counter, order_rows, told

pytestmark = pytest.mark.usefixtures("table")

LATER = NOW + timedelta(minutes=5)


def state() -> dict[str, Any]:
    """All that one order of the tests may change."""
    return {
        "stock": physical(),
        "sold": sold_here(),
        "movements": len(booked()),
        "orders": [
            (row["order_number"], row["payment_status"], "cancelled_at" in row) for row in order_rows()
        ],
        "tally": sales_tally(),
        "told": len(told("order_created")) + len(told("system")) + len(told("order_refunded")),
        "reviews": len(reviews(SKU)) + len(reviews()),
    }


def refund_all(order: ChannelOrder, now: datetime) -> TakenOrder:
    """Refunds every piece of an order."""
    lines = tuple(replace(line, cancellations=refund(line.quantity)) for line in order.lines)
    return take_sale(replace(order, lines=lines), now)


def test_a_sale_takes_its_pieces_and_becomes_an_order(announced: Announced) -> None:
    on_shelf(10)
    linked()
    taken = take_sale(an_order(a_line(quantity=3), tax=Decimal("5.00")), NOW)
    assert (physical(), sold_here(), announced, taken.moved) == (7, 3, [SKU], (SKU,))
    order = order_of_channel()
    assert taken.order == order
    assert (order.order_number, order.payment_status, order.payment_method) == ("ETSY-1", "paid", "etsy")
    assert (order.total, order.tax, order.channel) == (Decimal("75.00"), Decimal("5.00"), "etsy")
    details = details_of(order.id)
    assert details is not None
    (line,) = details.lines
    assert (line.product_id, line.variant_id, line.sku, line.quantity) == (1, 10, SKU, 3)
    assert (line.unit_price, line.total_price) == (Decimal("25.00"), Decimal("75.00"))
    assert counter() == (1, 1)
    assert sales_tally().revenue == Decimal("75.00")
    assert [row["title"] for row in told("order_created")] == ["New order ETSY-1"]
    assert adds_up()


def test_a_sale_that_is_reported_again_changes_nothing(announced: Announced) -> None:
    on_shelf(10)
    linked()
    first = take_sale(an_order(), NOW)
    before = state()
    announced.clear()
    again = take_sale(an_order(updated_at=LATER), LATER)
    assert (again.order, again.moved, announced) == (first.order, (), [])
    assert state() == before


def test_two_lines_of_one_sku_count_both() -> None:
    on_shelf(10)
    linked()
    order = an_order(a_line("t-1", 2), a_line("t-2", 3))
    for _ in range(2):
        take_sale(order, NOW)
    assert (physical(), sold_here()) == (5, 5)
    details = details_of(order_of_channel().id)
    assert details is not None
    assert [line.quantity for line in details.lines] == [2, 3]


@pytest.mark.parametrize("sku", ["", "   ", "NOBODY-KNOWS"])
def test_a_line_that_nobody_knows_is_in_the_order_and_asks_for_a_look_once(sku: str) -> None:
    on_shelf(10)
    order = an_order(a_line("t-1", 2, sku), a_line("t-2", 1))
    for _ in range(3):
        take_sale(order, NOW)
    (alert,) = reviews(sku.strip() or "-")
    assert "etsy sold 2 of" in alert.message
    details = details_of(order_of_channel().id)
    assert details is not None
    assert [(line.product_id, line.variant_id) for line in details.lines] == [(None, None), (1, 10)]
    assert physical() == 9


def test_pieces_that_are_counted_later_are_not_taken_by_an_old_sale() -> None:
    order = an_order(a_line(sku="NEW"))
    take_sale(order, NOW)
    apply_delivery("shop", "first", "NEW", 5, NOW)
    take_sale(order, LATER)
    call_off(order, LATER)
    assert physical("NEW") == 5


def test_a_cancellation_gives_back_once_what_the_sale_took(announced: Announced) -> None:
    on_shelf(10)
    linked()
    take_sale(an_order(a_line(quantity=3)), NOW)
    announced.clear()
    for _ in range(2):
        call_off(an_order(a_line(quantity=3)), LATER)
    assert (physical(), sold_here(), announced) == (10, 3, [SKU])
    order = order_of_channel()
    assert (states.word(order), order.payment_status) == ("cancelled", "refunded")
    assert (order.refunded_amount, len(refunds_of(order.id))) == (Decimal("75.00"), 1)
    assert [row["title"] for row in told("system")] == ["Order cancelled: ETSY-1"]
    assert not order.restocked
    returned = find_movement("etsy", "return:cancel:t-1", SKU)
    assert returned is not None
    assert returned.delta == 3


def test_a_sale_that_met_too_few_pieces_gives_back_only_those() -> None:
    on_shelf(2)
    linked()
    take_sale(an_order(a_line(quantity=5)), NOW)
    assert (physical(), sold_here(), len(reviews(SKU))) == (0, 5, 1)
    call_off(an_order(a_line(quantity=5)), LATER)
    assert physical() == 2
    assert adds_up()


def test_missing_pieces_are_cancelled_before_those_that_are_there() -> None:
    on_shelf(3)
    take_sale(an_order(a_line(quantity=5)), NOW)
    take_sale(an_order(a_line(quantity=5, cancellations=refund(2))), NOW)
    assert physical() == 0
    take_sale(an_order(a_line(quantity=5, cancellations=refund(1, name="refund:2"))), NOW)
    assert physical() == 1
    call_off(an_order(a_line(quantity=5)), LATER)
    assert physical() == 3


def test_a_cancellation_that_comes_before_its_sale_books_both() -> None:
    on_shelf(2)
    linked()
    order = an_order(a_line(quantity=5))
    call_off(order, NOW)
    take_sale(order, LATER)
    assert (physical(), sold_here(), reviews(SKU)) == (2, 5, [])
    sale = find_movement("etsy", "t-1", SKU)
    assert sale is not None
    assert sale.delta == 0
    assert states.word(order_of_channel()) == "cancelled"
    assert (counter(), len(order_rows())) == ((1, 1), 1)


@pytest.mark.parametrize(("restocks", "left"), [(True, 9), (False, 7)])
def test_what_is_refunded_comes_back_where_it_can_be_sold_again(restocks: bool, left: int) -> None:
    on_shelf(10)
    take_sale(an_order(a_line(quantity=3)), NOW)
    for _ in range(2):
        take_sale(an_order(a_line(quantity=3, cancellations=refund(2, restocks=restocks))), LATER)
    assert physical() == left
    order = order_of_channel()
    assert (order.payment_status, order.refunded_amount) == ("partially_refunded", Decimal("0.00"))
    rest = refund(1, restocks=restocks, name="refund:2")
    take_sale(an_order(a_line(quantity=3, cancellations=rest)), LATER)
    order = order_of_channel()
    assert (order.payment_status, order.refunded_amount) == ("refunded", Decimal("75.00"))
    assert physical() == left + restocks


def test_a_refund_that_was_noted_before_its_sale_is_remembered() -> None:
    on_shelf(10)
    note_early(an_order(), refund(2))
    take_sale(an_order(a_line(quantity=3)), LATER)
    assert physical() == 9
    assert order_of_channel().payment_status == "partially_refunded"


def test_a_cancellation_that_grows_gives_back_the_difference() -> None:
    on_shelf(10)
    for cancelled in (0, 1, 3, 1):
        cancellations = {"cancel": Cancellation(cancelled, restocks=True)} if cancelled else {}
        take_sale(an_order(a_line(quantity=4, cancellations=cancellations)), NOW)
    assert physical() == 9
    assert order_of_channel().payment_status == "paid"


def test_money_that_goes_back_moves_no_pieces() -> None:
    on_shelf(10)
    take_sale(an_order(), NOW)
    take_sale(an_order(is_partly_refunded=True), NOW)
    assert order_of_channel().payment_status == "partially_refunded"
    take_sale(an_order(is_refunded=True), NOW)
    take_sale(an_order(is_partly_refunded=True), LATER)
    assert (physical(), states.word(order_of_channel())) == (9, "refunded")


def test_an_order_is_paid_shipped_and_delivered_as_its_channel_says() -> None:
    on_shelf(10)
    reports: list[tuple[dict[str, Any], str, str]] = [
        ({"is_paid": False}, "pending", "pending"),
        ({}, "paid", "pending"),
        ({"is_paid": False}, "paid", "pending"),
        ({"is_shipped": True}, "paid", "shipped"),
        ({"is_delivered": True}, "paid", "delivered"),
        ({"is_shipped": True}, "paid", "delivered"),
    ]
    for fields, payment, word in reports:
        take_sale(an_order(**fields), NOW)
        order = order_of_channel()
        assert (order.payment_status, states.word(order)) == (payment, word)
    assert (len(told("order_paid")), len(told("order_shipped")), physical()) == (1, 1, 9)


def test_an_order_without_a_price_takes_its_pieces_and_is_made_when_it_has_one() -> None:
    on_shelf(10)
    unpaid = an_order(total=None, is_paid=False)
    assert take_sale(unpaid, NOW).order is None
    assert (physical(), order_rows()) == (9, [])
    take_sale(an_order(), LATER)
    assert (physical(), order_of_channel().total) == (9, Decimal("25.00"))


def test_what_was_sold_before_the_shop_began_to_count_moves_nothing() -> None:
    on_shelf(10)
    note_early(an_order(), refund(1))
    old = an_order(a_line(quantity=3))
    for take in (take_sale, call_off):
        assert take(old, LATER, since=NOW).order is None
    assert (physical(), order_rows()) == (10, [])
    take_sale(old, LATER, since=old.created_at)
    call_off(old, LATER, since=LATER)
    assert physical() == 10
    assert states.word(order_of_channel()) == "cancelled"


def test_only_the_link_that_sold_is_told_of_the_sale() -> None:
    on_shelf(10)
    linked(target="101")
    linked(target="102")
    linked("shopify", "9", extra={"variant_id": "77"})
    take_sale(an_order(a_line(target="102")), NOW)
    shopify = replace(an_order(a_line(target="77"), order_id="2"), channel="shopify", number="SHOPIFY-2")
    take_sale(shopify, NOW)
    take_sale(an_order(a_line("t-3", target="103"), order_id="3"), NOW)
    sold = [sold_here(target="101"), sold_here(target="102"), sold_here("shopify", "9")]
    assert (sold, physical()) == ([0, 1, 1], 7)


def test_pieces_whose_variant_is_gone_come_back_to_nothing() -> None:
    apply_delivery("shop", "first", "LOOSE", 2, NOW)
    order = an_order(a_line(sku="LOOSE"))
    take_sale(order, NOW)
    delete_item(sku_key("LOOSE"))
    call_off(order, LATER)
    assert physical("LOOSE") == 0


@pytest.mark.parametrize(
    "fields",
    [{}, {"is_shipped": True}, {"is_cancelled": True}, {"is_refunded": True}, {"is_partly_refunded": True}],
)
def test_a_process_that_dies_between_any_two_writes_is_made_good(fields: Mapping[str, Any]) -> None:
    on_shelf(10)
    linked()
    order = an_order(a_line("t-1", 2), a_line("t-2", 1), a_line("t-3", 1, ""), **fields)
    dies_everywhere(lambda: take_sale(order, NOW), state)
    seen = state()
    assert (seen["stock"], seen["sold"], len(seen["orders"]), seen["reviews"]) == (7, 3, 1, 1)
    assert len(told("order_created")) == 1
    assert adds_up()


@pytest.mark.parametrize("give_back", [call_off, refund_all])
def test_a_process_that_dies_while_giving_back_is_made_good(
    give_back: Callable[[ChannelOrder, datetime], TakenOrder],
) -> None:
    on_shelf(10)
    linked()
    order = an_order(a_line("t-1", 2), a_line("t-2", 1))
    take_sale(order, NOW)
    dies_everywhere(lambda: give_back(order, LATER), state)
    assert (physical(), sold_here()) == (10, 3)
    assert adds_up()


def test_one_line_that_fails_does_not_keep_another_from_being_announced(announced: Announced) -> None:
    on_shelf(10)
    linked()
    order = an_order(a_line("t-1", 1), a_line("t-2", 1))
    with dying_after(1) as life:
        take_sale(order, NOW)
    assert life.is_over
    assert (physical(), announced) == (9, [SKU])
