"""Orders whose provider is not set up any more, or never was ours: nothing is reserved in vain."""

from decimal import Decimal
from typing import Any

import pytest

from common.dynamodb import Query, fetch_all
from common.errors import Conflict
from orders.payments import pay
from orders.providers import ProviderNotSetUp, ProviderUnavailable
from orders.refunds import refund_order
from orders.repositories.refunds import CLAIM, refunds_of
from tests.orders.payments.builders import (
    ADMIN,
    LEFT,
    NOW,
    Crash,
    changed,
    crash,
    paid,
    placed,
    stock,
    stored,
    told,
    uses,
    whole_stock,
)
from tests.support.http import Client
from tests.support.races import just_before
from tools.fakes.stripe_server import GOOD_CARD, Fake

REFUND, CANCEL = "/api/admin/orders/1/refund", "/api/admin/orders/1/cancel"
ASK = "orders.refund_completion._asked"
LATER = NOW + CLAIM.lasts


@pytest.fixture
def unset(stripe: Fake, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Takes Stripe's settings away."""

    def take_away() -> None:
        for name in ("PAYMENT_PROVIDER", "STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE"):
            monkeypatch.delenv(name)

    return take_away


@pytest.fixture
def bought(stripe: Fake) -> Fake:
    """An order that was paid with Stripe."""
    placed(payment_method="stripe")
    pay(1, {"payment_method_id": GOOD_CARD}, NOW)
    return stripe


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (REFUND, {}),
        (REFUND, {"amount": 10}),
        (REFUND, {"items": [{"line": 1, "quantity": 1}]}),
        (CANCEL, {}),
        ("/api/admin/shop/orders/1/refund", {}),
    ],
)
def test_what_cannot_be_asked_for_is_not_reserved(
    admin: Client, bought: Fake, unset: Any, path: str, body: dict[str, Any]
) -> None:
    order = stored()
    unset()
    answer = admin.post(path, json=body)
    assert (answer.status, "STRIPE_API_KEY is not set" in answer.error) == (503, True)
    assert (stored(), refunds_of(1), stock()) == (order, [], LEFT)


