"""Refunds keep the tax that goes back with them, also those that are made at the provider and come back."""

from decimal import Decimal

import pytest

from common.clock import epoch, utc_now
from common.dynamodb import UnitOfWork
from common.repositories.orders import Order, OrderDetails, TaxAmount, add_order
from orders.refund_completion import no_mark
from orders.refund_reports import RefundReport, record_refund_report, record_refunded
from orders.repositories.refunds import FAILED, Refund, refunds_of
from tests.orders.order_builders import an_order

pytestmark = pytest.mark.usefixtures("table")

TAXES = (
    TaxAmount("AT", "standard", Decimal("0.2"), Decimal("50.00"), Decimal("10.00")),
    TaxAmount("AT", "book", Decimal("0.1"), Decimal("54.55"), Decimal("5.45")),
)


@pytest.fixture
def order(table: str) -> Order:
    """A paid order of 120.00 with two rates."""
    placed = an_order(
        1,
        total=Decimal("120.00"),
        tax=Decimal("15.45"),
        payment_status="paid",
        payment_method="stripe",
        payment_intent_id="pi_1",
        prices_include_tax=True,
    )
    with UnitOfWork() as work:
        add_order(work, placed, OrderDetails((), taxes=TAXES), ValueError("taken"))
    return placed


def _sums(refund: Refund) -> tuple[Decimal, Decimal]:
    net = sum((it.net for it in refund.taxes), Decimal(0))
    return net, sum((it.tax for it in refund.taxes), Decimal(0))


def test_a_refund_that_was_made_at_the_provider_takes_its_tax(order: Order) -> None:
    record_refunded(order.id, "pi_1", Decimal("60.00"), utc_now(), no_mark)
    (refund,) = refunds_of(order.id)
    assert [(it.tax_class, it.net, it.tax) for it in refund.taxes] == [
        ("standard", Decimal("25.00"), Decimal("5.00")),
        ("book", Decimal("27.27"), Decimal("2.73")),
    ]


def test_what_comes_back_of_it_takes_its_tax_back_and_the_rest_can_be_refunded_whole(order: Order) -> None:
    now = utc_now()
    record_refunded(order.id, "pi_1", Decimal("60.00"), now, no_mark)
    back = RefundReport("re_1", "", Decimal("20.00"), epoch(now), has_failed=True)
    record_refund_report(order.id, back, now, no_mark)
    first, failed = refunds_of(order.id)
    assert (first.amount, sum(_sums(first))) == (Decimal("40.00"), Decimal("40.00"))
    assert (failed.status, failed.taxes) == (FAILED, ())
    record_refunded(order.id, "pi_1", Decimal("120.00"), now, no_mark)
    gone = [it for it in refunds_of(order.id) if it.status != FAILED]
    assert sum(it.amount for it in gone) == Decimal("120.00")
    for tax in TAXES:
        same = [it for refund in gone for it in refund.taxes if it.tax_class == tax.tax_class]
        assert (sum(it.net for it in same), sum(it.tax for it in same)) == (tax.net, tax.tax)
