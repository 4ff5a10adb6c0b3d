"""Stripe's webhooks: who may send them, and that each takes effect once, in whatever order they come."""

import json
from decimal import Decimal
from typing import Any

import pytest

from common.clock import epoch, iso, utc_now
from common.dynamodb import Query, fetch_all, get_item
from orders.payments import begin, pay
from orders.providers import RefundRefused
from orders.providers.stripe_events import TOLERANCE
from orders.refunds import cancel_order, refund_order
from orders.repositories.refunds import refunds_of
from orders.webhooks import APPLIED
from tests.orders.payments.builders import (
    ADMIN,
    COMMIT,
    NOW,
    Crash,
    changed,
    crash,
    placed,
    stock,
    stored,
    told,
    whole_stock,
)
from tests.orders.payments.conftest import Deliver
from tests.support.http import Answer, Client
from tests.support.races import just_after, just_before
from tools.fakes.stripe_server import GOOD_CARD, WEBHOOK_SECRET, Fake, signed

PATH = "/api/webhooks/payment"
ASK = "orders.providers.stripe_provider.StripeProvider.refund"
SUCCEEDED, FAILED, REFUNDED = "payment_intent.succeeded", "payment_intent.payment_failed", "charge.refunded"


@pytest.fixture
def paid_event(stripe: Fake) -> dict[str, Any]:
    """The event of a customer who paid order 1 in the browser; the shop has not heard of it yet."""
    begin(placed(payment_method="stripe"))
    stripe.pay("pi_1")
    return stripe.event(SUCCEEDED, "pi_1")


def received(answer: Answer) -> None:
    assert (answer.status, answer.json) == (200, {"received": True})


