"""Refunds and cancellations at the same moment, and crashes in the middle of one."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest

from common.dynamodb import Update, update_item
from common.errors import Conflict
from orders.payments import pay
from orders.providers import ProviderUnavailable, RefundRefused
from orders.refund_repetitions import Outcome, Repeated
from orders.refunds import cancel_order, refund_order
from orders.repositories.discounts import DISCOUNTS
from orders.repositories.refunds import CLAIM, refunds_of
from tests.catalog.builders import row, store
from tests.orders.payments.builders import (
    ADMIN,
    COMMIT,
    DISCOUNT,
    NOW,
    PRODUCT,
    Crash,
    audited,
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
from tests.support.races import just_after, just_before

ASK = "orders.providers.mock.MockProvider.refund"
FINISH = "orders.refunds.finish"


TAKE_UP = "orders.refunds._take_up_what_was_left"
LATER = NOW + CLAIM.lasts


def refund(amount: str | None, now: datetime = NOW) -> Outcome:
    return refund_order(1, Decimal(amount) if amount else None, None, None, ADMIN, now)


def cancel(now: datetime = NOW) -> Outcome:
    return cancel_order(1, None, None, ADMIN, now)


def repeated(step: Callable[[], object]) -> None:
    """The step is answered as one that was asked for before."""
    with pytest.raises(Repeated):
        step()


def test_of_two_refunds_at_once_no_more_goes_back_than_was_paid(table: str) -> None:
    paid()
    with just_before(COMMIT, lambda: refund("20.00")), pytest.raises(Conflict, match=r"Only 10\.00 EUR"):
        refund("25.00")
    assert stored().refunded_amount == Decimal("20.00")


def test_two_refunds_at_once_both_hold_where_both_fit(table: str) -> None:
    paid()
    with just_before(COMMIT, lambda: refund("20.00")):
        refund("10.00")
    assert stored().payment_status == "refunded"
    assert sorted(it.amount for it in refunds_of(1)) == [Decimal("10.00"), Decimal("20.00")]


@pytest.mark.parametrize("moment", [ASK, FINISH])
@pytest.mark.parametrize("amount", ["10.00", None])
def test_a_crash_within_a_refund_is_finished_by_the_next_call(
    table: str, moment: str, amount: str | None
) -> None:
    paid()
    with just_before(moment, crash), pytest.raises(Crash):
        refund(amount)
    assert [it.status for it in refunds_of(1)] == ["pending"]
    assert stored().payment_status == "paid"
    repeated(lambda: refund(amount))
    assert [it.status for it in refunds_of(1)] == ["pending"]
    assert refund(amount, LATER).is_repeated
    assert [it.status for it in refunds_of(1)] == ["succeeded"]
    assert stored().refunded_amount == Decimal(amount or "30.00")
    assert told()["order_refunded"] == 1


def test_a_refund_whose_answer_was_lost_is_settled_once(table: str) -> None:
    paid()
    with just_after(ASK, crash), pytest.raises(Crash):
        refund("10.00")
    refund("10.00", LATER)
    assert stored().refunded_amount == Decimal("10.00")
    assert stock() != whole_stock()


def test_another_refund_finishes_the_pending_one_first(table: str) -> None:
    paid()
    with just_before(ASK, crash), pytest.raises(Crash):
        refund("10.00")
    refund("5.00", LATER)
    assert [(it.amount, it.status) for it in refunds_of(1)] == [
        (Decimal("10.00"), "succeeded"),
        (Decimal("5.00"), "succeeded"),
    ]
    assert stored().refunded_amount == Decimal("15.00")


def test_a_crash_within_a_cancellation_is_finished_by_the_next_call(table: str) -> None:
    paid()
    with just_before(ASK, crash), pytest.raises(Crash):
        cancel()
    assert stored().cancelled_at is None
    cancel(LATER)
    assert stored().cancelled_at is not None
    assert (stock(), uses(), audited()) == (whole_stock(), 0, ["CANCEL"])


def test_a_refund_finishes_a_cancellation_that_crashed(table: str) -> None:
    paid()
    with just_before(ASK, crash), pytest.raises(Crash):
        cancel()
    with pytest.raises(Conflict, match="is refunded"):
        refund(None, LATER)
    assert stored().cancelled_at is not None
    assert (stock(), uses()) == (whole_stock(), 0)


@pytest.mark.parametrize("moment", [COMMIT, ASK])
def test_two_cancellations_at_once_give_back_once(table: str, moment: str) -> None:
    paid()
    if moment == COMMIT:
        with just_before(moment, cancel):
            repeated(cancel)
    else:
        with just_before(moment, lambda: repeated(cancel)):
            cancel()
    assert (stock(), uses(), audited()) == (whole_stock(), 0, ["CANCEL"])
    assert len(refunds_of(1)) == 1


def test_a_cancellation_beside_one_that_crashed_gives_the_discount_back_once(table: str) -> None:
    paid()
    update_item(DISCOUNTS.key(DISCOUNT), Update().set("times_used", 5))

    def rival() -> None:
        with just_before(ASK, crash), pytest.raises(Crash):
            cancel()

    with just_after(TAKE_UP, rival):
        repeated(cancel)
    assert cancel(LATER).is_repeated
    assert (stock(), uses()) == (whole_stock(), 4)
    assert (stored().payment_status, len(refunds_of(1))) == ("refunded", 1)


def test_two_cancellations_of_an_unpaid_order_give_back_once(table: str) -> None:
    placed()
    with just_before(COMMIT, cancel), pytest.raises(Conflict):
        cancel()
    assert (stock(), uses(), audited()) == (whole_stock(), 0, ["CANCEL"])


def test_a_cancellation_refunds_what_was_paid_meanwhile(table: str) -> None:
    placed()
    with just_before(COMMIT, lambda: pay(1, {}, NOW)):
        cancel()
    order = stored()
    assert (order.payment_status, order.refunded_amount) == ("refunded", Decimal("30.00"))
    assert order.cancelled_at is not None


def test_a_cancellation_and_a_refund_at_once_give_back_once(table: str) -> None:
    paid()
    with just_before(COMMIT, lambda: refund(None)):
        cancel()
    assert stored().cancelled_at is not None
    assert len(refunds_of(1)) == 1
    assert (stock(), uses()) == (whole_stock(), 0)


def test_pieces_of_a_variant_removed_meanwhile_stop_no_cancellation(table: str) -> None:
    placed()
    with just_before(COMMIT, lambda: store([row(PRODUCT)])):
        cancel()
    assert (stock(), uses()) == ({}, 0)


def test_settling_keeps_what_was_changed_meanwhile(table: str) -> None:
    paid()

    def ship() -> None:
        changed(stored(), fulfillment_status="fulfilled")

    with just_before(ASK, ship):
        refund(None)
    assert (stored().payment_status, stored().fulfillment_status) == ("refunded", "fulfilled")


def test_a_refund_that_the_provider_refuses_is_undone_and_told(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid()
    answer_refunds(monkeypatch, RefundRefused("No"))
    with pytest.raises(RefundRefused):
        refund("10.00")
    assert (stored().refunded_amount, stored().payment_status) == (Decimal("0.00"), "paid")
    assert [it.status for it in refunds_of(1)] == ["failed"]
    assert told()["system"] == 1


def test_two_callers_who_are_both_refused_undo_once(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    paid()
    rivals = [lambda: refund("5.00")]

    def refuse(*_: object) -> None:
        if rivals:
            with pytest.raises(RefundRefused):
                rivals.pop()()
        raise RefundRefused("No")

    monkeypatch.setattr(ASK, refuse)
    with pytest.raises(RefundRefused):
        refund("10.00")
    assert [it.status for it in refunds_of(1)] == ["failed", "failed"]
    assert stored().refunded_amount == Decimal("0.00")
    assert told()["system"] == 2


def test_a_cancellation_whose_refund_is_refused_leaves_the_order_as_it_is(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid()
    answer_refunds(monkeypatch, RefundRefused("No"))
    with pytest.raises(RefundRefused):
        cancel()
    assert stored().cancelled_at is None
    assert (stock() == whole_stock(), uses()) == (False, 1)


def test_a_refund_without_an_answer_stays_reserved(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    paid()
    answer_refunds(monkeypatch, ProviderUnavailable())
    with pytest.raises(ProviderUnavailable):
        refund("10.00")
    assert stored().refunded_amount == Decimal("10.00")
    with pytest.raises(ProviderUnavailable):
        refund("25.00")
    assert [it.amount for it in refunds_of(1)] == [Decimal("10.00")]


def answer_refunds(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(*_: object) -> Callable[[], None]:
        raise error

    monkeypatch.setattr(ASK, refuse)
