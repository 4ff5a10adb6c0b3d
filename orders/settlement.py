"""The end of a refund and of a cancellation: all that follows from them, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from common.audit import Actor, changes_between, record
from common.clock import iso
from common.dynamodb import UnitOfWork
from common.errors import NotFound
from common.money import money_text
from common.notifications import notify
from common.optimistic import retry_when_stale
from common.repositories.orders import Order, change_order, order_by_id
from common.repositories.refunds import (
    FAILED,
    PENDING,
    SUCCEEDED,
    Refund,
    close_refund,
    refunds_of,
)
from common.stock_ledger import Event
from common.stock_queue import announce
from orders import states
from orders.giving_back import give_back_discount, put_back_stock
from orders.providers import RefundRefused, idempotency_key, provider_named

_AUDITED = ("payment_status", "fulfillment_status", "refunded_amount", "cancelled_at", "restocked")


@dataclass(frozen=True, slots=True)
class By:
    """Whoever asked for a step that is finished later, known by id alone."""

    id: str


def finish(order_id: int, refund: Refund, now: datetime) -> Order:
    """Asks the provider for a reserved refund and settles it; answers the order as it is then.

    Asking and settling again changes nothing more. Raises RefundRefused, after which the reservation is
    undone, and ProviderUnavailable, after which the refund stays pending.
    """
    order = _order(order_id)
    key = idempotency_key(order, f"refund:{refund.number}")
    try:
        reference = provider_named(order.payment_method).refund(order, refund.amount, key)
    except RefundRefused:
        retry_when_stale(lambda: _release(order_id, refund.number, now))
        raise
    return retry_when_stale(lambda: _settle(order_id, refund.number, reference, now))


def finish_quietly(order_id: int, refund: Refund, now: datetime) -> bool:
    """Like `finish`; answers whether the money went back instead of raising RefundRefused."""
    try:
        finish(order_id, refund, now)
    except RefundRefused:
        return False
    return True


def cancel_now(
    order: Order,
    *,
    restock: bool,
    reason: str | None,
    by: Actor,
    now: datetime,
    extra: Callable[[UnitOfWork], None] | None = None,
) -> Order:
    """Cancels an order that has no money to give back; `extra` adds to the same transaction.

    Raises StaleVersion, Conflict.
    """
    with UnitOfWork() as work:
        after = _cancelled(work, order, now)
        after, skus = _restocked(work, after, "cancellation", now) if restock else (after, [])
        stored = change_order(work, order, after)
        _audit(work, "CANCEL", order, stored, by, now, reason)
        if extra is not None:
            extra(work)
    announce(skus)
    return stored


def payment_status_after(settled: Decimal, order: Order) -> str:
    """The payment status of a paid order of which `settled` has been given back."""
    if settled <= 0:
        return states.PAID
    return states.REFUNDED if settled >= order.total else states.PARTIALLY_REFUNDED


def tell_refunded(work: UnitOfWork, order: Order, amount: Decimal, now: datetime) -> None:
    """Adds the notification of a refund of `amount`."""
    notify(
        work,
        type="order_refunded",
        title=f"Order refunded: {order.order_number}",
        message=f"{money_text(amount, order.currency)} of order {order.order_number} were refunded",
        metadata={"order_id": order.id, "order_number": order.order_number, "amount": amount},
        now=now,
    )


def _settle(order_id: int, number: int, reference: str, now: datetime) -> Order:
    order, refunds = _order(order_id), refunds_of(order_id)
    refund = refunds[number - 1]
    if refund.status != PENDING:
        return order
    settled = sum((it.amount for it in refunds if it.status == SUCCEEDED), refund.amount)
    skus: list[str | None] = []
    with UnitOfWork() as work:
        after = replace(order, payment_status=payment_status_after(settled, order), updated_at=iso(now))
        if refund.cancels and order.cancelled_at is None:
            after = _cancelled(work, after, now)
        if refund.restock:
            source = "cancellation" if refund.cancels else "refund"
            after, skus = _restocked(work, after, source, now)
        stored = change_order(work, order, after)
        close_refund(work, refund, SUCCEEDED, reference)
        tell_refunded(work, order, refund.amount, now)
        action = "CANCEL" if refund.cancels else "REFUND"
        _audit(work, action, order, stored, By(refund.actor), now, refund.reason, refund.amount)
    announce(skus)
    return stored


def _release(order_id: int, number: int, now: datetime) -> None:
    """Undoes the reservation of a refund that the provider refused."""
    order, refunds = _order(order_id), refunds_of(order_id)
    refund = refunds[number - 1]
    if refund.status != PENDING:
        return
    left = order.refunded_amount - refund.amount
    with UnitOfWork() as work:
        change_order(work, order, replace(order, refunded_amount=left, updated_at=iso(now)))
        close_refund(work, refund, FAILED, None)
        notify(
            work,
            type="system",
            severity="critical",
            title=f"Refund refused: {order.order_number}",
            message=f"The payment provider refused to refund {money_text(refund.amount, order.currency)}",
            metadata={"order_id": order.id, "order_number": order.order_number, "amount": refund.amount},
            now=now,
        )


def _cancelled(work: UnitOfWork, order: Order, now: datetime) -> Order:
    give_back_discount(work, order)
    return replace(order, cancelled_at=iso(now), updated_at=iso(now))


def _restocked(work: UnitOfWork, order: Order, source: str, now: datetime) -> tuple[Order, list[str | None]]:
    """The order once its pieces are back, and the SKUs of those that come back now."""
    if order.restocked:
        return order, []
    skus = put_back_stock(work, order, Event(source, str(order.id), "return", now))
    return replace(order, restocked=True), skus


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
    metadata = {"reason": reason, "amount": amount}
    record(
        work,
        actor=by,
        action=action,
        entity_type="Order",
        entity_id=before.id,
        now=now,
        changes=changes_between(*values),
        metadata={name: value for name, value in metadata.items() if value is not None},
    )


def _order(order_id: int) -> Order:
    order = order_by_id(order_id)
    if order is None:
        raise NotFound("Order not found")
    return order
