"""Paying an order by the mock provider, and which providers there are."""

from dataclasses import replace
from decimal import Decimal

import pytest

from common.dynamodb import UnitOfWork
from common.errors import Conflict, InvalidInput
from common.repositories.orders import change_order
from orders.access import access_token
from orders.payment_methods import accepted
from orders.payments import MAX_ATTEMPTS, begin, pay
from orders.providers import RefundRefused
from orders.refunds import cancel_order, refund_order
from orders.repositories.refunds import refunds_of
from tests.orders.payments.builders import (
    ADMIN,
    COMMIT,
    NOW,
    Crash,
    crash,
    paid,
    placed,
    stored,
    told,
)
from tests.support.http import Client
from tests.support.races import just_after, just_before

CHARGE = "orders.providers.mock.MockProvider.charge"


def test_an_order_is_paid_over_http(visitor: Client) -> None:
    order = placed()
    answer = visitor.post(f"/api/orders/{order.order_number}/payment", json={"payment_details": {}})
    assert answer.status == 200
    assert answer.json["transaction_id"].startswith("mock_")
    assert answer.json["order"]["payment_status"] == "paid"
    assert stored().payment_intent_id == answer.json["transaction_id"]
    assert told() == {"order_paid": 1}


def test_the_answer_to_a_payment_names_nobody(visitor: Client) -> None:
    placed()
    answer = visitor.post("/api/orders/1/payment")
    assert answer.status == 200
    assert "buyer" not in answer.text.lower()


def test_an_order_is_paid_once(visitor: Client) -> None:
    paid()
    answer = visitor.post("/api/orders/1/payment", json={})
    assert (answer.status, answer.error) == (409, "Order is already paid")
    assert told() == {"order_paid": 1}


@pytest.mark.parametrize("name", ["simulateFailure", "simulate_failure"])
def test_a_declined_payment_is_recorded_and_may_be_repeated(visitor: Client, name: str) -> None:
    secret = access_token(placed())
    body = {"payment_details": {name: True}}
    answer = visitor.post("/api/orders/1/payment", json=body, params={"access_token": secret})
    assert (answer.status, answer.error) == (400, "The payment was declined (simulated)")
    assert (stored().payment_status, stored().payment_attempts) == ("failed", 1)
    assert told() == {"payment_failed": 1}
    assert visitor.post("/api/orders/1/payment", json={}).status == 200


def test_the_last_attempt_is_told_why_it_failed(table: str) -> None:
    placed(payment_attempts=MAX_ATTEMPTS - 1, payment_status="failed")
    with pytest.raises(InvalidInput, match="declined"):
        pay(1, {"simulateFailure": True}, NOW)


def test_cards_are_not_tried_out_without_end(table: str) -> None:
    placed(payment_attempts=MAX_ATTEMPTS, payment_status="failed")
    with pytest.raises(Conflict, match="Too many"):
        pay(1, {}, NOW)


@pytest.mark.parametrize("body", [{"payment_details": []}, {"payment_details": {"payment_method_id": 7}}, []])
def test_unusable_details_are_refused_and_change_nothing(visitor: Client, body: object) -> None:
    order = placed()
    assert visitor.post("/api/orders/1/payment", json=body).status == 400
    assert stored() == order


@pytest.mark.parametrize("name", ["7", "ORD-00000007", "nonsense", "1e3"])
def test_an_unknown_order_is_not_found(visitor: Client, name: str) -> None:
    assert visitor.post(f"/api/orders/{name}/payment", json={}).status == 404


def test_an_order_that_costs_nothing_needs_no_provider(table: str) -> None:
    order = placed(total="0.00", payment_method="stripe")
    assert begin(order) is None
    after, charge = pay(order.id, {}, NOW)
    assert (after.payment_status, charge.reference) == ("paid", "free_ORD-00000001")


def test_two_payments_at_once_charge_once(table: str) -> None:
    placed()
    with just_after(CHARGE, lambda: pay(1, {}, NOW)):
        order, charge = pay(1, {}, NOW)
    assert order.payment_intent_id == charge.reference
    assert told() == {"order_paid": 1}


