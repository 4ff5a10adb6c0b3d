"""Payments, reports and refunds under threads that really meet on one order."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from common.clock import epoch, utc_now
from common.http import create_app
from orders.payments import begin, pay
from orders.repositories.refunds import refunds_of
from orders.routes import routes
from tests.orders.payments.builders import NOW, placed, stock, stored, told, uses, whole_stock
from tests.support.http import Answer, Client
from tests.support.tokens import admin_token
from tools.fakes.stripe_server import GOOD_CARD, Fake, signed

DETAILS = {"payment_method_id": GOOD_CARD}


@pytest.fixture
def admin(table: str) -> Client:
    """An administrator of a shop with one order."""
    return Client(create_app("orders", [routes]), token=admin_token())


def at_once(times: int, ask: Callable[[int], Answer]) -> Counter[int]:
    """The statuses of a call that this many threads make at the same moment, each until it is decided."""
    barrier = Barrier(times)

    def start(number: int) -> Answer:
        barrier.wait(timeout=30)
        answer = ask(number)
        for _ in range(20):
            # Others kept this one from passing; a client asks again.
            if answer.status != 503 and "please try again" not in answer.text:
                break
            answer = ask(number)
        return answer

    with ThreadPoolExecutor(times) as pool:
        return Counter(answer.status for answer in pool.map(start, range(times), timeout=120))


def test_of_eight_payments_one_takes_money(admin: Client, stripe: Fake) -> None:
    begin(placed(payment_method="stripe"))
    body = {"payment_details": DETAILS}
    statuses = at_once(8, lambda _: admin.post("/api/orders/1/payment", json=body))
    assert set(statuses) <= {200, 409}
    assert statuses[200] >= 1
    assert stripe.charges == ["pi_1"]
    assert told() == {"order_paid": 1}


def test_of_eight_deliveries_one_takes_effect(admin: Client, stripe: Fake) -> None:
    begin(placed(payment_method="stripe"))
    stripe.pay("pi_1")
    event: dict[str, Any] = stripe.event("payment_intent.succeeded", "pi_1")
    payload = json.dumps(event).encode()
    headers = {"Stripe-Signature": signed(payload, epoch(utc_now()))}
    statuses = at_once(8, lambda _: admin.post("/api/webhooks/payment", data=payload, headers=headers))
    assert statuses == {200: 8}
    assert told() == {"order_paid": 1}


def test_eight_refunds_never_exceed_what_was_paid(admin: Client, stripe: Fake) -> None:
    placed(payment_method="stripe")
    pay(1, DETAILS, NOW)
    statuses = at_once(8, lambda n: admin.post("/api/admin/orders/1/refund", json={"amount": 5 + n}))
    assert set(statuses) == {200, 409}
    order = stored()
    assert stripe.refunded("pi_1") == order.refunded_amount * 100 <= 3000
    assert sum(it.amount for it in refunds_of(1) if it.status == "succeeded") == order.refunded_amount


def test_eight_cancellations_give_back_once(admin: Client, stripe: Fake) -> None:
    placed(payment_method="stripe")
    pay(1, DETAILS, NOW)
    statuses = at_once(8, lambda _: admin.post("/api/admin/orders/1/cancel"))
    assert set(statuses) <= {200, 409}
    assert statuses[200] >= 1
    assert stripe.refunded("pi_1") == 3000
    assert (stock(), uses(), stored().payment_status) == (whole_stock(), 0, "refunded")


@pytest.mark.parametrize("keyed", [True, False])
def test_of_twenty_refunds_as_many_are_answered_as_done_as_happened(
    admin: Client, stripe: Fake, keyed: bool
) -> None:
    placed(payment_method="stripe", total="45.00")
    pay(1, DETAILS, NOW)

    def ask(number: int) -> Answer:
        headers = {"Idempotency-Key": f"refund-{number}"} if keyed else {}
        return admin.post("/api/admin/orders/1/refund", json={"amount": 3}, headers=headers)

    statuses = at_once(20, ask)
    made = refunds_of(1)
    # Fifteen fit into the order; without keys all twenty are one refund that was asked for twenty times.
    assert statuses == ({200: 15, 409: 5} if keyed else {200: 1, 409: 19})
    assert [it.status for it in made] == ["succeeded"] * statuses[200]
    assert stripe.refunded("pi_1") == stored().refunded_amount * 100 == 300 * statuses[200]
    assert told()["order_refunded"] == statuses[200]


def test_one_key_sent_twenty_times_at_once_makes_one_refund(admin: Client, stripe: Fake) -> None:
    placed(payment_method="stripe")
    pay(1, DETAILS, NOW)
    headers = {"Idempotency-Key": "once"}
    at_once(20, lambda _: admin.post("/api/admin/orders/1/refund", json={"amount": 3}, headers=headers))
    assert (len(refunds_of(1)), stripe.refunded("pi_1"), told()["order_refunded"]) == (1, 300, 1)


def test_pieces_that_eight_refund_at_once_come_back_once(admin: Client, stripe: Fake) -> None:
    placed(payment_method="stripe")
    pay(1, DETAILS, NOW)
    body = {"items": [{"line": 1, "quantity": 1}]}
    statuses = at_once(
        8,
        lambda n: admin.post(
            "/api/admin/orders/1/refund", json=body, headers={"Idempotency-Key": f"piece-{n}"}
        ),
    )
    assert statuses == {200: 2, 409: 6}
    assert stripe.refunded("pi_1") == 2000
    assert stock()["11"] == whole_stock()["11"]
