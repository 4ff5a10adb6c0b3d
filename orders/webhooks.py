"""Webhooks of payment providers: each verified report takes effect once, in whatever order they come."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from common import once, prefixes
from common.clock import epoch
from common.dynamodb import UnitOfWork
from common.notifications import notify
from common.once import AlreadyDone, Marks
from common.repositories.orders import Order, order_by_id
from orders.disputes import record_dispute
from orders.payment_records import record_failed, record_paid
from orders.providers import Event, EventKind
from orders.providers.minor_units import to_minor
from orders.refund_completion import Mark
from orders.refund_reports import RefundReport, record_refund_report, record_refunded
from orders.refunds import finish_pending
from orders.repositories.disputes import Dispute

# Which reports took effect. Providers repeat one for days at most.
APPLIED = Marks(prefixes.PAYMENT_EVENT, timedelta(days=90))

_OF_A_PAYMENT = (EventKind.PAID, EventKind.FAILED)

# Words of Stripe: https://docs.stripe.com/api/refunds/object#refund_object-status
_ARRIVED = "succeeded"
_CAME_BACK = ("failed", "canceled")


def receive(raw_body: bytes, headers: Mapping[str, str], now: datetime) -> None:
    """Verifies a webhook and applies its report.

    Raises Unauthenticated for a bad signature, Unavailable where webhooks are not set up and when the
    provider has to send the report again later, InvalidInput for a signed body that is no report.
    """
    from orders.providers.stripe_provider import StripeProvider

    provider = StripeProvider()
    event = provider.parse_event(raw_body, headers)
    if event is None:
        return
    if event.order_id is None and event.kind not in _OF_A_PAYMENT and event.reference:
        # Disputes, and refunds that somebody made there, name the payment only.
        event = replace(event, order_id=provider.order_paid_by(event.reference))
    apply_event(event, now)


def apply_event(event: Event, now: datetime) -> None:
    """Applies a verified report, once however often it is delivered.

    A report that fits no order is kept as a notification.
    """
    order = order_by_id(event.order_id) if event.order_id is not None else None
    if order is not None and event.kind in (EventKind.PAID, EventKind.REFUNDED):
        # A refund of our own may have been reported before its answer was written.
        finish_pending(order.id, now)
    try:
        if order is None or not _fits(event, order):
            _keep(event, order, now)
        else:
            _apply(event, order, now)
    except AlreadyDone:
        return


def _apply(event: Event, order: Order, now: datetime) -> None:
    def mark(work: UnitOfWork) -> None:
        once.add(work, APPLIED.of(event.provider, event.id), now)

    if event.kind is EventKind.PAID:
        record_paid(order.id, event.reference, now, mark)
    elif event.kind is EventKind.FAILED:
        record_failed(order.id, now, mark, reported=True)
    elif event.kind is EventKind.REFUNDED:
        so_far = _in_order_currency(event, order)
        record_refunded(order.id, event.reference, so_far, now, mark, created=event.created)
    else:
        _apply_later(event, order, now, mark)


def _apply_later(event: Event, order: Order, now: datetime, mark: Mark) -> None:
    """What becomes of a refund or of the payment after it was answered."""
    amount = _in_order_currency(event, order)
    if event.kind is EventKind.DISPUTE:
        dispute = Dispute(
            order_id=order.id,
            id=event.subject,
            amount=amount,
            status=event.state,
            reported_at=event.created,
            reason=event.reason or None,
        )
        record_dispute(dispute, now, mark)
        return
    report = RefundReport(
        reference=event.subject,
        key=event.key,
        amount=amount,
        created=event.created or epoch(now),
        has_arrived=event.state == _ARRIVED,
        has_failed=event.state in _CAME_BACK,
        reason=event.reason,
    )
    record_refund_report(order.id, report, now, mark)


def _in_order_currency(event: Event, order: Order) -> Decimal:
    amount = event.amount or Decimal(0)
    # Where the currency has no cents, the whole was rounded when it was charged.
    whole = to_minor(amount, order.currency) == to_minor(order.total, order.currency)
    return order.total if whole else amount


def _fits(event: Event, order: Order) -> bool:
    """Whether a report can be about this order: another system may use the same account at the provider."""
    if event.provider != order.payment_method or event.currency != order.currency.upper():
        return False
    if event.amount is None:
        return False
    if event.kind in _OF_A_PAYMENT:
        return to_minor(event.amount, order.currency) == to_minor(order.total, order.currency)
    if event.kind is EventKind.REFUNDED:
        return True
    # A second payment of the order went back whole; what becomes of that is told and no matter of the books.
    return order.payment_intent_id == event.reference


def _keep(event: Event, order: Order | None, now: datetime) -> None:
    """Marks a report that has no order and leaves a notification about it."""
    with UnitOfWork() as work:
        once.add(work, APPLIED.of(event.provider, event.id), now)
        what = f"order {order.order_number}" if order else "no order"
        notify(
            work,
            type="system",
            severity="warning",
            title="Payment report that fits no order",
            message=f"{event.provider} reported a payment ({event.kind.value}) that fits {what}",
            metadata={"event_id": event.id, "reference": event.reference},
            now=now,
        )