def test_a_crash_between_provider_and_commit_pays_once_at_the_retry(table: str) -> None:
    placed()
    with just_before(COMMIT, crash), pytest.raises(Crash):
        pay(1, {}, NOW)
    assert stored().payment_status == "pending"
    assert pay(1, {}, NOW)[0].payment_status == "paid"
    assert told() == {"order_paid": 1}


def test_a_failure_does_not_undo_a_payment_made_meanwhile(table: str) -> None:
    placed()
    with just_after(CHARGE, lambda: pay(1, {}, NOW)), pytest.raises(Conflict, match="already paid"):
        pay(1, {"simulateFailure": True}, NOW)
    assert stored().payment_status == "paid"
    assert told() == {"order_paid": 1}


def test_a_payment_of_an_order_cancelled_meanwhile_goes_back(table: str) -> None:
    placed()
    with (
        just_after(CHARGE, lambda: cancel_order(1, None, None, ADMIN, NOW)),
        pytest.raises(Conflict, match="given back"),
    ):
        pay(1, {}, NOW)
    order = stored()
    assert (order.payment_status, order.refunded_amount) == ("refunded", Decimal("30.00"))
    assert order.cancelled_at is not None
    assert told() == {"order_refunded": 1}


def test_a_late_payment_whose_return_crashed_goes_back_with_the_next_call(table: str) -> None:
    placed()
    with (
        just_after(CHARGE, lambda: cancel_order(1, None, None, ADMIN, NOW)),
        just_before("orders.providers.mock.MockProvider.refund", crash),
        pytest.raises(Crash),
    ):
        pay(1, {}, NOW)
    assert stored().payment_status == "paid"
    with pytest.raises(Conflict):
        pay(1, {}, NOW)
    assert stored().payment_status == "refunded"


def test_an_order_that_costs_nothing_has_nothing_to_give_back(table: str) -> None:
    placed(total="0.00")
    with just_before(COMMIT, lambda: cancel_order(1, None, None, ADMIN, NOW)), pytest.raises(Conflict):
        pay(1, {}, NOW)
    assert refunds_of(1) == []


def test_a_cancelled_order_is_not_charged(table: str) -> None:
    placed()
    cancel_order(1, None, None, ADMIN, NOW)
    with pytest.raises(Conflict, match="cancelled"):
        pay(1, {}, NOW)
    assert stored().payment_status == "pending"


@pytest.mark.parametrize("method", [None, "", " Mock ", "card", "credit_card"])
def test_the_usual_names_mean_the_shops_own_provider(method: str | None) -> None:
    assert accepted(method) == "mock"


@pytest.mark.parametrize("method", ["bitcoin", "stripe", "mock;drop", "x" * 50])
def test_unknown_methods_are_refused(method: str) -> None:
    with pytest.raises(InvalidInput, match="payment_method must be one of mock, etsy"):
        accepted(method)


@pytest.mark.parametrize("setting", ["", "mock", "stripe"])
def test_production_never_has_the_mock_provider(monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("PAYMENT_PROVIDER", setting)
    with pytest.raises(InvalidInput):
        accepted("mock")


def test_outside_development_the_mock_provider_has_to_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYMENT_PROVIDER", "stripe")
    with pytest.raises(InvalidInput):
        accepted("mock")
    monkeypatch.setenv("ENVIRONMENT", "development")
    assert accepted("mock") == "mock"
    assert accepted("card") == "stripe"


def test_an_order_of_a_provider_that_is_gone_is_not_paid(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = placed()
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("JWT_SECRET", "a-secret-of-the-tests-with-40-characters")
    answer = visitor.post("/api/orders/1/payment", json={})
    assert (answer.status, "mock are not set up here" in answer.error) == (503, True)
    assert stored() == order


@pytest.mark.parametrize("method", ["paypal", "", None])
def test_an_order_of_another_shops_payment_method_takes_and_gives_nothing(
    table: str, method: str | None
) -> None:
    order = placed(payment_method=method)
    assert begin(order) is None
    with pytest.raises(InvalidInput, match="takes no payments by"):
        pay(order.id, {}, NOW)
    with UnitOfWork() as work:
        change_order(work, order, replace(order, payment_status="paid"))
    with pytest.raises(RefundRefused, match="given back elsewhere"):
        refund_order(order.id, None, None, None, ADMIN, NOW)
    assert (stored().payment_status, stored().refunded_amount) == ("paid", Decimal("0.00"))
