"""Rows of refunds: written once, closed once."""

from dataclasses import replace
from decimal import Decimal

import pytest

from common.dynamodb import UnitOfWork
from common.optimistic import StaleVersion
from orders.repositories.refunds import (
    FAILED,
    REFUNDS,
    SUCCEEDED,
    Refund,
    refunds_of,
)


def refund(number: int = 1, order_id: int = 1, reason: str | None = "Damaged") -> Refund:
    return Refund(
        order_id=order_id,
        number=number,
        amount=Decimal("10.50"),
        restock=False,
        cancels=True,
        actor="1",
        created_at="2026-01-31T10:00:00.000Z",
        reason=reason,
    )


def add(*refunds: Refund) -> None:
    with UnitOfWork() as work:
        for each in refunds:
            REFUNDS.add(work, each)


@pytest.mark.parametrize("reason", ["Damaged", None])
def test_a_refund_is_read_as_it_was_written(reason: str | None) -> None:
    assert REFUNDS.of(REFUNDS.item(refund(reason=reason))) == refund(reason=reason)


def test_the_refunds_of_an_order_come_in_their_order(table: str) -> None:
    add(*(refund(number) for number in (10, 2, 1)), refund(1, order_id=2))
    assert [it.number for it in refunds_of(1)] == [1, 2, 10]
    assert [it.amount for it in refunds_of(2)] == [Decimal("10.50")]
    assert refunds_of(3) == []


def test_a_number_is_used_once(table: str) -> None:
    add(refund())
    with pytest.raises(StaleVersion):
        add(refund(reason="Another"))
    assert refunds_of(1) == [refund()]


def test_a_refund_is_closed_once(table: str) -> None:
    add(refund())
    with UnitOfWork() as work:
        REFUNDS.change(work, refund(), replace(refund(), status=SUCCEEDED, provider_reference="re_1"))
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        REFUNDS.change(work, refund(), replace(refund(), status=FAILED))
    (closed,) = refunds_of(1)
    assert (closed.status, closed.provider_reference) == (SUCCEEDED, "re_1")


def test_a_claim_that_has_passed_to_another_is_no_longer_ones_own(table: str) -> None:
    add(refund())
    with UnitOfWork() as work:
        REFUNDS.change(work, refund(), replace(refund(), claimed_until="2026-01-31T10:01:00.000Z"))
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        REFUNDS.change(work, refund(), replace(refund(), status=FAILED))
