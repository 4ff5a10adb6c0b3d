"""Paying and refunding through Stripe's own library, against its protocol on loopback."""

import subprocess
import sys
from datetime import datetime
from decimal import Decimal

import pytest

from common.errors import Conflict, InvalidInput
from orders.payment_methods import accepted
from orders.payments import begin, pay
from orders.providers import ChargeStatus, ProviderUnavailable, RefundRefused
from orders.refunds import cancel_order, finish_pending, refund_order
from orders.repositories.refunds import CLAIM, refunds_of
from tests.orders.payments.builders import (
    ADMIN,
    COMMIT,
    NOW,
    Crash,
    changed,
    crash,
    placed,
    stored,
    told,
    uses,
)
from tests.support.http import Client
from tests.support.races import just_after, just_before
from tools.fakes.stripe_server import CAREFUL_CARD, DECLINED_CARD, GOOD_CARD, Fake

CHARGE = "orders.providers.stripe_provider.StripeProvider.charge"
REFUND = "orders.providers.stripe_provider.StripeProvider.refund"
GOOD, DECLINED, CAREFUL = ({"payment_method_id": card} for card in (GOOD_CARD, DECLINED_CARD, CAREFUL_CARD))


def refund(amount: str | None = None, now: datetime = NOW) -> None:
    refund_order(1, Decimal(amount) if amount else None, None, None, ADMIN, now)


def test_a_new_order_gets_one_intent_that_the_storefront_can_confirm(stripe: Fake) -> None:
    order = placed(payment_method=accepted("card"), total="12.34")
    intent = begin(order)
    assert intent is not None
    assert (intent.reference, intent.client_secret) == ("pi_1", "pi_1_secret")
    assert stored().payment_intent_id == "pi_1"
    made = stripe.intents["pi_1"]
    assert (made["amount"], made["currency"]) == (1234, "eur")
    assert made["metadata"] == {"order_id": "1", "order_number": "ORD-00000001"}
    # Asked again, with and without what was stored, it is the same intent.
    assert begin(order) == begin(stored()) == intent
    assert len(stripe.intents) == 1


def test_the_library_says_nothing_about_other_requests(stripe: Fake) -> None:
    begin(placed(payment_method="stripe"))
    begin(stored())
    assert len(stripe.headers) == 2
    for headers in stripe.headers:
        assert "x-stripe-client-telemetry" not in headers
        assert "telemetry_id" not in headers["x-stripe-client-user-agent"]


