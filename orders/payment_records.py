"""What a payment and a failed one leave in an order, each in one transaction.

`mark` adds the mark of the report that told of it, so that both are written together or not at all.
"""

from dataclasses import replace
from datetime import datetime

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.money import money_text
from common.notifications import notify
from common.optimistic import retry_when_stale
from common.outbox import queue_order_mail
from common.repositories.orders import Order, change_order, details_of
from orders import states
from orders.papers.issuing import invoice_of_paid
from orders.providers import RefundRefused, idempotency_key, provider_named
from orders.refund_completion import ATTEMPTS, By, Mark, finish_quietly, no_mark
from orders.refund_plans import Plan, Wish
from orders.refunds import existing, next_refund, reserve
from orders.repositories.refunds import Refund, refunds_of

IS_PAID = (states.PAID, states.PARTIALLY_REFUNDED, states.REFUNDED)

SYSTEM = By("system")
_TOO_LATE = "The order was cancelled before the payment arrived"


def record_paid(order_id: int, reference: str, now: datetime, mark: Mark = no_mark) -> Order:
    """Writes that the provider took the order's total, as the payment `reference`; answers the order.

    For a cancelled order the refund is reserved in the same transaction and carried out at once; a second
    payment of an order goes back whole. Raises ProviderUnavailable when that has to be finished later.
    """
    order, refund = retry_when_stale(lambda: _record_paid(existing(order_id), reference, now, mark), ATTEMPTS)
    if refund is None:
        return order
    finish_quietly(order_id, refund, now)
    return existing(order_id)


def record_failed(order_id: int, now: datetime, mark: Mark = no_mark, *, reported: bool = False) -> Order:
    """Writes that a payment failed, unless the order is paid or cancelled; answers the order.

    A failure that is `reported` may be one that was written already when it happened, or a stranger's. So
    it is told only of an order that waits for its payment, and is none of the order's attempts.
    """
    return retry_when_stale(lambda: _record_failed(existing(order_id), now, mark, reported=reported))


def _record_paid(order: Order, reference: str, now: datetime, mark: Mark) -> tuple[Order, Refund | None]:
    if order.payment_status in IS_PAID:
        _record_again(order, reference, now, mark)
        if order.paid_at is None and order.invoice is None and order.channel is None:
            # Its refund was told of before its payment, and there was no invoice to credit yet.
            from orders.papers.completing import complete_papers

            complete_papers(order.id, now)
        return order, None
    moment = iso(now)
    paid = replace(
        order,
        payment_status=states.PAID,
        payment_intent_id=reference,
        paid_at=moment,
        updated_at=moment,
    )
    with UnitOfWork() as work:
        mark(work)
        if order.cancelled_at is not None and order.total > 0:
            wish = Wish(None, False, _TOO_LATE, SYSTEM, now)
            whole, made = Plan(order.total, {}, {}), refunds_of(order.id)
            refund = next_refund(order, details_of(order.id), whole, wish, made)
            return reserve(work, order, paid, refund), refund
        stored = change_order(work, order, invoice_of_paid(work, paid, now))
        _tell_paid(work, order, now)
        queue_order_mail(work, order, "order_paid", now)
    return stored, None


def _record_again(order: Order, reference: str, now: datetime, mark: Mark) -> None:
    """A payment of an order that is paid: the same one told of again, or a second one that goes back.

    The first payment and what was refunded of it stay as they are.
    """
    if order.payment_intent_id == reference:
        with UnitOfWork() as work:
            mark(work)
        return
    second = replace(order, payment_intent_id=reference)
    key = idempotency_key(order, f"surplus:{reference}")
    try:
        provider_named(order.payment_method).refund(second, order.total, key)
        outcome = "was given back"
    except RefundRefused:
        outcome = "could not be given back"
    with UnitOfWork() as work:
        mark(work)
        notify(
            work,
            type="order_refunded",
            severity="warning",
            title=f"Paid twice: {order.order_number}",
            message=f"A second payment of {money_text(order.total, order.currency)} {outcome}",
            metadata={"order_id": order.id, "order_number": order.order_number, "reference": reference},
            now=now,
        )


def _record_failed(order: Order, now: datetime, mark: Mark, *, reported: bool) -> Order:
    waits = order.payment_status == states.PENDING
    counts = order.cancelled_at is None and order.payment_status not in IS_PAID and (waits or not reported)
    with UnitOfWork() as work:
        mark(work)
        if not counts:
            return order
        attempts = order.payment_attempts + (0 if reported else 1)
        failed = replace(order, payment_status=states.FAILED, payment_attempts=attempts, updated_at=iso(now))
        stored = change_order(work, order, failed)
        notify(
            work,
            type="payment_failed",
            title=f"Payment failed: {order.order_number}",
            message=f"The payment of order {order.order_number} failed",
            metadata={"order_id": order.id, "order_number": order.order_number},
            now=now,
        )
        queue_order_mail(work, order, "payment_failed", now)
    return stored


def _tell_paid(work: UnitOfWork, order: Order, now: datetime) -> None:
    notify(
        work,
        type="order_paid",
        title=f"Order paid: {order.order_number}",
        message=f"{money_text(order.total, order.currency)} were paid for order {order.order_number}",
        metadata={"order_id": order.id, "order_number": order.order_number, "total": order.total},
        now=now,
    )
