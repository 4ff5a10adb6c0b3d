"""Payments that the buyer's bank wants back: held, lost or won, in whatever order Stripe tells of it."""

from decimal import Decimal
from typing import Any

import pytest

from common.errors import Conflict
from orders.payments import pay
from orders.refunds import cancel_order, refund_order
from orders.repositories.refunds import refunds_of
from tests.orders.payments.builders import ADMIN, NOW, placed, stored, told
from tests.orders.payments.conftest import Deliver
from tests.support.http import Client
from tools.fakes.stripe_server import GOOD_CARD, Fake

CREATED, CLOSED = "charge.dispute.created", "charge.dispute.closed"
WITHDRAWN, REINSTATED = "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated"


@pytest.fixture
def shop(stripe: Fake) -> Fake:
    """A Stripe account where order 1 was paid."""
    placed(payment_method="stripe")
    pay(1, {"payment_method_id": GOOD_CARD}, NOW)
    return stripe


def books() -> tuple[str, str | None, Decimal, Decimal]:
    order = stored()
    return order.payment_status, order.dispute_status, order.disputed_amount, order.lost_amount


def deliver_all(deliver: Deliver, *events: dict[str, Any]) -> None:
    """Each of them twice."""
    for event in events:
        for _ in range(2):
            assert deliver(event).status == 200


def disputed(shop: Fake, deliver: Deliver, amount: int = 3000, status: str = "needs_response") -> Any:
    """A dispute that the shop has heard of."""
    dispute = shop.dispute("pi_1", amount, status)
    deliver_all(deliver, shop.dispute_event(CREATED, dispute))
    return dispute


def test_a_dispute_is_told_and_shown_to_the_administrator(
    shop: Fake, deliver: Deliver, admin: Client, visitor: Client
) -> None:
    dispute = disputed(shop, deliver)
    deliver_all(deliver, shop.dispute_event(WITHDRAWN, dispute))
    shown = admin.get("/api/admin/shop/orders/1").json
    assert (shown["dispute_status"], shown["disputed_amount"]) == ("needs_response", Decimal("30.00"))
    assert "dispute_status" not in visitor.get("/api/orders/1").json
    assert told()["system"] == 1


def test_disputed_money_is_not_refunded(shop: Fake, deliver: Deliver, admin: Client) -> None:
    disputed(shop, deliver, 2000)
    answer = admin.post("/api/admin/orders/1/refund", json={"amount": 15})
    assert (answer.status, "20.00 EUR are disputed" in answer.error) == (409, True)
    refund_order(1, None, None, None, ADMIN, NOW)
    assert (shop.refunded("pi_1"), [it.status for it in refunds_of(1)]) == (1000, ["succeeded"])


def test_a_lost_dispute_counts_as_money_gone(shop: Fake, deliver: Deliver) -> None:
    dispute = disputed(shop, deliver)
    shop.close(dispute, "lost")
    deliver_all(deliver, shop.dispute_event(CLOSED, dispute))
    assert books() == ("refunded", "lost", Decimal("0.00"), Decimal("30.00"))
    assert stored().refunded_amount == Decimal("0.00")
    with pytest.raises(Conflict):
        refund_order(1, None, None, None, ADMIN, NOW)
    assert cancel_order(1, None, None, ADMIN, NOW).refund is None
    assert told()["system"] == 2


def test_a_part_that_was_lost_leaves_the_rest_to_refund(
    shop: Fake, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispute = disputed(shop, deliver, 1000)
    shop.close(dispute, "lost")
    deliver_all(deliver, shop.dispute_event(CLOSED, dispute))
    assert books()[0] == "partially_refunded"
    refund_order(1, None, None, None, ADMIN, NOW, is_elsewhere=True)
    assert (stored().payment_status, stored().refunded_amount) == ("refunded", Decimal("20.00"))


def test_a_dispute_that_was_won_leaves_the_money_to_refund(shop: Fake, deliver: Deliver) -> None:
    dispute = disputed(shop, deliver)
    shop.close(dispute, "won")
    deliver_all(deliver, shop.dispute_event(CLOSED, dispute), shop.dispute_event(REINSTATED, dispute))
    assert books() == ("paid", "won", Decimal("0.00"), Decimal("0.00"))
    refund_order(1, None, None, None, ADMIN, NOW)
    assert (stored().payment_status, shop.refunded("pi_1")) == ("refunded", 3000)


def test_an_inquiry_holds_no_money_until_it_becomes_a_dispute(shop: Fake, deliver: Deliver) -> None:
    dispute = disputed(shop, deliver, status="warning_needs_response")
    assert books() == ("paid", "warning_needs_response", Decimal("0.00"), Decimal("0.00"))
    shop.close(dispute, "needs_response")
    deliver_all(deliver, shop.dispute_event(WITHDRAWN, dispute))
    assert books()[2] == Decimal("30.00")


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("lost", ("refunded", "lost", Decimal("0.00"), Decimal("30.00"))),
        ("won", ("paid", "won", Decimal("0.00"), Decimal("0.00"))),
        ("warning_closed", ("paid", "warning_closed", Decimal("0.00"), Decimal("0.00"))),
    ],
)
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0), (2, 1, 0)])
def test_every_order_of_the_reports_of_one_dispute_ends_the_same(
    shop: Fake, deliver: Deliver, order: tuple[int, ...], end: str, expected: object
) -> None:
    dispute = shop.dispute("pi_1", 3000)
    events = [shop.dispute_event(CREATED, dispute)]
    shop.close(dispute, "under_review")
    events.append(shop.dispute_event("charge.dispute.updated", dispute))
    shop.close(dispute, end)
    events.append(shop.dispute_event(CLOSED, dispute))
    for position in order:
        assert deliver(events[position]).status == 200
    assert books() == expected


def test_two_disputes_of_one_order_add_up(shop: Fake, deliver: Deliver) -> None:
    first, second = disputed(shop, deliver, 1000), disputed(shop, deliver, 500)
    assert books()[2:] == (Decimal("15.00"), Decimal("0.00"))
    shop.close(first, "lost")
    shop.close(second, "won")
    deliver_all(deliver, *(shop.dispute_event(CLOSED, it) for it in (second, first)))
    assert books() == ("partially_refunded", "lost", Decimal("0.00"), Decimal("10.00"))


def test_a_dispute_of_a_payment_that_is_not_ours_is_kept_as_a_notification(
    shop: Fake, deliver: Deliver
) -> None:
    order = stored()
    dispute = shop.dispute("pi_1", 3000)
    deliver_all(deliver, shop.dispute_event(CREATED, dispute, payment_intent="pi_of_nobody"))
    other = shop.new_intent(3000, "eur", {})
    deliver_all(deliver, shop.dispute_event(CREATED, dispute, payment_intent=other))
    assert (stored(), told()["system"]) == (order, 2)


def test_a_dispute_waits_while_stripe_does_not_say_whose_it_is(
    shop: Fake, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = shop.dispute_event(CREATED, shop.dispute("pi_1", 3000))
    with monkeypatch.context() as away:
        away.setenv("STRIPE_API_KEY", "")
        assert deliver(event).status == 503
    assert deliver(event).status == 200
    assert books()[2] == Decimal("30.00")
