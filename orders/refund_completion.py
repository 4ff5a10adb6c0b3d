"""The end of a refund and of a cancellation: all that follows from them, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from common.audit import Actor, changes_between, record
from common.clock import epoch, iso
from common.dynamodb import UnitOfWork
from common.errors import NotFound
from common.optimistic import retry_when_stale
from common.outbox import queue_order_mail
from common.repositories.orders import Order, Pieces, change_order, details_of, order_by_id
from common.sparse import without_none
from common.stock_ledger import Event
from common.stock_queue import announce
from orders import states
from orders.numbers import give_back, never_left, take_back, undone
from orders.papers.issuing import credit, credit_rest, debit
from orders.providers import GivenBack, RefundRefused, idempotency_key, provider_named
from orders.refund_notifications import (
    notify_refund_elsewhere,
    notify_refund_failed,
    notify_refund_pending,
    notify_refunded,
)
from orders.refund_pieces import added, at_most, taken_off, unreturned
from orders.repositories.refunds import FAILED, PENDING, REFUNDS, SUCCEEDED, Refund, refunds_of
from orders.restocking import release_discount, restock
from orders.withdrawal_refunds import put_back, settled

Mark = Callable[[UnitOfWork], None]

# What has happened at the provider has to be written down, however many others write to the order.
ATTEMPTS = 40

_AUDITED = ("payment_status", "fulfillment_status", "refunded_amount", "cancelled_at", "restocked")


@dataclass(frozen=True, slots=True)
class By:
    """Whoever asked for a step that is finished later, known by id alone."""

    id: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why money did not go back; `reference` and `failed_at` (epoch seconds) of a refund that was made."""

    reason: str
    reference: str | None = None
    failed_at: int | None = None


def no_mark(work: UnitOfWork) -> None:
    """Adds nothing, for what no report told of."""


def refund_key(order: Order, number: int) -> str:
    """The key under which the provider is asked for an order's refund."""
    return idempotency_key(order, f"refund:{number}")


def finish(order_id: int, refund: Refund, now: datetime) -> Refund:
    """Asks the provider for a reserved refund and completes it; answers the refund as it is then.

    Asking and completing again changes nothing more. Raises RefundRefused, after which the reservation is
    undone, and ProviderUnavailable and ProviderNotSetUp, after which the refund stays pending.
    """
    try:
        given = _asked(_order(order_id), refund)
    except RefundRefused as refused:
        failed_at = epoch(now) if refused.reference else None
        failure = Failure(refused.message, refused.reference, failed_at)
        retry_when_stale(lambda: fail(order_id, refund.number, failure, now), ATTEMPTS)
        raise
    completed = retry_when_stale(lambda: complete(order_id, refund.number, given, now), ATTEMPTS)
    if completed.status == FAILED:
        raise RefundRefused(completed.failure_reason or "The refund failed")
    return completed


def finish_quietly(order_id: int, refund: Refund, now: datetime) -> Refund | None:
    """Like `finish`; answers None instead of raising RefundRefused."""
    try:
        return finish(order_id, refund, now)
    except RefundRefused:
        return None


def complete(order_id: int, number: int, given: GivenBack, now: datetime, mark: Mark = no_mark) -> Refund:
    """Writes what the provider made of a refund, and what follows; answers the refund as it is then.

    Pieces and code come back, and a cancellation takes effect, as soon as the provider has accepted the
    refund; the money counts as given back when it has arrived. StaleVersion.
    """
    order, refunds = _order(order_id), refunds_of(order_id)
    refund = refunds[number - 1]
    with UnitOfWork() as work:
        mark(work)
        if refund.status != PENDING or (refund.is_accepted and given.is_pending):
            return refund
        after, skus = replace(order, updated_at=iso(now)), list[str | None]()
        if refund.is_unanswered:
            after, skus = _with_its_effects(work, after, refund, now)
        changes: dict[str, Any] = {"claimed_until": None, "provider_reference": given.reference or None}
        if not given.is_pending:
            changes |= {"status": SUCCEEDED, "closed_at": iso(now)}
            refunded = sum_refunded(refunds) + refund.amount
            after = replace(after, payment_status=payment_status_after(refunded, order))
            after, changes["credit_note"] = credit_refund(work, after, refund, now)
        closed = REFUNDS.change(work, refund, replace(refund, **changes))
        stored = change_order(work, order, settled(work, after, closed, now))
        _tell(work, order, closed, now)
        _audit_refund(work, refund, order, stored, now)
    announce(skus)
    return closed


