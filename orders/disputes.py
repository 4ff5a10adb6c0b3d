"""Payments that the buyer's bank wants back: what is held while it is disputed, and gone when it was lost."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.money import unrounded
from common.optimistic import retry_when_stale
from common.repositories.orders import Order, change_order
from orders.payment_records import IS_PAID
from orders.refund_completion import ATTEMPTS, Mark, payment_status_after, sum_refunded
from orders.refund_notifications import notify_dispute
from orders.refunds import existing
from orders.repositories.disputes import DISPUTES, Dispute, disputes_of
from orders.repositories.refunds import refunds_of

WON, LOST, INQUIRY_CLOSED = "won", "lost", "warning_closed"

# Words of Stripe: https://docs.stripe.com/api/disputes/object#dispute_object-status. An inquiry takes no
# money away, and a refund is how it ends.
_CLOSED = (WON, LOST, INQUIRY_CLOSED)
_INQUIRY = "warning_"


def record_dispute(reported: Dispute, now: datetime, mark: Mark) -> None:
    """Writes how a dispute stands, where that is news: closed is closed, and the later report holds.

    Its amount cannot be refunded while the dispute is open; once it is lost, it counts as given back.
    """
    retry_when_stale(lambda: _record(existing(reported.order_id), reported, now, mark), ATTEMPTS)


def _record(order: Order, reported: Dispute, now: datetime, mark: Mark) -> None:
    known = disputes_of(order.id)
    before = next((it for it in known if it.id == reported.id), None)
    with UnitOfWork() as work:
        mark(work)
        if before is not None and _rank(before) > _rank(reported):
            return
        if before is None:
            DISPUTES.add(work, reported)
        else:
            DISPUTES.change(work, before, reported)
        if before is not None and (before.status, before.amount) == (reported.status, reported.amount):
            return
        others = [it for it in known if it.id != reported.id]
        change_order(work, order, _after(order, [*others, reported], reported.status, now))
        notify_dispute(work, order, reported, now)


def _rank(dispute: Dispute) -> tuple[bool, int]:
    return dispute.status in _CLOSED, dispute.reported_at


def _after(order: Order, disputes: Iterable[Dispute], status: str, now: datetime) -> Order:
    held, lost = Decimal(0), Decimal(0)
    for dispute in disputes:
        if dispute.status == LOST:
            lost += dispute.amount
        elif dispute.status not in _CLOSED and not dispute.status.startswith(_INQUIRY):
            held += dispute.amount
    after = replace(
        order,
        disputed_amount=unrounded(held, order.currency),
        lost_amount=unrounded(lost, order.currency),
        dispute_status=status,
        updated_at=iso(now),
    )
    if order.payment_status not in IS_PAID:
        return after
    refunded = sum_refunded(refunds_of(order.id))
    return replace(after, payment_status=payment_status_after(refunded, after))
