"""What Stripe tells of refunds later: on their way, arrived, come back; twice and in any order."""

from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from common.dynamodb import Query, fetch_all
from orders.payments import pay
from orders.providers import RefundRefused
from orders.refunds import cancel_order, refund_order
from orders.repositories.refunds import refunds_of
from tests.orders.payments.builders import (
    ADMIN,
    LEFT,
    NOW,
    audited,
    placed,
    stock,
    stored,
    told,
    uses,
    whole_stock,
)
from tests.orders.payments.conftest import Deliver
from tests.support.http import Client
from tests.support.races import just_after
from tools.fakes.stripe_server import GOOD_CARD, Fake

ASK = "orders.providers.stripe_provider.StripeProvider.refund"
FAILURES = ("charge.refund.updated", "refund.updated", "refund.failed")
ARRIVALS = ("charge.refund.updated", "refund.updated")


@pytest.fixture
def shop(stripe: Fake) -> Fake:
    """A Stripe account where order 1 was paid."""
    placed(payment_method="stripe")
    pay(1, {"payment_method_id": GOOD_CARD}, NOW)
    return stripe


def refund(amount: str | None = "10.00") -> None:
    refund_order(1, Decimal(amount) if amount else None, None, None, ADMIN, NOW)


def books() -> tuple[str, Decimal, list[str]]:
    order = stored()
    return order.payment_status, order.refunded_amount, [it.status for it in refunds_of(1)]


def deliver_all(deliver: Deliver, *events: dict[str, Any]) -> None:
    """Each of them twice."""
    for event in events:
        for _ in range(2):
            assert deliver(event).status == 200


def messages() -> list[str]:
    return [str(item["message"]) for item in fetch_all(Query("NOTIFICATION", index="GSI2"))]


def test_a_pending_refund_is_pending_until_it_is_told(shop: Fake, admin: Client, deliver: Deliver) -> None:
    shop.refund_status = "pending"
    answer = admin.post("/api/admin/orders/1/refund", json={"amount": 10})
    assert (answer.status, answer.json["refund"]["status"]) == (200, "pending")
    assert books() == ("paid", Decimal("10.00"), ["pending"])
    assert any("on their way back" in text for text in messages())
    (made,) = shop.refunds
    deliver_all(deliver, shop.refund_event("refund.updated", made))
    assert books() == ("paid", Decimal("10.00"), ["pending"])
    shop.turn(made, "succeeded")
    deliver_all(deliver, *(shop.refund_event(kind, made) for kind in ARRIVALS))
    assert books() == ("partially_refunded", Decimal("10.00"), ["succeeded"])
    assert (told()["order_refunded"], audited()) == (2, ["REFUND", "REFUND_CONFIRMED"])


def test_a_pending_refund_is_asked_about_by_the_next_one(shop: Fake) -> None:
    shop.refund_status = "pending"
    refund("10.00")
    shop.turn(shop.refunds[0], "succeeded")
    shop.refund_status = "succeeded"
    refund("5.00")
    assert books() == ("partially_refunded", Decimal("15.00"), ["succeeded", "succeeded"])


def test_a_cancellation_takes_effect_while_its_money_is_on_its_way(shop: Fake, deliver: Deliver) -> None:
    shop.refund_status = "pending"
    cancel_order(1, None, None, ADMIN, NOW)
    assert (stored().cancelled_at is None, stock(), uses()) == (False, whole_stock(), 0)
    assert books() == ("paid", Decimal("30.00"), ["pending"])
    shop.turn(shop.refunds[0], "succeeded")
    deliver_all(deliver, shop.refund_event("refund.updated", shop.refunds[0]))
    assert books() == ("refunded", Decimal("30.00"), ["succeeded"])
    assert (stock(), uses()) == (whole_stock(), 0)


@pytest.mark.parametrize("kind", FAILURES)
@pytest.mark.parametrize("status", ["failed", "canceled"])
@pytest.mark.parametrize("first", ["pending", "succeeded"])
def test_a_refund_that_comes_back_can_be_made_again(
    shop: Fake, deliver: Deliver, kind: str, status: str, first: str
) -> None:
    shop.refund_status = first
    refund()
    (made,) = shop.refunds
    shop.turn(made, status, "expired_or_canceled_card")
    deliver_all(deliver, shop.refund_event(kind, made))
    assert books() == ("paid", Decimal("0.00"), ["failed"])
    assert told()["system"] == 1
    assert any("expired_or_canceled_card" in text for text in messages())
    shop.refund_status = "succeeded"
    refund()
    assert books() == ("partially_refunded", Decimal("10.00"), ["failed", "succeeded"])
    assert shop.refunded("pi_1") == 1000


