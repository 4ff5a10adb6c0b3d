"""Orders that were placed on a channel: made once, moved along in any order, and cancelled only there."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from common.clock import utc_now
from common.errors import Conflict
from common.repositories.order_counter import reserve_id
from common.repositories.orders import Order, OrderLine, order_by_id, orders_of_email
from orders import states
from orders.channel_orders import Placed, Reached, advance, make_order
from orders.providers import RefundRefused
from orders.refund_completion import By
from orders.refunds import cancel_order, refund_order
from orders.repositories.channel_orders import known_of
from tests.orders.order_builders import counter, order_rows, told
from tests.support.races import just_before

NOW = utc_now()
LINE = OrderLine(1, 1, 10, "A work", None, "V-1-0", 1, Decimal("20.00"), Decimal("20.00"))

pytestmark = pytest.mark.usefixtures("table")


def placed(**fields: Any) -> Placed:
    values: dict[str, Any] = {
        "channel": "etsy",
        "id": "7",
        "number": "ETSY-7",
        "created_at": NOW - timedelta(days=1),
        "currency": "EUR",
        "subtotal": Decimal(20),
        "tax": Decimal(0),
        "discount": Decimal(0),
        "total": Decimal(20),
        "lines": (LINE,),
    }
    return Placed(**(values | fields))


def made(**fields: Any) -> Order:
    return make_order(placed(**fields), NOW)


def test_an_order_is_made_once_and_counted_like_any_other() -> None:
    assert made() == made() == order_by_id(1)
    assert known_of("etsy", "7").order_id == 1
    assert (counter(), len(order_rows()), len(told("order_created"))) == ((1, 1), 1, 1)
    assert made(id="8", number="ETSY-8").id == 2


@pytest.mark.parametrize("rival", [lambda: made(), lambda: made(id="8", number="ETSY-8"), reserve_id])  # noqa: PLW0108
def test_another_order_at_the_same_moment_keeps_none_from_being_made(rival: Any) -> None:
    with just_before("orders.channel_orders.add_order", rival):
        order = made()
    assert order.order_number == "ETSY-7"
    assert len({row["id"] for row in order_rows()}) == len(order_rows()) == counter()[1]


def test_an_order_of_an_unknown_buyer_is_in_nobodys_list() -> None:
    made()
    made(id="8", number="ETSY-8", customer_email="maria@example.com")
    assert "GSI2PK" not in order_rows()[0]
    assert [order.id for order in orders_of_email("maria@example.com", 9, None)[0]] == [2]


def test_an_order_never_goes_back() -> None:
    order = made(is_paid=False)
    steps = [Reached(is_paid=True), Reached(), Reached(is_shipped=True), Reached(is_delivered=True)]
    words = [states.word(advance(order.id, reached, NOW)) for reached in [*steps, *steps]]
    assert words == ["pending", "pending", "shipped", *["delivered"] * 5]
    assert advance(order.id, Reached(refunded="wholly"), NOW).payment_status == "refunded"
    assert advance(order.id, Reached(refunded="partly"), NOW).payment_status == "refunded"


def test_what_was_never_paid_is_cancelled_and_not_refunded() -> None:
    order = made(is_paid=False)
    after = advance(order.id, Reached(is_cancelled=True, refunded="wholly"), NOW)
    assert (states.word(after), after.payment_status, after.refunded_amount) == (
        "cancelled",
        "pending",
        Decimal("0.00"),
    )
    assert advance(order.id, Reached(is_paid=True), NOW).payment_status == "pending"


@pytest.mark.parametrize("is_paid", [True, False])
def test_it_is_cancelled_only_where_it_was_placed(is_paid: bool) -> None:
    order = made(is_paid=is_paid)
    with pytest.raises(Conflict, match="can only be cancelled on etsy"):
        cancel_order(order.id, True, None, By("1"), NOW)
    with pytest.raises((Conflict, RefundRefused)):
        refund_order(order.id, None, True, None, By("1"), NOW)
    assert states.word(order_by_id(order.id) or order) == "pending"