def fail(
    order_id: int, number: int, failure: Failure, now: datetime, mark: Mark = no_mark, *, tell: bool = True
) -> Refund:
    """Undoes a refund that was refused or came back, so that the money can be refunded again. StaleVersion.

    What was put on sale stays there, and a cancelled order stays cancelled.
    """
    order, refunds = _order(order_id), refunds_of(order_id)
    refund = refunds[number - 1]
    known = {"provider_reference": refund.provider_reference, "failed_at": refund.failed_at}
    reported = {"provider_reference": failure.reference, "failed_at": failure.failed_at}
    told: dict[str, Any] = {name: value or reported[name] for name, value in known.items()}
    with UnitOfWork() as work:
        mark(work)
        if refund.status == FAILED:
            return refund if told == known else REFUNDS.change(work, refund, replace(refund, **told))
        after = put_back(work, _without(order, refund, refunds, now), refund, now)
        stored = change_order(work, order, debited(work, after, refund, refund.amount, now))
        give_back(work, order, refund, iso(now))
        changes = {"status": FAILED, "failure_reason": failure.reason, "closed_at": iso(now), **told}
        failed = REFUNDS.change(work, refund, replace(refund, **changes, claimed_until=None))
        if tell:
            notify_refund_failed(work, order, failed, failure.reason, now)
        _audit(work, "REFUND_FAILED", order, stored, By(refund.actor), now, failure.reason, refund.amount)
    return failed


def cancel_now(
    order: Order,
    *,
    restock: bool,
    reason: str | None,
    by: Actor,
    now: datetime,
    returns: Pieces | None = None,
    extra: Callable[[UnitOfWork], None] | None = None,
) -> Order:
    """Cancels an order that has no money to give back; `extra` adds to the same transaction.

    `restock` puts `returns` on sale again, None being all that is not there yet. Raises StaleVersion,
    Conflict.
    """
    with UnitOfWork() as work:
        after, skus = _cancelled(work, order, now), list[str | None]()
        if not (restock and never_left(order)):
            take_back(work, order, None, "The order was cancelled", iso(now))
        if restock:
            event = Event("cancellation", str(order.id), "return", now)
            after, skus = _restocked(work, after, returns, event)
        stored = change_order(work, order, credit_rest(work, after, now))
        queue_order_mail(work, order, "order_cancelled", now)
        _audit(work, "CANCEL", order, stored, by, now, reason)
        if extra is not None:
            extra(work)
    announce(skus)
    return stored


def credit_refund(work: UnitOfWork, order: Order, refund: Refund, now: datetime) -> tuple[Order, str | None]:
    """The order with a credit note for money that has gone back, and its number; None without an invoice."""
    return credit(work, order, refund.amount, now, pieces=refund.pieces, taxes=refund.taxes)


def debited(work: UnitOfWork, order: Order, refund: Refund, amount: Decimal, now: datetime) -> Order:
    """The order with a debit note for what of a refund came back, where there is a credit note for it."""
    return order if refund.credit_note is None else debit(work, order, refund.credit_note, amount, now)


def payment_status_after(refunded: Decimal, order: Order) -> str:
    """The payment status of a paid order of which `refunded` has been given back."""
    gone = refunded + order.lost_amount
    if gone <= 0:
        return states.PAID
    return states.REFUNDED if gone >= order.total else states.PARTIALLY_REFUNDED