def test_a_failure_is_told_once_however_many_events_tell_of_it(shop: Fake, deliver: Deliver) -> None:
    refund()
    shop.turn(shop.refunds[0], "failed")
    deliver_all(deliver, *(shop.refund_event(kind, shop.refunds[0]) for kind in FAILURES))
    assert (books(), told()["system"]) == (("paid", Decimal("0.00"), ["failed"]), 1)


def test_pieces_and_cancellation_stay_when_the_money_comes_back(shop: Fake, deliver: Deliver) -> None:
    cancel_order(1, None, None, ADMIN, NOW)
    shop.turn(shop.refunds[0], "failed")
    deliver_all(deliver, shop.refund_event("refund.failed", shop.refunds[0]))
    order = stored()
    assert (order.cancelled_at is None, order.payment_status, stock()) == (False, "paid", whole_stock())
    refund(None)
    assert books() == ("refunded", Decimal("30.00"), ["failed", "succeeded"])
    assert (stock(), uses()) == (whole_stock(), 0)


@pytest.mark.exhaustive
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_every_order_of_the_reports_of_one_refund_ends_the_same(
    shop: Fake, deliver: Deliver, order: tuple[int, ...]
) -> None:
    refund()
    made = shop.refunds[0]
    events = [shop.event("charge.refunded", "pi_1"), shop.refund_event("refund.updated", made)]
    shop.turn(made, "failed")
    events.append(shop.refund_event("refund.failed", made))
    for position in order:
        assert deliver(events[position]).status == 200
    assert books() == ("paid", Decimal("0.00"), ["failed"])


def test_a_failure_may_come_before_the_answer_of_the_refund_is_written(shop: Fake, deliver: Deliver) -> None:
    def fails() -> None:
        shop.turn(shop.refunds[0], "failed")
        deliver_all(deliver, shop.refund_event("refund.failed", shop.refunds[0]))

    with just_after(ASK, fails), pytest.raises(RefundRefused):
        refund()
    assert books() == ("paid", Decimal("0.00"), ["failed"])
    assert (stock(), told()["order_refunded"]) == (LEFT, 0)


def test_the_report_of_a_refund_may_come_before_its_answer(shop: Fake, deliver: Deliver) -> None:
    with just_after(ASK, lambda: deliver_all(deliver, shop.refund_event("refund.created", shop.refunds[0]))):
        refund()
    assert books() == ("partially_refunded", Decimal("10.00"), ["succeeded"])
    assert told()["order_refunded"] == 1


def test_a_refund_made_at_stripe_that_comes_back_counts_no_more(shop: Fake, deliver: Deliver) -> None:
    shop.refund_elsewhere("pi_1", 1000)
    made = shop.refunds[0]
    deliver_all(deliver, shop.refund_event("refund.created", made), shop.event("charge.refunded", "pi_1"))
    assert books() == ("partially_refunded", Decimal("10.00"), ["succeeded"])
    shop.turn(made, "failed")
    deliver_all(deliver, *(shop.refund_event(kind, made) for kind in FAILURES))
    assert books() == ("paid", Decimal("0.00"), ["failed"])


def test_one_of_two_refunds_made_at_stripe_that_comes_back_counts_no_more(
    shop: Fake, deliver: Deliver
) -> None:
    for amount in (1000, 500):
        shop.refund_elsewhere("pi_1", amount)
    deliver_all(deliver, shop.event("charge.refunded", "pi_1"))
    shop.turn(shop.refunds[1], "failed")
    deliver_all(deliver, *(shop.refund_event(kind, shop.refunds[1]) for kind in FAILURES))
    assert books() == ("partially_refunded", Decimal("10.00"), ["succeeded", "failed"])


def test_a_refund_made_at_stripe_whose_failure_comes_first_is_never_counted(
    shop: Fake, deliver: Deliver
) -> None:
    shop.refund_elsewhere("pi_1", 1000)
    counted = shop.event("charge.refunded", "pi_1")
    shop.turn(shop.refunds[0], "failed")
    deliver_all(deliver, shop.refund_event("refund.failed", shop.refunds[0]), counted)
    assert books() == ("paid", Decimal("0.00"), ["failed"])


def test_money_given_back_by_hand_is_no_part_of_what_stripe_counts(shop: Fake, deliver: Deliver) -> None:
    refund_order(1, Decimal("5.00"), None, None, ADMIN, NOW, is_elsewhere=True)
    shop.refund_elsewhere("pi_1", 1000)
    deliver_all(deliver, shop.event("charge.refunded", "pi_1"))
    assert books() == ("partially_refunded", Decimal("15.00"), ["succeeded", "succeeded"])


def test_a_refund_of_another_payment_is_kept_as_a_notification(shop: Fake, deliver: Deliver) -> None:
    refund()
    before = books()
    deliver_all(deliver, shop.refund_event("refund.failed", shop.refunds[0], payment_intent="pi_other"))
    assert (books(), told()["system"]) == (before, 1)
