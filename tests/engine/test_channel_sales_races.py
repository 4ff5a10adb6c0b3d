"""Orders of channels on DynamoDB Local: threads that report the same, and against each other."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from common.clock import iso
from common.dynamodb import meter
from common.repositories.stock_alerts import alerts_of_sku
from etsy_sync.adapters.etsy.orders import order_of
from etsy_sync.adapters.etsy.receipts import Receipt, ReceiptLine
from etsy_sync.adapters.registry import CHANNELS
from etsy_sync.inbound.orders import take_order
from etsy_sync.inbound.sales import take_sale
from orders.states import word
from tests.common.stock_builders import NOW, SKU, on_shelf, physical
from tests.engine.test_stock_races import at_once, until_done
from tests.etsy_sync.inbound.builders import (
    a_line,
    adds_up,
    an_order,
    call_off,
    linked,
    order_of_channel,
    refund,
    sold_here,
)
from tests.orders.order_builders import counter, order_rows, told

pytestmark = pytest.mark.usefixtures("table")


def a_receipt(number: int) -> Receipt:
    """A receipt of two lines of the tests' SKU."""
    dawn: dict[str, Any] = {"listing_id": 101, "sku": SKU, "title": "Dawn", "price": Decimal("25.00")}
    lines = tuple(
        ReceiptLine(transaction_id=number * 10 + pieces, quantity=pieces, **dawn) for pieces in (1, 2)
    )
    total, nothing = Decimal("75.00"), Decimal(0)
    return Receipt(
        receipt_id=number,
        status="paid",
        is_paid=True,
        is_shipped=False,
        created_at=NOW,
        updated_at=NOW,
        currency="EUR",
        grand_total=total,
        subtotal=total,
        total_shipping_cost=nothing,
        total_tax_cost=nothing,
        discount=nothing,
        lines=lines,
    )


def test_a_receipt_that_six_take_at_once_counts_once() -> None:
    on_shelf(10)
    linked()
    order = order_of(a_receipt(7))
    orders = at_once(6, lambda _: until_done(lambda: take_order(CHANNELS["etsy"], "1", order, NOW)).order)
    assert {made.id for made in orders if made} == {order_of_channel("7").id}
    assert (physical(), sold_here(), len(order_rows()), counter()[1]) == (7, 3, 1, 1)
    assert len(told("order_created")) == 1
    assert adds_up()


def test_a_sale_its_refund_and_its_cancellation_at_once_end_in_nothing_taken() -> None:
    on_shelf(10)
    linked()
    order = an_order(a_line(quantity=4))
    acts: list[Callable[[], object]] = [
        lambda: take_sale(order, NOW),
        lambda: call_off(order, NOW),
        lambda: take_sale(an_order(a_line(quantity=4, cancellations=refund(2))), NOW),
    ]
    at_once(6, lambda number: until_done(acts[number % 3]))
    assert (physical(), sold_here()) == (10, 4)
    assert word(order_of_channel()) == "cancelled"
    assert adds_up()


def test_many_orders_at_once_take_what_is_there_and_say_what_is_missing() -> None:
    on_shelf(5)
    linked()
    orders = [an_order(a_line(f"t-{number}"), order_id=str(number)) for number in range(8)]
    at_once(8, lambda number: until_done(lambda: take_sale(orders[number], NOW)))
    assert (physical(), sold_here(), len(order_rows()), counter()[1]) == (0, 8, 8, 8)
    shortfalls = [alert for alert in alerts_of_sku(SKU, 99) if alert.type == "manual_review"]
    assert len(shortfalls) == 3
    assert sorted(row["order_number"] for row in order_rows()) == [f"ETSY-{number}" for number in range(8)]
    assert {row["created_at"] for row in order_rows()} == {iso(orders[0].created_at)}


def test_a_report_that_is_no_news_costs_two_reads() -> None:
    on_shelf(10)
    linked()
    with meter() as first:
        take_sale(an_order(), NOW)
    with meter() as again:
        take_sale(an_order(), NOW)
    assert first.calls <= 16
    assert [name for name, *_ in again.operations] == ["query", "get_item"]
    assert again.write_units == 0