def post(visitor: Client, payload: bytes, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return visitor.post(PATH, data=payload, headers=named)


def signatures(payload: bytes) -> dict[str, str]:
    """Signatures that prove nothing, each by what is wrong with it."""
    now = epoch(utc_now())
    good = signed(payload, now)
    return {
        "empty": "",
        "nonsense": "nonsense",
        "without time": good.partition(",")[2],
        "without signature": good.partition(",")[0],
        "forged": signed(payload, now, "whsec_of_somebody_else"),
        "stale": signed(payload, now - TOLERANCE - 5),
        "of another body": signed(payload + b" ", now),
        "of another time": f"t={now - 1},{good.partition(',')[2]}",
        "of another scheme": good.replace("v1=", "v0="),
    }


@pytest.mark.parametrize("wrong", sorted(signatures(b"")))
def test_a_signature_that_proves_nothing_is_refused(
    visitor: Client, paid_event: dict[str, Any], wrong: str
) -> None:
    order, payload = stored(), json.dumps(paid_event).encode()
    answer = post(visitor, payload, Stripe_Signature=signatures(payload)[wrong])
    assert (answer.status, answer.error) == (401, "Invalid webhook signature")
    assert (stored(), told()) == (order, {})


def test_a_missing_signature_is_refused(visitor: Client, paid_event: dict[str, Any]) -> None:
    order = stored()
    assert post(visitor, json.dumps(paid_event).encode()).status == 401
    assert stored() == order


def test_a_body_that_is_no_text_is_refused(visitor: Client, stripe: Fake) -> None:
    payload = b"\xff\xfe"
    assert post(visitor, payload, Stripe_Signature=signed(payload, epoch(utc_now()))).status == 401


@pytest.mark.parametrize(
    "payload", [b"", b"{", b"[]", b"{}", b'{"type":"charge.refunded","id":"e","data":1}']
)
def test_a_signed_body_that_is_no_event_is_refused(visitor: Client, stripe: Fake, payload: bytes) -> None:
    assert post(visitor, payload, Stripe_Signature=signed(payload, epoch(utc_now()))).status == 400


def test_without_a_secret_webhooks_are_refused(
    visitor: Client, paid_event: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRET", "")
    order, payload = stored(), json.dumps(paid_event).encode()
    for secret in ("", WEBHOOK_SECRET):
        signature = signed(payload, epoch(utc_now()), secret)
        assert post(visitor, payload, Stripe_Signature=signature).status == 503
    assert stored() == order


def test_the_older_header_is_verified_too(visitor: Client, paid_event: dict[str, Any]) -> None:
    payload = json.dumps(paid_event).encode()
    good, bad = signed(payload, epoch(utc_now())), signed(payload, epoch(utc_now()), "x")
    assert post(visitor, payload, X_Webhook_Signature=bad).status == 401
    received(post(visitor, payload, X_Webhook_Signature=good))
    assert stored().payment_status == "paid"


def test_an_event_takes_effect_once(deliver: Deliver, paid_event: dict[str, Any]) -> None:
    received(deliver(paid_event))
    order = stored()
    assert (order.payment_status, order.payment_intent_id) == ("paid", "pi_1")
    received(deliver(paid_event))
    assert (stored(), told()) == (order, {"order_paid": 1})
    mark = get_item(APPLIED.of("stripe", paid_event["id"]).key)
    assert mark is not None
    assert mark["expires_at"] > epoch(NOW) + 89 * 86400


def test_an_event_delivered_twice_at_once_takes_effect_once(
    deliver: Deliver, paid_event: dict[str, Any]
) -> None:
    with just_before(COMMIT, lambda: received(deliver(paid_event))):
        received(deliver(paid_event))
    assert told() == {"order_paid": 1}


def test_a_crash_leaves_the_event_for_the_next_delivery(deliver: Deliver, paid_event: dict[str, Any]) -> None:
    with just_before(COMMIT, crash), pytest.raises(Crash):
        from orders.webhooks import receive

        payload = json.dumps(paid_event).encode()
        receive(payload, {"stripe-signature": signed(payload, epoch(utc_now()))}, NOW)
    received(deliver(paid_event))
    assert told() == {"order_paid": 1}


def test_paying_and_its_event_count_once_in_either_order(
    deliver: Deliver, stripe: Fake, paid_event: dict[str, Any]
) -> None:
    pay(1, {"payment_method_id": GOOD_CARD}, NOW)
    received(deliver(paid_event))
    assert (told(), stripe.charges) == ({"order_paid": 1}, ["pi_1"])


def test_an_event_that_overtakes_the_payment_counts_once(
    deliver: Deliver, stripe: Fake, paid_event: dict[str, Any]
) -> None:
    with just_before(COMMIT, lambda: received(deliver(paid_event))):
        pay(1, {}, NOW)
    assert (told(), stored().payment_status) == ({"order_paid": 1}, "paid")


def test_a_failure_is_recorded_and_a_later_success_pays(deliver: Deliver, stripe: Fake) -> None:
    begin(placed(payment_method="stripe"))
    received(deliver(stripe.event(FAILED, "pi_1")))
    # Whose card it was the report does not say, so it is none of the order's attempts.
    assert (stored().payment_status, stored().payment_attempts) == ("failed", 0)
    received(deliver(stripe.event(FAILED, "pi_1")))
    assert told() == {"payment_failed": 1}
    stripe.pay("pi_1")
    received(deliver(stripe.event(SUCCEEDED, "pi_1")))
    assert stored().payment_status == "paid"


def test_a_failure_after_the_success_changes_nothing(
    deliver: Deliver, stripe: Fake, paid_event: dict[str, Any]
) -> None:
    received(deliver(paid_event))
    order = stored()
    received(deliver(stripe.event(FAILED, "pi_1")))
    assert (stored(), told()) == (order, {"order_paid": 1})


def test_a_refund_made_at_stripe_is_recorded(
    deliver: Deliver, stripe: Fake, paid_event: dict[str, Any]
) -> None:
    received(deliver(paid_event))
    stripe.refund_elsewhere("pi_1", 1000)
    received(deliver(stripe.event(REFUNDED, "pi_1")))
    assert (stored().payment_status, stored().refunded_amount) == ("partially_refunded", Decimal("10.00"))
    stripe.refund_elsewhere("pi_1", 2000)
    received(deliver(stripe.event(REFUNDED, "pi_1")))
    assert (stored().payment_status, stored().refunded_amount) == ("refunded", Decimal("30.00"))
    assert [(it.amount, it.status) for it in refunds_of(1)] == [
        (Decimal("10.00"), "succeeded"),
        (Decimal("20.00"), "succeeded"),
    ]


def test_a_refund_that_was_refused_does_not_count_beside_one_made_at_stripe(
    deliver: Deliver, stripe: Fake, paid_event: dict[str, Any]
) -> None:
    received(deliver(paid_event))
    stripe.refund_elsewhere("pi_1", 2500)
    with pytest.raises(RefundRefused):
        refund_order(1, Decimal("10.00"), None, None, ADMIN, NOW)
    received(deliver(stripe.event(REFUNDED, "pi_1")))
    assert (stored().payment_status, stored().refunded_amount) == ("partially_refunded", Decimal("25.00"))


def test_events_of_refunds_in_the_wrong_order_count_once(
    deliver: Deliver, stripe: Fake, paid_event: dict[str, Any]
) -> None:
    received(deliver(paid_event))
    events = []
    for _ in range(2):
        stripe.refund_elsewhere("pi_1", 1000)
        events.append(stripe.event(REFUNDED, "pi_1"))
    for event in reversed(events):
        received(deliver(event))
    assert stored().refunded_amount == Decimal("20.00")
    assert len(refunds_of(1)) == 1


@pytest.mark.parametrize(("amount", "status"), [(1000, "partially_refunded"), (3000, "refunded")])
def test_a_refund_that_overtakes_the_success_is_kept(
    deliver: Deliver, stripe: Fake, paid_event: dict[str, Any], amount: int, status: str
) -> None:
    stripe.refund_elsewhere("pi_1", amount)
    received(deliver(stripe.event(REFUNDED, "pi_1")))
    assert stored().payment_status == status
    order = stored()
    received(deliver(paid_event))
    assert stored() == order
    assert stripe.refunded("pi_1") == amount


def test_the_event_of_our_own_refund_changes_nothing(
    deliver: Deliver, stripe: Fake, paid_event: dict[str, Any]
) -> None:
    received(deliver(paid_event))
    refund_order(1, Decimal("10.00"), None, None, ADMIN, NOW)
    order = stored()
    received(deliver(stripe.event(REFUNDED, "pi_1")))
    assert stored() == order


def test_the_event_of_our_own_refund_may_come_before_its_answer(
    deliver: Deliver, stripe: Fake, paid_event: dict[str, Any]
) -> None:
    received(deliver(paid_event))
    with just_after(ASK, lambda: received(deliver(stripe.event(REFUNDED, "pi_1")))):
        refund_order(1, Decimal("10.00"), None, None, ADMIN, NOW)
    assert stored().refunded_amount == Decimal("10.00")
    assert [(it.amount, it.status) for it in refunds_of(1)] == [(Decimal("10.00"), "succeeded")]
    assert stripe.refunded("pi_1") == 1000


def test_a_success_for_an_order_cancelled_meanwhile_is_refunded_and_recorded(
    deliver: Deliver, stripe: Fake, paid_event: dict[str, Any]
) -> None:
    cancel_order(1, None, None, ADMIN, NOW)
    received(deliver(paid_event))
    order = stored()
    assert (order.payment_status, order.refunded_amount) == ("refunded", Decimal("30.00"))
    assert stripe.refunded("pi_1") == 3000
    # The cancellation asked Stripe, which had the money by then.
    assert [(it.status, it.actor) for it in refunds_of(1)] == [("succeeded", ADMIN.id)]
    assert stock() == whole_stock()
    received(deliver(paid_event))
    received(deliver(stripe.event(REFUNDED, "pi_1")))
    assert (stored(), stripe.refunded("pi_1")) == (order, 3000)


def test_a_cancellation_at_the_moment_of_the_success_is_refunded(
    deliver: Deliver, stripe: Fake, paid_event: dict[str, Any]
) -> None:
    with just_before(COMMIT, lambda: cancel_order(1, None, None, ADMIN, NOW)):
        received(deliver(paid_event))
    assert (stored().payment_status, stripe.refunded("pi_1")) == ("refunded", 3000)


def test_a_late_payment_that_cannot_go_back_yet_goes_back_with_the_next_delivery(
    deliver: Deliver, stripe: Fake, paid_event: dict[str, Any]
) -> None:
    changed(stored(), cancelled_at=iso(NOW))
    stripe.fail = 2
    assert deliver(paid_event).status == 503
    assert (stored().payment_status, [it.status for it in refunds_of(1)]) == ("paid", ["pending"])
    received(deliver(paid_event))
    assert (stored().payment_status, stripe.refunded("pi_1")) == ("refunded", 3000)


def test_a_second_payment_of_an_order_goes_back_whole(
    deliver: Deliver, stripe: Fake, paid_event: dict[str, Any]
) -> None:
    received(deliver(paid_event))
    order = stored()
    second = stripe.new_intent(3000, "eur", {"order_id": "1"})
    stripe.pay(second)
    event = stripe.event(SUCCEEDED, second)
    for _ in range(2):
        received(deliver(event))
    received(deliver(stripe.event(REFUNDED, second)))
    assert (stored(), stripe.refunded(second), stripe.refunded("pi_1")) == (order, 3000, 0)
    assert told() == {"order_paid": 1, "order_refunded": 1}


def test_a_second_payment_that_cannot_go_back_is_told(
    deliver: Deliver, stripe: Fake, paid_event: dict[str, Any]
) -> None:
    received(deliver(paid_event))
    second = stripe.new_intent(3000, "eur", {"order_id": "1"})
    stripe.pay(second)
    stripe.refund_elsewhere(second, 1)
    received(deliver(stripe.event(SUCCEEDED, second)))
    assert any("could not be given back" in message for message in _messages())


@pytest.mark.parametrize("metadata", [{}, {"order_id": "2"}, {"order_id": "x"}, {"order_id": "9" * 40}])
def test_a_payment_of_an_unknown_order_is_kept_as_a_notification(
    deliver: Deliver, stripe: Fake, paid_event: dict[str, Any], metadata: dict[str, str]
) -> None:
    order = stored()
    event = stripe.event(SUCCEEDED, "pi_1", metadata=metadata)
    for _ in range(2):
        received(deliver(event))
    assert (stored(), told()) == (order, {"system": 1})


@pytest.mark.parametrize(
    "changes", [{"amount_received": 2999}, {"currency": "usd"}, {"amount_received": None}]
)
def test_a_payment_that_does_not_fit_its_order_pays_nothing(
    deliver: Deliver, stripe: Fake, paid_event: dict[str, Any], changes: dict[str, Any]
) -> None:
    order = stored()
    received(deliver(stripe.event(SUCCEEDED, "pi_1", **changes)))
    assert (stored(), told()) == (order, {"system": 1})


def test_an_order_of_another_provider_is_not_paid_by_stripe(deliver: Deliver, stripe: Fake) -> None:
    order = placed(payment_method="etsy")
    name = stripe.new_intent(3000, "eur", {"order_id": "1"})
    stripe.pay(name)
    received(deliver(stripe.event(SUCCEEDED, name)))
    assert (stored(), told()) == (order, {"system": 1})


def test_events_of_other_types_are_received_and_nothing_happens(
    deliver: Deliver, paid_event: dict[str, Any]
) -> None:
    order = stored()
    received(deliver({**paid_event, "type": "customer.created"}))
    assert (stored(), told()) == (order, {})
    received(deliver(paid_event))
    assert stored().payment_status == "paid"


def test_amounts_of_currencies_without_decimals_fit(deliver: Deliver, stripe: Fake) -> None:
    begin(placed(payment_method="stripe", currency="JPY", total="1250.40"))
    stripe.pay("pi_1")
    received(deliver(stripe.event(SUCCEEDED, "pi_1")))
    assert stored().payment_status == "paid"
    stripe.refund_elsewhere("pi_1", 1250)
    received(deliver(stripe.event(REFUNDED, "pi_1")))
    assert stored().payment_status == "refunded"


def _messages() -> list[str]:
    return [str(item["message"]) for item in fetch_all(Query("NOTIFICATION", index="GSI2"))]


def test_a_signed_body_that_is_nested_thousands_deep_is_a_400(visitor: Client, stripe: Fake) -> None:
    deep = b'{"data":' + b"[" * 5_000 + b"]" * 5_000 + b"}"
    assert post(visitor, deep, Stripe_Signature=signed(deep, epoch(utc_now()))).status == 400


def test_an_event_whose_id_is_no_key_is_a_400_and_does_nothing(
    visitor: Client, paid_event: dict[str, Any]
) -> None:
    order, payload = stored(), json.dumps(paid_event | {"id": "evt_" + "1" * 3_000}).encode()
    assert post(visitor, payload, Stripe_Signature=signed(payload, epoch(utc_now()))).status == 400
    assert stored() == order