def sum_refunded(refunds: list[Refund]) -> Decimal:
    """What these refunds have given back."""
    return sum((it.amount for it in refunds if it.status == SUCCEEDED), Decimal(0))


def _asked(order: Order, refund: Refund) -> GivenBack:
    if refund.is_elsewhere:
        return GivenBack("")
    key = refund_key(order, refund.number)
    return provider_named(order.payment_method).refund(order, refund.amount, key)


def _with_its_effects(
    work: UnitOfWork, order: Order, refund: Refund, now: datetime
) -> tuple[Order, list[str | None]]:
    """The order once it is cancelled and its pieces are back, as far as the refund says so."""
    if refund.cancels and order.cancelled_at is None:
        order = _cancelled(work, order, now)
    take_back(work, order, undone(refund), f"Refund {refund.number}", iso(now), refund.number)
    if not refund.restock:
        return order, []
    source = "cancellation" if refund.cancels else "refund"
    event = Event(source, f"{order.id}:{refund.number}", "return", now)
    return _restocked(work, order, refund.returns, event)


def _without(order: Order, refund: Refund, refunds: list[Refund], now: datetime) -> Order:
    refunded = sum_refunded([it for it in refunds if it.number != refund.number])
    was_completed = refund.status == SUCCEEDED
    return replace(
        order,
        refunded_amount=order.refunded_amount - refund.amount,
        refunded_pieces=taken_off(order.refunded_pieces, refund.pieces),
        refunded_shipping=order.refunded_shipping and not refund.shipping,
        payment_status=payment_status_after(refunded, order) if was_completed else order.payment_status,
        updated_at=iso(now),
    )


def _cancelled(work: UnitOfWork, order: Order, now: datetime) -> Order:
    release_discount(work, order)
    return replace(order, cancelled_at=iso(now), updated_at=iso(now))


def _restocked(
    work: UnitOfWork, order: Order, returns: Pieces | None, event: Event
) -> tuple[Order, list[str | None]]:
    """The order once these pieces are back, and the SKUs of those that come back now."""
    details = details_of(order.id)
    lines = details.lines if details else ()
    missing = unreturned(order, lines)
    pieces = missing if returns is None else at_most(returns, missing)
    skus = restock(work, lines, pieces, event, unpaid=order.id if never_left(order) else None)
    counted = added(order.restocked_pieces, pieces)
    return replace(order, restocked=pieces == missing, restocked_pieces=counted), skus


def _tell(work: UnitOfWork, order: Order, refund: Refund, now: datetime) -> None:
    if refund.status == PENDING:
        notify_refund_pending(work, order, refund, now)
    elif refund.is_elsewhere:
        notify_refund_elsewhere(work, order, refund.amount, now)
    else:
        notify_refunded(work, order, refund.amount, now)
        told = {"refund": refund.number, "amount": refund.amount, "credit_note": refund.credit_note}
        facts = without_none(told)
        queue_order_mail(work, order, "order_refunded", now, facts)


def _audit_refund(work: UnitOfWork, refund: Refund, before: Order, after: Order, now: datetime) -> None:
    action = "CANCEL" if refund.cancels else "REFUND"
    if refund.is_accepted:
        action = "REFUND_CONFIRMED"
    _audit(work, action, before, after, By(refund.actor), now, refund.reason, refund.amount)


def _audit(
    work: UnitOfWork,
    action: str,
    before: Order,
    after: Order,
    by: Actor,
    now: datetime,
    reason: str | None,
    amount: Decimal | None = None,
) -> None:
    values = [{name: getattr(order, name) for name in _AUDITED} for order in (before, after)]
    record(
        work,
        actor=by,
        action=action,
        entity_type="Order",
        entity_id=before.id,
        now=now,
        changes=changes_between(*values),
        metadata=without_none({"reason": reason, "amount": amount}),
    )


def _order(order_id: int) -> Order:
    order = order_by_id(order_id)
    if order is None:
        raise NotFound("Order not found")
    return order
