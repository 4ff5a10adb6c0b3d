"""Refunds and cancellations that are asked for again: one by a key, told apart from new ones without."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from common.dynamodb import UnitOfWork
from common.errors import Conflict
from common.repositories.orders import OrderDetails, add_order, number_of
from orders.providers import ProviderUnavailable, RefundRefused
from orders.refund_repetitions import Outcome, Repeated
from orders.refunds import refund_order
from orders.repositories.refunds import CLAIM, REFUNDS, refunds_of
from tests.orders.payments.builders import (
    ADMIN,
    COMMIT,
    NOW,
    Crash,
    crash,
    paid,
    placed,
    stock,
    stored,
    told,
    uses,
    whole_stock,
)
from tests.support.http import Answer, Client
from tests.support.races import just_after, just_before

REFUND, CANCEL = "/api/admin/orders/1/refund", "/api/admin/orders/1/cancel"
ASK = "orders.providers.mock.MockProvider.refund"
LATER = NOW + CLAIM.lasts


def ask(admin: Client, path: str = REFUND, key: str | None = None, **body: Any) -> Answer:
    return admin.post(path, json=body, headers={"Idempotency-Key": key} if key else {})


def refund(now: Any = NOW, amount: str | None = "10.00") -> Outcome:
    return refund_order(1, Decimal(amount) if amount else None, None, None, ADMIN, now)


def given_back() -> list[Decimal]:
    return [it.amount for it in refunds_of(1) if it.status == "succeeded"]


def test_a_key_makes_one_refund_however_often_it_is_sent(admin: Client) -> None:
    paid()
    first, *others = (ask(admin, key="a", amount=10) for _ in range(3))
    assert (first.status, first.json["repeated"], first.json["refund"]["number"]) == (200, False, 1)
    for other in others:
        assert (other.status, other.json["repeated"], other.json["refund"]["number"]) == (200, True, 1)
    assert (given_back(), told()["order_refunded"]) == ([Decimal("10.00")], 1)


def test_two_keys_make_two_refunds(admin: Client) -> None:
    paid()
    assert [ask(admin, key=key, amount=10).json["refund"]["number"] for key in "ab"] == [1, 2]
    assert given_back() == [Decimal("10.00")] * 2


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (REFUND, {"amount": 11}),
        (REFUND, {}),
        (REFUND, {"amount": 10, "restock": False}),
        (REFUND, {"items": [{"line": 1, "quantity": 1}]}),
        (CANCEL, {}),
    ],
)
def test_a_key_is_bound_to_what_was_asked(admin: Client, path: str, body: dict[str, Any]) -> None:
    paid()
    ask(admin, key="a", amount=10)
    assert ask(admin, path, key="a", **body).status == 422
    assert given_back() == [Decimal("10.00")]


def test_a_key_is_bound_to_the_order(admin: Client) -> None:
    other = replace(paid(), id=2, order_number=number_of(2))
    with UnitOfWork() as work:
        add_order(work, other, OrderDetails(()), taken=Conflict("taken"))
    ask(admin, key="a", amount=10)
    assert ask(admin, "/api/admin/orders/2/refund", key="a", amount=10).status == 422
    assert refunds_of(2) == []


@pytest.mark.parametrize("pay_first", [True, False])
def test_a_cancellation_with_a_key_is_made_once(admin: Client, pay_first: bool) -> None:
    if pay_first:
        paid()
    else:
        placed()
    answers = [ask(admin, CANCEL, key="c") for _ in range(2)]
    assert [(it.status, it.json["status"], it.json["repeated"]) for it in answers] == [
        (200, "cancelled", False),
        (200, "cancelled", True),
    ]
    assert (stock(), uses()) == (whole_stock(), 0)


def test_a_status_change_with_a_key_is_made_once(admin: Client) -> None:
    paid()
    for _ in range(2):
        body = {"status": "refunded", "amount": 10}
        answer = admin.patch("/api/admin/orders/1/status", json=body, headers={"Idempotency-Key": "s"})
        assert answer.status == 200
    assert given_back() == [Decimal("10.00")]


def test_without_a_key_a_repetition_says_that_it_is_one(admin: Client) -> None:
    paid()
    first = ask(admin, amount=10)
    again = ask(admin, amount="10.00")
    assert (first.status, first.json["repeated"]) == (200, False)
    assert (again.status, again.json["repeated"], again.json["refund"]["number"]) == (409, True, 1)
    assert "has just been made" in again.error
    assert (given_back(), told()["order_refunded"]) == ([Decimal("10.00")], 1)


def test_older_clients_hear_of_a_repetition_too(admin: Client) -> None:
    paid()
    path = "/api/admin/shop/orders/1/refund"
    assert [ask(admin, path, amount=10).status for _ in range(2)] == [200, 400]


def test_a_cancellation_that_is_repeated_says_that_it_is_one(admin: Client) -> None:
    paid()
    ask(admin, CANCEL)
    again = ask(admin, CANCEL)
    assert (again.status, again.json["repeated"]) == (409, True)


def test_the_same_amount_is_a_new_refund_once_a_while_has_passed(table: str) -> None:
    paid()
    outcomes = [refund(NOW), refund(LATER)]
    assert [it.is_repeated for it in outcomes] == [False, False]
    assert given_back() == [Decimal("10.00")] * 2


def test_a_refund_that_was_refused_is_no_refund_to_repeat(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid()
    with monkeypatch.context() as refusing:
        refusing.setattr(ASK, raising(RefundRefused("No")))
        with pytest.raises(RefundRefused):
            refund()
    assert not refund().is_repeated


def test_a_key_whose_refund_was_refused_stays_refused(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    paid()
    with monkeypatch.context() as refusing:
        refusing.setattr(ASK, raising(RefundRefused("No")))
        assert ask(admin, key="a", amount=10).status == 409
    again = ask(admin, key="a", amount=10)
    assert (again.status, "another Idempotency-Key" in again.error) == (409, True)
    assert ask(admin, key="b", amount=10).status == 200


@pytest.mark.parametrize("key", [None, "a"])
def test_a_refund_without_an_answer_is_taken_up_at_once(
    admin: Client, monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    paid()
    with monkeypatch.context() as silent:
        silent.setattr(ASK, raising(ProviderUnavailable()))
        assert ask(admin, key=key, amount=10).status == 503
    answer = ask(admin, key=key, amount=10)
    assert (answer.status, answer.json["repeated"], answer.json["refund"]["number"]) == (200, True, 1)
    assert given_back() == [Decimal("10.00")]


def test_a_request_that_meets_its_like_at_the_provider_is_told_so(table: str) -> None:
    paid()

    def rival() -> None:
        with pytest.raises(Repeated) as told_so:
            refund()
        assert told_so.value.details["refund"]["status"] == "pending"

    with just_before(ASK, rival):
        assert refund().refund is not None
    assert given_back() == [Decimal("10.00")]


def test_a_request_that_meets_its_like_at_the_reservation_is_told_so(table: str) -> None:
    paid()
    with just_before(COMMIT, refund), pytest.raises(Repeated):
        refund()
    assert (given_back(), told()["order_refunded"]) == ([Decimal("10.00")], 1)


def test_a_key_that_meets_itself_at_the_reservation_makes_one_refund(admin: Client) -> None:
    paid()
    with just_before(COMMIT, lambda: ask(admin, key="a", amount=10)):
        assert ask(admin, key="a", amount=10).json["repeated"] is True
    assert given_back() == [Decimal("10.00")]


def test_a_key_that_meets_itself_at_the_provider_waits(admin: Client) -> None:
    paid()

    def rival() -> None:
        answer = ask(admin, key="a", amount=10)
        assert (answer.status, "is under way" in answer.error) == (409, True)

    with just_before(ASK, rival):
        assert ask(admin, key="a", amount=10).json["repeated"] is False
    assert given_back() == [Decimal("10.00")]


def test_another_refund_leaves_the_one_that_is_under_way_to_its_own_request(table: str) -> None:
    paid()
    with just_before(ASK, lambda: refund(amount="5.00")):
        assert not refund().is_repeated
    assert (given_back(), told()["order_refunded"]) == ([Decimal("10.00"), Decimal("5.00")], 2)


def test_of_two_who_take_up_one_refund_one_is_answered_as_done(table: str) -> None:
    paid()
    with just_before(ASK, crash), pytest.raises(Crash):
        refund()
    with just_before("orders.refunds._claim", lambda: refund(LATER)), pytest.raises(Repeated):
        refund(LATER)
    assert (given_back(), told()["order_refunded"]) == ([Decimal("10.00")], 1)


def test_a_claim_that_somebody_else_has_taken_drops_nothing(table: str) -> None:
    paid()

    def lost() -> None:
        with UnitOfWork() as work:
            refund = refunds_of(1)[0]
            REFUNDS.change(work, refund, replace(refund, claimed_until="2099-01-01T00:00:00.000Z"))

    with (
        just_before(ASK, lost),
        just_after("orders.providers.mock._reference", raising(ProviderUnavailable())),
        pytest.raises(ProviderUnavailable),
    ):
        refund()
    assert (stored().refunded_amount, refunds_of(1)[0].claimed_until) == (
        Decimal("10.00"),
        "2099-01-01T00:00:00.000Z",
    )


def raising(error: Exception) -> Callable[..., None]:
    """Something that fails like this."""

    def fail(*_: object) -> None:
        raise error

    return fail