def test_a_provider_that_is_named_without_its_key_is_not_set_up(
    admin: Client, bought: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = stored()
    monkeypatch.setenv("STRIPE_API_KEY", "")
    assert admin.post(REFUND, json={}).status == 503
    assert (stored(), refunds_of(1)) == (order, [])


def test_an_open_order_of_a_provider_that_is_gone_says_what_is_missing(
    visitor: Client, stripe: Fake, unset: Any
) -> None:
    order = placed(payment_method="stripe")
    unset()
    answer = visitor.post("/api/orders/1/payment", json={"payment_details": {"payment_method_id": "x"}})
    assert (answer.status, "STRIPE_API_KEY is not set" in answer.error) == (503, True)
    assert stored() == order


def test_an_open_order_of_a_provider_that_is_gone_is_cancelled(
    admin: Client, stripe: Fake, unset: Any
) -> None:
    placed(payment_method="stripe")
    unset()
    assert admin.post(CANCEL).json["status"] == "cancelled"
    assert (stock(), uses()) == (whole_stock(), 0)


def test_a_reservation_whose_provider_vanished_before_it_was_asked_is_dropped(
    bought: Fake, unset: Any
) -> None:
    with just_before(ASK, unset), pytest.raises(ProviderNotSetUp):
        refund_order(1, Decimal("10.00"), None, None, ADMIN, NOW)
    assert stored().refunded_amount == Decimal("0.00")
    assert [it.status for it in refunds_of(1)] == ["failed"]
    assert "system" not in told()


def test_a_reservation_that_a_crash_left_is_taken_up_when_the_provider_is_back(
    bought: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with just_before(ASK, crash), pytest.raises(Crash):
        refund_order(1, Decimal("10.00"), None, None, ADMIN, NOW)
    with monkeypatch.context() as gone:
        gone.setenv("STRIPE_API_KEY", "")
        with pytest.raises(ProviderNotSetUp):
            refund_order(1, Decimal("5.00"), None, None, ADMIN, LATER)
    assert [it.status for it in refunds_of(1)] == ["pending"]
    refund_order(1, Decimal("5.00"), None, None, ADMIN, LATER)
    assert [it.status for it in refunds_of(1)] == ["succeeded", "succeeded"]
    assert bought.refunded("pi_1") == 1500


def test_a_reservation_is_dropped_by_who_says_that_the_money_goes_back_elsewhere(
    bought: Fake, unset: Any
) -> None:
    with just_before(ASK, crash), pytest.raises(Crash):
        refund_order(1, Decimal("10.00"), None, None, ADMIN, NOW)
    unset()
    outcome = refund_order(1, None, None, None, ADMIN, LATER, is_elsewhere=True)
    assert (outcome.order.payment_status, outcome.order.refunded_amount) == ("refunded", Decimal("30.00"))
    assert [(it.status, it.is_elsewhere) for it in refunds_of(1)] == [("failed", False), ("succeeded", True)]
    assert bought.refunded("pi_1") == 0


def test_a_reservation_that_was_asked_for_stays_while_nobody_knows(bought: Fake, unset: Any) -> None:
    bought.lose = 2
    with pytest.raises(ProviderUnavailable):
        refund_order(1, Decimal("10.00"), None, None, ADMIN, NOW)
    unset()
    with pytest.raises(ProviderNotSetUp):
        refund_order(1, Decimal("5.00"), None, None, ADMIN, NOW)
    assert (stored().refunded_amount, len(refunds_of(1))) == (Decimal("10.00"), 1)


def test_an_order_of_a_provider_that_is_gone_is_cancelled_with_the_word_that_money_goes_back_elsewhere(
    admin: Client, bought: Fake, unset: Any
) -> None:
    unset()
    answer = admin.post(CANCEL, json={"elsewhere": True})
    assert (answer.json["status"], answer.json["payment_status"]) == ("cancelled", "refunded")
    assert answer.json["refund"]["elsewhere"] is True
    assert (stock(), uses(), bought.refunded("pi_1")) == (whole_stock(), 0, 0)
    assert any("given back elsewhere" in text for text in _messages())


@pytest.mark.parametrize("method", [None, "", "paypal", "etsy"])
def test_a_paid_order_of_a_method_that_is_not_ours_is_cancelled(admin: Client, method: str | None) -> None:
    changed(placed(payment_method=method), payment_status="paid")
    answer = admin.post(CANCEL)
    assert (answer.status, answer.json["status"], answer.json["payment_status"]) == (200, "cancelled", "paid")
    assert answer.json["refund_elsewhere"]["amount"] == Decimal("30.00")
    assert "have to be given back elsewhere" in answer.json["refund_elsewhere"]["message"]
    assert any("given back elsewhere" in text for text in _messages())
    assert (stock(), uses(), refunds_of(1)) == (whole_stock(), 0, [])
    assert admin.post(REFUND, json={"elsewhere": True}).json["payment_status"] == "refunded"
    assert stock() == whole_stock()


@pytest.mark.parametrize("method", [None, "bank"])
def test_an_unpaid_order_of_a_method_that_is_not_ours_is_cancelled(admin: Client, method: str | None) -> None:
    placed(payment_method=method)
    answer = admin.post(CANCEL)
    assert (answer.json["status"], "refund_elsewhere" in answer.json) == ("cancelled", False)
    assert (stock(), uses()) == (whole_stock(), 0)


def test_money_that_nobody_here_has_is_not_reserved(admin: Client) -> None:
    order = changed(placed(payment_method=None), payment_status="paid")
    answer = admin.post(REFUND, json={"amount": 10})
    assert (answer.status, "elsewhere: true" in answer.error) == (409, True)
    assert (stored(), refunds_of(1), "system" in told()) == (order, [], False)


@pytest.mark.parametrize("step", [REFUND, CANCEL])
def test_a_payment_in_another_account_of_stripe_is_refused_and_not_reserved(
    admin: Client, stripe: Fake, step: str
) -> None:
    changed(placed(payment_method="stripe", payment_intent_id="pi_of_before"), payment_status="paid")
    answer = admin.post(step)
    assert (answer.status, "No such payment_intent" in answer.error) == (409, True)
    assert (stored().refunded_amount, stored().cancelled_at) == (Decimal("0.00"), None)
    assert admin.post(step, json={"elsewhere": True}).json["payment_status"] == "refunded"


def test_money_that_goes_back_elsewhere_is_never_more_than_was_paid(table: str) -> None:
    paid()
    refund_order(1, Decimal("20.00"), None, None, ADMIN, NOW, is_elsewhere=True)
    with pytest.raises(Conflict, match=r"Only 10\.00 EUR"):
        refund_order(1, Decimal("10.01"), None, None, ADMIN, NOW)


def _messages() -> list[str]:
    return [str(item["message"]) for item in fetch_all(Query("NOTIFICATION", index="GSI2"))]