def test_an_order_is_placed_whatever_stripe_says(stripe: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    order = placed(payment_method="stripe")
    stripe.fail = 1
    assert begin(order) is None
    monkeypatch.setenv("STRIPE_API_KEY", "sk_test_wrong")
    assert begin(order) is None
    monkeypatch.setenv("STRIPE_API_KEY", "")
    assert begin(order) is None
    assert stored() == order


def test_an_order_is_paid_over_http(stripe: Fake, visitor: Client) -> None:
    begin(placed(payment_method="stripe"))
    body = {"payment_details": {"paymentMethodId": GOOD_CARD}}
    answer = visitor.post("/api/orders/ORD-00000001/payment", json=body)
    assert answer.status == 200
    assert (answer.json["transaction_id"], answer.json["order"]["payment_status"]) == ("pi_1", "paid")
    assert stripe.charges == ["pi_1"]


def test_an_order_whose_intent_could_not_be_had_gets_it_when_it_is_paid(stripe: Fake) -> None:
    placed(payment_method="stripe")
    order, _ = pay(1, GOOD, NOW)
    assert (order.payment_status, order.payment_intent_id) == ("paid", "pi_1")


def test_a_declined_card_is_told_and_another_one_pays(stripe: Fake) -> None:
    placed(payment_method="stripe")
    with pytest.raises(InvalidInput, match=r"Your card was declined\."):
        pay(1, DECLINED, NOW)
    assert (stored().payment_status, stored().payment_attempts) == ("failed", 1)
    assert pay(1, GOOD, NOW)[0].payment_status == "paid"
    assert stripe.charges == ["pi_1"]


def test_a_crash_after_a_declined_card_does_not_lock_the_order(stripe: Fake) -> None:
    placed(payment_method="stripe")
    with just_before(COMMIT, crash), pytest.raises(Crash):
        pay(1, DECLINED, NOW)
    # The key of the lost attempt belongs to the other card, so this attempt only counts.
    with pytest.raises(InvalidInput):
        pay(1, GOOD, NOW)
    assert pay(1, GOOD, NOW)[0].payment_status == "paid"
    assert stripe.charges == ["pi_1"]


def test_an_unknown_payment_method_is_a_failure(stripe: Fake) -> None:
    placed(payment_method="stripe")
    with pytest.raises(InvalidInput, match="payment details were refused"):
        pay(1, {"payment_method_id": "pm_nobody"}, NOW)
    assert stored().payment_status == "failed"


def test_a_payment_without_a_method_counts_as_none(stripe: Fake) -> None:
    order = placed(payment_method="stripe")
    with pytest.raises(InvalidInput, match="payment_method_id is required"):
        pay(1, {}, NOW)
    assert stored() == order


def test_a_payment_that_the_customer_has_to_confirm_is_under_way(stripe: Fake, visitor: Client) -> None:
    placed(payment_method="stripe", payment_status="failed", payment_attempts=1)
    body = {"payment_details": {"payment_method_id": CAREFUL_CARD}}
    answer = visitor.post("/api/orders/1/payment", json=body)
    assert answer.status == 200
    assert (answer.json["requires_action"], answer.json["client_secret"]) == (True, "pi_1_secret")
    assert stored().payment_status == "pending"
    assert stripe.charges == []
    stripe.pay("pi_1")
    # The storefront may ask how it stands, should the webhook be late.
    assert pay(1, {}, NOW)[0].payment_status == "paid"


def test_what_is_under_way_for_an_order_cancelled_meanwhile_changes_nothing(stripe: Fake) -> None:
    placed(payment_method="stripe")
    with just_after(CHARGE, lambda: cancel_order(1, None, None, ADMIN, NOW)):
        order, _ = pay(1, CAREFUL, NOW)
    assert order == stored()
    assert (order.payment_intent_id, order.cancelled_at is None) == (None, False)


def test_an_order_cancelled_meanwhile_gets_no_intent(stripe: Fake) -> None:
    order = placed(payment_method="stripe")
    with just_before("orders.payments._remember", lambda: cancel_order(1, None, None, ADMIN, NOW)):
        begin(order)
    assert stored().payment_intent_id is None


def test_confirming_twice_before_authentication_stays_pending(stripe: Fake) -> None:
    placed(payment_method="stripe")
    for _ in range(2):
        assert pay(1, CAREFUL, NOW)[1].status is ChargeStatus.PENDING
    assert stored().payment_attempts == 0


def test_two_payments_at_once_charge_once(stripe: Fake) -> None:
    placed(payment_method="stripe")
    with just_after(CHARGE, lambda: pay(1, GOOD, NOW)):
        pay(1, GOOD, NOW)
    assert stripe.charges == ["pi_1"]
    assert told() == {"order_paid": 1}


def test_two_payments_that_meet_at_stripe_charge_once(stripe: Fake) -> None:
    begin(placed(payment_method="stripe"))
    stripe.before = lambda: pay(1, {"payment_method_id": GOOD_CARD}, NOW)
    order, charge = pay(1, GOOD, NOW)
    assert (order.payment_status, charge.reference) == ("paid", "pi_1")
    assert stripe.charges == ["pi_1"]
    assert told() == {"order_paid": 1}


def test_a_card_that_meets_another_one_at_stripe_pays_nothing_more(stripe: Fake) -> None:
    begin(placed(payment_method="stripe"))
    with just_before("orders.providers.stripe_provider._confirm", lambda: pay(1, GOOD, NOW)):
        order, charge = pay(1, DECLINED, NOW)
    assert (order.payment_status, charge.reference) == ("paid", "pi_1")
    assert (stripe.charges, told()) == (["pi_1"], {"order_paid": 1})


@pytest.mark.parametrize("lost", [1, 2])
def test_an_answer_that_was_lost_charges_once(stripe: Fake, lost: int) -> None:
    begin(placed(payment_method="stripe"))
    with just_before("orders.providers.stripe_provider._confirm", lambda: setattr(stripe, "lose", lost)):
        if lost == 2:
            with pytest.raises(ProviderUnavailable):
                pay(1, GOOD, NOW)
            assert stored().payment_status == "pending"
            pay(1, GOOD, NOW)
        else:
            pay(1, GOOD, NOW)
    assert stored().payment_status == "paid"
    assert stripe.charges == ["pi_1"]


def test_a_crash_between_stripe_and_the_commit_pays_once_at_the_retry(stripe: Fake) -> None:
    begin(placed(payment_method="stripe"))
    with just_before(COMMIT, crash), pytest.raises(Crash):
        pay(1, GOOD, NOW)
    assert stored().payment_status == "pending"
    assert pay(1, GOOD, NOW)[0].payment_status == "paid"
    assert stripe.charges == ["pi_1"]


def test_a_broken_stripe_is_a_503_and_changes_nothing(stripe: Fake, visitor: Client) -> None:
    begin(placed(payment_method="stripe"))
    order = stored()
    stripe.fail = 9
    answer = visitor.post("/api/orders/1/payment", json={"payment_details": GOOD})
    assert (answer.status, bool(answer.headers["Retry-After"])) == (503, True)
    assert stored() == order


def test_a_payment_of_an_order_cancelled_meanwhile_goes_back(stripe: Fake) -> None:
    placed(payment_method="stripe")
    with (
        just_after(CHARGE, lambda: cancel_order(1, None, None, ADMIN, NOW)),
        pytest.raises(Conflict, match="given back"),
    ):
        pay(1, GOOD, NOW)
    assert stripe.refunded("pi_1") == 3000
    assert (stored().payment_status, [it.status for it in refunds_of(1)]) == ("refunded", ["succeeded"])


def test_refunds_reach_stripe_in_cents(stripe: Fake) -> None:
    placed(payment_method="stripe")
    pay(1, GOOD, NOW)
    refund("10.50")
    refund()
    assert [it["amount"] for it in stripe.refunds] == [1050, 1950]
    assert [it.provider_reference for it in refunds_of(1)] == [it["id"] for it in stripe.refunds]


def test_two_refunds_at_once_never_exceed_what_was_paid(stripe: Fake) -> None:
    placed(payment_method="stripe")
    pay(1, GOOD, NOW)
    with just_before(COMMIT, lambda: refund("20.00")), pytest.raises(Conflict):
        refund("15.00")
    assert stripe.refunded("pi_1") == 2000


def test_a_refund_is_finished_once_even_when_stripe_has_forgotten_its_key(stripe: Fake) -> None:
    placed(payment_method="stripe")
    pay(1, GOOD, NOW)
    with just_after(REFUND, crash), pytest.raises(Crash):
        refund("10.00")
    stripe.forget_keys()
    refund("10.00", NOW + CLAIM.lasts)
    assert [it["amount"] for it in stripe.refunds] == [1000]
    assert stored().refunded_amount == Decimal("10.00")


def test_two_callers_who_finish_one_refund_make_it_once(stripe: Fake) -> None:
    placed(payment_method="stripe")
    pay(1, GOOD, NOW)
    looked = "orders.providers.stripe_provider._refund_made_before"
    with just_after(looked, lambda: finish_pending(1, NOW)):
        refund("10.00")
    assert [it["amount"] for it in stripe.refunds] == [1000]
    assert [it.status for it in refunds_of(1)] == ["succeeded"]


def test_the_library_repeats_a_refund_whose_answer_was_lost(stripe: Fake) -> None:
    placed(payment_method="stripe")
    pay(1, GOOD, NOW)
    stripe.lose = 1
    refund("10.00")
    assert [it["amount"] for it in stripe.refunds] == [1000]


def test_a_refund_whose_answers_were_all_lost_is_finished_by_the_next_call(stripe: Fake) -> None:
    placed(payment_method="stripe")
    pay(1, GOOD, NOW)
    stripe.lose = 2
    with pytest.raises(ProviderUnavailable):
        refund("10.00")
    refund("10.00")
    assert [it["amount"] for it in stripe.refunds] == [1000]
    assert stored().payment_status == "partially_refunded"


def test_a_refund_that_stripe_refuses_is_undone(stripe: Fake) -> None:
    placed(payment_method="stripe")
    pay(1, GOOD, NOW)
    stripe.refund_elsewhere("pi_1", 2500)
    with pytest.raises(RefundRefused):
        refund("10.00")
    assert stored().refunded_amount == Decimal("0.00")


def test_a_cancellation_waits_for_stripe(stripe: Fake) -> None:
    placed(payment_method="stripe")
    pay(1, GOOD, NOW)
    stripe.fail = 2
    with pytest.raises(ProviderUnavailable):
        cancel_order(1, None, None, ADMIN, NOW)
    assert (stored().cancelled_at, uses()) == (None, 1)
    assert cancel_order(1, None, None, ADMIN, NOW).order.cancelled_at is not None
    assert (stripe.refunded("pi_1"), uses()) == (3000, 0)


def test_currencies_without_decimals_are_counted_whole(stripe: Fake) -> None:
    placed(payment_method="stripe", currency="JPY", total="1250.00")
    pay(1, GOOD, NOW)
    assert stripe.intents["pi_1"]["amount"] == 1250
    with pytest.raises(InvalidInput, match="whole number in JPY"):
        refund("10.50")
    refund("250.00")
    refund()
    assert [it["amount"] for it in stripe.refunds] == [250, 1000]


def test_a_total_that_the_currency_cannot_have_is_rounded_once(stripe: Fake) -> None:
    placed(payment_method="stripe", currency="JPY", total="1250.50")
    pay(1, GOOD, NOW)
    refund("250.00")
    refund()
    assert stripe.refunded("pi_1") == stripe.intents["pi_1"]["amount"] == 1251


def test_an_order_without_an_intent_cannot_be_refunded_at_stripe(stripe: Fake) -> None:
    changed(placed(payment_method="stripe"), payment_status="paid")
    with pytest.raises(RefundRefused):
        refund()
    assert stored().refunded_amount == Decimal("0.00")


def test_the_library_is_imported_on_use() -> None:
    program = "import sys, orders.routes; sys.exit('stripe' in sys.modules or 'marshmallow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
