"""Who sees how much of an order, who pays it, and what a stranger's attempts use up."""

from typing import Any

import pytest

from common.repositories.orders import order_by_id
from orders.payments import MAX_ATTEMPTS
from tests.catalog.builders import ok, refused, store
from tests.orders.cart_builders import on_sale, put
from tests.orders.order_builders import (
    body_of,
    body_of_cart,
    buyer,
    check_out,
    half_past,
    orders_app,
    stranger,
    told,
    wanted,
)
from tests.support.http import Answer, Client
from tools.fakes.stripe_server import CAREFUL_CARD, DECLINED_CARD, GOOD_CARD, Fake

NUMBER = "/api/orders/ORD-00000001"
PAYMENT = f"{NUMBER}/payment"
EMAIL = "Maria.Rossi@example.com"
STATE = {"id", "order_number", "status", "payment_status", "fulfillment_status"}
FAIL = {"payment_details": {"simulateFailure": True}}


@pytest.fixture(autouse=True)
def _hour(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = half_past()
    monkeypatch.setattr("common.clock.utc_now", lambda: moment)


@pytest.fixture
def client(table: str) -> Client:
    """A guest with a session before a shop with one work."""
    store([on_sale(1, stock=200)])
    return buyer()


@pytest.fixture
def order(client: Client) -> dict[str, Any]:
    """What the checkout answered to that guest."""
    return dict(check_out(client, body_of(wanted(1)), "key-1").json)


def card(name: str) -> dict[str, Any]:
    return {"payment_details": {"payment_method_id": name}}


def guess(client: Client, email: str, path: str = NUMBER) -> Answer:
    return client.get(path, params={"email": email})


def test_a_number_shows_no_more_than_how_the_order_stands(order: dict[str, Any]) -> None:
    for path in (NUMBER, "/api/orders/1", f"{NUMBER}?email=other@example.com", f"{NUMBER}?access_token=x"):
        assert ok(stranger().get(path)).keys() == STATE


def test_the_session_the_secret_and_the_address_show_all_of_it(client: Client, order: dict[str, Any]) -> None:
    secret = order["access_token"]
    whole = ok(client.get(NUMBER))
    assert (whole["customer_name"], whole["total"], len(whole["items"])) == ("Maria Rossi", 25, 1)
    shown = [
        stranger().get(NUMBER, params={"access_token": secret}),
        stranger().get(NUMBER, headers={"X-Order-Token": secret}),
        stranger().get(NUMBER, headers={"Cookie": "cart_session=session-of-a-buyer"}),
        stranger().get(NUMBER, headers={"X-Session-Id": "session-of-a-buyer"}),
        guess(stranger(), EMAIL),
    ]
    assert all(ok(answer) == whole for answer in shown)


def test_a_repetition_of_the_checkout_answers_the_same_secret(client: Client, order: dict[str, Any]) -> None:
    assert check_out(client, body_of(wanted(1)), "key-1").json == order


def test_the_older_checkout_answers_the_secret_too(client: Client) -> None:
    put(client, 1)
    secret = ok(client.post("/api/shop/checkout", json=body_of_cart()))["access_token"]
    assert ok(stranger().get(NUMBER, params={"access_token": secret}))["total"] == 25


def test_wrong_addresses_are_limited_for_each_caller_and_order(client: Client, order: dict[str, Any]) -> None:
    attacker = stranger()
    for number in range(5):
        assert ok(guess(attacker, f"guess-{number}@example.com")).keys() == STATE
    answer = guess(attacker, EMAIL)
    assert refused(answer, 429, "Too many wrong e-mail addresses")
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    # What no address is sent for costs nothing, and nobody else is kept from anything.
    assert attacker.get(NUMBER).status == 200
    assert ok(guess(stranger("203.0.113.10"), EMAIL))["customer_name"] == "Maria Rossi"
    assert ok(client.get(NUMBER))["customer_name"] == "Maria Rossi"


def test_wrong_addresses_are_limited_for_each_caller_over_all_orders(client: Client) -> None:
    for _ in range(5):
        assert check_out(client, body_of(wanted(1))).status == 201
    attacker = stranger()
    answers = [guess(attacker, "x@example.com", f"/api/orders/{n}") for n in range(1, 6) for _ in range(4)]
    assert {answer.status for answer in answers} == {200}
    assert guess(attacker, EMAIL, "/api/orders/5").status == 429


def test_the_right_address_is_not_counted(order: dict[str, Any]) -> None:
    assert {guess(stranger(), EMAIL).status for _ in range(25)} == {200}


def test_the_addresses_of_one_ipv6_customer_are_one_caller(order: dict[str, Any]) -> None:
    answers = [guess(stranger(f"2001:db8:1:2::{n:x}"), "x@example.com").status for n in range(6)]
    assert answers == [200] * 5 + [429]
    assert guess(stranger("2001:db8:1:3::1"), "x@example.com").status == 200


def test_a_forwarded_address_makes_no_other_caller(order: dict[str, Any]) -> None:
    answers = []
    for number in range(6):
        headers = {"X-Forwarded-For": f"198.51.100.{number}"}
        answers.append(stranger().get(NUMBER, params={"email": "x@example.com"}, headers=headers).status)
    assert answers == [200] * 5 + [429]


def test_a_stranger_who_fails_uses_up_nothing_of_the_order(client: Client, order: dict[str, Any]) -> None:
    attacker = stranger()
    answers = [attacker.post(PAYMENT, json=FAIL).status for _ in range(MAX_ATTEMPTS + 5)]
    assert answers == [400] * 10 + [429] * 15
    stored = order_by_id(1)
    assert stored is not None
    assert stored.payment_attempts == 0
    # The artist is told once, not as often as somebody likes.
    assert len(told("payment_failed")) == 1
    assert ok(client.post(PAYMENT, json={}))["order"]["payment_status"] == "paid"


def test_many_strangers_do_not_lock_a_buyer_out(client: Client, order: dict[str, Any]) -> None:
    for number in range(MAX_ATTEMPTS + 5):
        assert stranger(f"203.0.113.{number}").post(PAYMENT, json=FAIL).status == 400
    assert ok(client.post(PAYMENT, json={}))["order"]["payment_status"] == "paid"


@pytest.mark.parametrize("proof", ["session", "secret", "key"])
def test_whoever_holds_an_order_uses_up_its_own_attempts(order: dict[str, Any], proof: str) -> None:
    headers = {
        "session": {"X-Cart-Session": "session-of-a-buyer"},
        "secret": {"X-Order-Token": order["access_token"]},
        "key": {"Idempotency-Key": "key-1"},
    }[proof]
    holders = [Client(orders_app(), headers=headers, address=f"203.0.113.{n}") for n in range(MAX_ATTEMPTS)]
    for holder in holders:
        assert holder.post(PAYMENT, json=FAIL).status == 400
    answer = holders[0].post(PAYMENT, json={})
    assert refused(answer, 409, "Too many payments of this order have failed")


@pytest.mark.parametrize("key", ["key-2", "", "k" * 300])
def test_another_key_holds_nothing(order: dict[str, Any], key: str) -> None:
    answer = stranger().post(PAYMENT, json={}, headers={"Idempotency-Key": key})
    assert ok(answer)["order"].keys() == STATE


def test_a_stranger_may_pay_and_is_told_no_amount(order: dict[str, Any]) -> None:
    body = ok(stranger().post(PAYMENT, json={}))
    assert body["order"].keys() == STATE
    assert (body["order"]["payment_status"], body["order"]["status"]) == ("paid", "pending")


def test_payments_that_succeed_are_not_counted(client: Client) -> None:
    for number in range(1, 13):
        assert check_out(client, body_of(wanted(1))).status == 201
        assert ok(stranger().post(f"/api/orders/{number}/payment", json={}))


def test_a_failed_payment_of_the_holder_counts_for_address_and_cart(client: Client) -> None:
    for number in range(1, 3):
        assert check_out(client, body_of(wanted(1))).status == 201
        for _ in range(15):
            assert client.post(f"/api/orders/{number}/payment", json=FAIL).status == 400
    assert client.post("/api/orders/2/payment", json={}).status == 429
    assert buyer(address="203.0.113.5").post("/api/orders/2/payment", json={}).status == 429


def test_a_stranger_may_try_another_card_at_stripe(client: Client, stripe: Fake) -> None:
    assert check_out(client, body_of(wanted(1))).json["client_secret"] == "pi_1_secret"
    assert stranger().post(PAYMENT, json=card(DECLINED_CARD)).status == 400
    assert ok(stranger().post(PAYMENT, json=card(GOOD_CARD)))["order"]["payment_status"] == "paid"
    assert stripe.charges == ["pi_1"]


def test_a_stranger_is_not_given_the_secret_of_the_buyers_payment(
    client: Client,
    stripe: Fake,
) -> None:
    check_out(client, body_of(wanted(1)))
    assert ok(client.post(PAYMENT, json=card(CAREFUL_CARD)))["client_secret"] == "pi_1_secret"
    body = ok(stranger().post(PAYMENT, json={}))
    assert (body["requires_action"], body["client_secret"]) == (True, None)
    assert ok(client.post(PAYMENT, json={}))["client_secret"] == "pi_1_secret"


def test_failures_that_stripe_reports_are_none_of_the_orders_attempts(
    client: Client,
    stripe: Fake,
) -> None:
    check_out(client, body_of(wanted(1)))
    for number in range(12):
        attacker = stranger(f"203.0.113.{number}")
        assert attacker.post(PAYMENT, json=card(CAREFUL_CARD)).status == 200
        assert attacker.post(PAYMENT, json=card(DECLINED_CARD)).status == 400
    stored = order_by_id(1)
    assert stored is not None
    assert stored.payment_attempts == 0
