"""Webhooks of payment providers: each verified report takes effect once, in whatever order they come."""

from collections.abc import Mapping
from datetime import datetime

from common.dynamodb import UnitOfWork
from common.notifications import notify
from common.repositories.orders import Order, order_by_id
from common.repositories.payment_events import AlreadyApplied, mark_applied
from orders.payment_records import record_failed, record_paid, record_refunded
from orders.providers import Event, EventKind
from orders.providers.minor_units import to_minor
from orders.refunds import finish_pending


def receive(raw_body: bytes, headers: Mapping[str, str], now: datetime) -> None:
    """Verifies a webhook and applies its report.

    Raises Unauthenticated for a bad signature, Unavailable where webhooks are not set up and when the
    provider has to send the report again later, InvalidInput for a signed body that is no report.
    """
    from orders.providers.stripe_provider import StripeProvider

    event = StripeProvider().parse_event(raw_body, headers)
    if event is not None:
        apply_event(event, now)


def apply_event(event: Event, now: datetime) -> None:
    """Applies a verified report, once however often it is delivered.

    A report that fits no order is kept as a notification.
    """
    order = order_by_id(event.order_id) if event.order_id is not None else None
    if order is not None:
        # A refund of our own may have been reported before its answer was written.
        finish_pending(order.id, now)
    try:
        if order is None or not _fits(event, order):
            _keep(event, order, now)
        else:
            _apply(event, order, now)
    except AlreadyApplied:
        return


def _apply(event: Event, order: Order, now: datetime) -> None:
    def mark(work: UnitOfWork) -> None:
        mark_applied(work, event.provider, event.id, now)

    if event.kind is EventKind.PAID:
        record_paid(order.id, event.reference, now, mark)
    elif event.kind is EventKind.FAILED:
        record_failed(order.id, now, mark, reported=True)
    elif event.amount is not None:
        # Where the currency has no cents, the whole was rounded when it was charged.
        whole = to_minor(event.amount, order.currency) == to_minor(order.total, order.currency)
        so_far = order.total if whole else event.amount
        record_refunded(order.id, event.reference, so_far, now, mark)


def _fits(event: Event, order: Order) -> bool:
    """Whether a report can be about this order: another system may use the same account at the provider."""
    if event.provider != order.payment_method or event.currency != order.currency.upper():
        return False
    if event.amount is None:
        return False
    if event.kind is EventKind.REFUNDED:
        return True
    return to_minor(event.amount, order.currency) == to_minor(order.total, order.currency)


def _keep(event: Event, order: Order | None, now: datetime) -> None:
    """Marks a report that has no order and leaves a notification about it."""
    with UnitOfWork() as work:
        mark_applied(work, event.provider, event.id, now)
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
