"""What a provider tells of refunds: its own of ours, and those that somebody made there by hand.

`mark` adds the mark of the report that told of it, so that both are written together or not at all. Reports
come twice and in any order: money that has come back is never taken for money that is gone by a report that
was written before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.optimistic import retry_when_stale
from common.repositories.orders import Order, change_order, details_of
from orders import states
from orders.numbers import take_back
from orders.payment_records import IS_PAID, SYSTEM
from orders.providers import GivenBack
from orders.refund_completion import (
    ATTEMPTS,
    Failure,
    Mark,
    complete,
    credit_refund,
    debited,
    fail,
    payment_status_after,
    refund_key,
    sum_refunded,
)
from orders.refund_notifications import notify_refund_failed, notify_refunded
from orders.refund_plans import Plan, Wish
from orders.refund_taxes import taxes_of_refund
from orders.refunds import existing, next_refund
from orders.repositories.refunds import (
    FAILED,
    PENDING,
    REFUNDS,
    SUCCEEDED,
    Refund,
    refunds_of,
)
from orders.withdrawal_refunds import settled

_BY_HAND = "Refunded at the payment provider"


@dataclass(frozen=True, slots=True)
class RefundReport:
    """How one refund stands: `reference` is the provider's name for it, `key` what it was asked for with.

    `created` is when that was so, in epoch seconds; `has_failed` and `has_arrived` are both False while it
    is under way.
    """

    reference: str
    key: str
    amount: Decimal
    created: int
    has_arrived: bool = False
    has_failed: bool = False
    reason: str = ""


def record_refunded(
    order_id: int, reference: str, so_far: Decimal, now: datetime, mark: Mark, *, created: int | None = None
) -> Order:
    """Writes that the provider has given `so_far` of the payment back, where that is news.

    It may come before the report that the order was paid; what was refunded was paid. `created` (epoch
    seconds) is when the report was written: refunds that failed since then are in it and do not count.
    """
    return retry_when_stale(
        lambda: _record_refunded(existing(order_id), reference, so_far, created, now, mark), ATTEMPTS
    )


def record_refund_report(order_id: int, report: RefundReport, now: datetime, mark: Mark) -> None:
    """Writes how a refund stands, be it one of ours or one that somebody made at the provider."""
    retry_when_stale(lambda: _record_report(existing(order_id), report, now, mark), ATTEMPTS)


def _record_refunded(
    order: Order, reference: str, so_far: Decimal, created: int | None, now: datetime, mark: Mark
) -> Order:
    made = refunds_of(order.id)
    by_hand = sum((it.amount for it in made if it.is_elsewhere and it.status != FAILED), Decimal(0))
    at_provider = order.refunded_amount - by_hand
    news = min(so_far - _came_back(made, created) - at_provider, order.total - order.refunded_amount)
    foreign = order.payment_status in IS_PAID and order.payment_intent_id != reference
    with UnitOfWork() as work:
        mark(work)
        if foreign or news <= 0:
            return order
        wish = Wish(news, False, _BY_HAND, SYSTEM, now)
        begun = next_refund(order, details_of(order.id), Plan(news, {}, {}), wish, made)
        refund = _closed(begun, SUCCEEDED)
        after, note = credit_refund(work, _refunded(order, reference, made, news, now), refund, now)
        refund = replace(refund, credit_note=note)
        stored = change_order(work, order, settled(work, after, refund, now))
        REFUNDS.add(work, refund)
        if stored.payment_status == states.REFUNDED:
            take_back(work, order, None, _BY_HAND, iso(now), refund.number)
        notify_refunded(work, order, news, now)
    return stored


def _came_back(made: Sequence[Refund], created: int | None) -> Decimal:
    """What a report of `created` counts as refunded although it has come back since."""
    if created is None:
        return Decimal(0)
    return sum((it.amount for it in made if it.failed_at and it.failed_at >= created), Decimal(0))


def _refunded(order: Order, reference: str, made: list[Refund], news: Decimal, now: datetime) -> Order:
    return replace(
        order,
        payment_status=payment_status_after(sum_refunded(made) + news, order),
        payment_intent_id=reference,
        refunded_amount=order.refunded_amount + news,
        updated_at=iso(now),
    )


def _record_report(order: Order, report: RefundReport, now: datetime, mark: Mark) -> None:
    made = refunds_of(order.id)
    ours = _ours(order, made, report)
    failure = Failure(report.reason or "it came back", report.reference, report.created)
    if ours is None:
        _record_foreign(order, made, report, failure, now, mark)
    elif report.has_failed:
        fail(order.id, ours.number, failure, now, mark)
    else:
        given = GivenBack(report.reference, is_pending=not report.has_arrived)
        complete(order.id, ours.number, given, now, mark)


def _ours(order: Order, made: Sequence[Refund], report: RefundReport) -> Refund | None:
    """The refund that is meant, by the provider's name for it or by the key that it was asked for with."""
    named = [it for it in made if it.provider_reference == report.reference]
    asked = [it for it in made if report.key and refund_key(order, it.number) == report.key]
    return next(iter([*named, *asked]), None)


def _record_foreign(
    order: Order, made: list[Refund], report: RefundReport, failure: Failure, now: datetime, mark: Mark
) -> None:
    """A refund made at the provider: the charge's own report counts it, this one only takes it back."""
    counted = next((it for it in made if it.is_foreign and it.amount >= report.amount), None)
    if not report.has_failed:
        with UnitOfWork() as work:
            mark(work)
    elif counted is not None and counted.amount == report.amount:
        fail(order.id, counted.number, failure, now, mark)
    else:
        _take_back(order, made, counted, report, now, mark)


def _take_back(
    order: Order,
    made: list[Refund],
    counted: Refund | None,
    report: RefundReport,
    now: datetime,
    mark: Mark,
) -> None:
    """Writes a failed refund down, and takes it off the larger one that it was counted in, if it was."""
    wish = Wish(report.amount, False, _BY_HAND, SYSTEM, now)
    refund = _closed(next_refund(order, None, Plan(report.amount, {}, {}), wish, made), FAILED)
    refund = replace(
        refund,
        provider_reference=report.reference,
        failed_at=report.created,
        failure_reason=report.reason or None,
    )
    after = order
    with UnitOfWork() as work:
        mark(work)
        if counted is not None:
            REFUNDS.change(work, counted, _smaller(order, counted, report.amount, made))
            refunded = sum_refunded(made) - report.amount
            after = replace(
                order,
                refunded_amount=order.refunded_amount - report.amount,
                payment_status=payment_status_after(refunded, order),
            )
            after = debited(work, after, counted, report.amount, now)
        # Also where nothing changes: stops a report of the whole charge from being counted beside this one.
        change_order(work, order, replace(after, updated_at=iso(now)))
        REFUNDS.add(work, refund)
        notify_refund_failed(work, order, refund, report.reason or "it came back", now)


def _smaller(order: Order, refund: Refund, by: Decimal, made: Sequence[Refund]) -> Refund:
    others = [it for it in made if it.number != refund.number]
    amount = refund.amount - by
    taxes = taxes_of_refund(order, details_of(order.id), amount, refund.pieces, others)
    return replace(refund, amount=amount, taxes=taxes)


def _closed(refund: Refund, status: str) -> Refund:
    assert refund.status == PENDING  # noqa: S101 - a new row
    return replace(refund, status=status, claimed_until=None, fingerprint=None, closed_at=refund.created_at)
