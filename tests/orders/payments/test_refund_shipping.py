"""Refunds that name the shipping: what was paid for it goes back once, with the pieces or alone."""

from decimal import Decimal
from typing import Any

import pytest

from common.errors import Conflict
from orders.refunds import refund_order
from orders.repositories.refunds import refunds_of
from tests.orders.payments.builders import ADMIN, COMMIT, NOW, changed, paid, stored
from tests.support.http import Answer, Client
from tests.support.races import just_before

PATH = "/api/admin/orders/1"
BOTH = [{"line": 1, "quantity": 2}, {"line": 2, "quantity": 1}]


def refund(admin: Client, **body: Any) -> Answer:
    return admin.post(f"{PATH}/refund", json=body)


def amount(answer: Answer) -> Decimal:
    assert answer.status == 200, answer.text
    return Decimal(answer.json["refund"]["amount"])


@pytest.fixture(autouse=True)
def _order(table: str) -> None:
    """Three pieces for 30.00 and the shipping for 6.00."""
    paid(total="36.00", subtotal=Decimal(30), shipping=Decimal(6))


def test_the_shipping_goes_back_alone_and_once(admin: Client) -> None:
    answer = refund(admin, shipping=True)
    assert amount(answer) == 6
    assert answer.json["refund"]["shipping"] is True
    assert answer.json["refund"]["items"] == []
    assert answer.json["refunded_shipping"] is True
    assert answer.json["payment_status"] == "partially_refunded"
    again = admin.post(f"{PATH}/refund", json={"shipping": True}, headers={"Idempotency-Key": "again"})
    assert (again.status, stored().refunded_amount) == (409, Decimal("6.00"))
    assert amount(refund(admin, items=BOTH)) == 30
    assert stored().payment_status == "refunded"


def test_it_goes_back_with_named_pieces(admin: Client) -> None:
    assert amount(refund(admin, items=[BOTH[0]], shipping=True)) == 26
    assert amount(refund(admin)) == 10
    assert stored().refunded_amount == 36


def test_pieces_leave_it_until_the_last_ones_come_back(admin: Client) -> None:
    assert amount(refund(admin, items=[BOTH[0]])) == 20
    assert stored().refunded_shipping is False
    last = refund(admin, items=[BOTH[1]])
    assert amount(last) == 16
    assert last.json["refund"]["shipping"] is True


def test_it_may_be_kept_when_all_pieces_come_back(admin: Client) -> None:
    assert amount(refund(admin, items=BOTH, shipping=False)) == 30
    assert stored().payment_status == "partially_refunded"
    assert amount(refund(admin, shipping=True)) == 6
    assert stored().payment_status == "refunded"


def test_everything_but_the_shipping_may_be_asked_for(admin: Client) -> None:
    assert amount(refund(admin, shipping=False)) == 30


def test_a_whole_refund_and_a_cancellation_hold_it(admin: Client) -> None:
    answer = admin.post(f"{PATH}/cancel")
    assert amount(answer) == 36
    assert answer.json["refunded_shipping"] is True


@pytest.mark.parametrize("body", [{"shipping": True, "amount": 5}, {"shipping": "perhaps"}])
def test_what_does_not_go_together_is_refused(admin: Client, body: dict[str, Any]) -> None:
    assert refund(admin, **body).status == 400
    assert stored().refunded_amount == 0


def test_shipping_that_cost_nothing_cannot_go_back(admin: Client) -> None:
    changed(stored(), shipping=Decimal(0))
    answer = refund(admin, shipping=True)
    assert (answer.status, list(answer.json["fields"])) == (400, ["shipping"])


def test_of_two_who_give_it_back_at_once_one_does() -> None:
    def rival() -> None:
        refund_order(1, None, False, "rival", ADMIN, NOW, shipping=True, items=())

    with just_before(COMMIT, rival), pytest.raises(Conflict):
        refund_order(1, None, None, "mine", ADMIN, NOW, shipping=True)
    assert [it.amount for it in refunds_of(1)] == [6]
    assert stored().refunded_amount == 6


def test_a_refund_of_it_that_fails_can_be_made_again(admin: Client) -> None:
    from orders.refund_completion import Failure, fail

    assert amount(refund(admin, shipping=True)) == 6
    fail(1, 1, Failure("it came back", "re_1", 1), NOW)
    assert not stored().refunded_shipping
    assert stored().refunded_amount == 0
    again = admin.post(f"{PATH}/refund", json={"shipping": True}, headers={"Idempotency-Key": "again"})
    assert amount(again) == 6
