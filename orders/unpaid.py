"""Orders that were not paid in time: cancelled, their pieces and their use of a code given back.

A payment is called off at its provider first, so that none arrives for pieces that somebody else has by
then; one that was faster pays the order. Whatever stops in between is taken up by the next run.
"""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Literal

from common import config
from common.clock import iso
from common.dynamodb import UnitOfWork
from common.jobs import JobReport, Progress
from common.logging import describe_exception, logger
from common.notifications import notify
from common.optimistic import retry_when_stale
from common.repositories.orders import Order, number_of, orders_due
from orders.payment_cancellation import PaymentUnderWay, cancel_payment
from orders.payment_records import SYSTEM
from orders.providers import provider_named
from orders.refund_completion import cancel_now
from orders.refunds import existing

MINUTES = 60
# What somebody who waits for pieces lets be looked at and cancelled, within the time of a request.
LOOKED_AT, CANCELLED_AT_MOST = 100, 10
# Less than the time that the job's function has.
SECONDS = 240

Fate = Literal["cancelled", "kept", "under_way"]


def payment_due_at(method: str, now: datetime) -> str | None:
    """Until when an order that is placed now has to be paid (ISO 8601 UTC); None for no such time.

    `UNPAID_ORDER_MINUTES` (default 60) after it for what is charged here; `UNPAID_ORDER_MINUTES_MANUAL`
    (default: never) for what the buyer pays elsewhere. 0 means never. ConfigurationError for anything but
    whole numbers.
    """
    charges = provider_named(method).charges
    minutes = (
        _minutes("UNPAID_ORDER_MINUTES", MINUTES) if charges else _minutes("UNPAID_ORDER_MINUTES_MANUAL", 0)
    )
    return iso(now + timedelta(minutes=minutes)) if minutes else None


def cancel_if_overdue(order_id: int, now: datetime) -> Fate:
    """Cancels an order whose time to be paid has gone, unless it was paid; says what became of it.

    `under_way`: its money is being taken at the moment. Raises NotFound, ProviderUnavailable, StaleVersion.
    """
    order = existing(order_id)
    if not order.is_overdue(iso(now)):
        return "kept"
    try:
        cancel_payment(order, now)
    except PaymentUnderWay:
        return "under_way"
    return retry_when_stale(lambda: _cancel(existing(order_id), now))


def cancel_all_overdue(now: datetime, progress: Progress | None = None) -> JobReport:
    """Cancels every order whose time to be paid has gone; one that cannot be cancelled stops no other."""
    due = orders_due(iso(now))
    counts: Counter[str] = Counter()
    errors = []
    ends = monotonic() + SECONDS
    for number, order_id in enumerate(due, start=1):
        if monotonic() > ends:
            # The next run goes on; of many at once, the oldest come first.
            counts["left_for_later"] = len(due) - number + 1
            break
        fate = _cancel_or_log(order_id, now)
        counts[fate or "failed"] += 1
        if fate is None:
            errors.append(f"{number_of(order_id)} could not be cancelled; the log says more")
        if progress is not None:
            progress(number, len(due))
    failed_all = bool(errors) and len(errors) == counts.total()
    return JobReport(
        "unpaid",
        outcome="error" if failed_all else "partial" if errors else "completed",
        counts=counts,
        errors=tuple(errors),
    )


def free_overdue(product_ids: Collection[int], now: datetime) -> bool:
    """Cancels overdue orders that keep pieces of these products; whether any came back.

    For whoever meets a shortage before the job has run; by one query where nothing is overdue.
    """
    holding = [
        order_id
        for order_id, details in orders_due(iso(now), limit=LOOKED_AT).items()
        if any(line.product_id in product_ids for line in details.lines)
    ]
    is_any_free = False
    for order_id in holding[:CANCELLED_AT_MOST]:
        fate = _cancel_or_log(order_id, now)
        if fate is None:
            # The provider is away: whoever waits is not to wait for it once more.
            break
        is_any_free |= fate == "cancelled"
    return is_any_free


def _cancel_or_log(order_id: int, now: datetime) -> Fate | None:
    try:
        return cancel_if_overdue(order_id, now)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one order, the others are not to wait
        fields = {"order": number_of(order_id), **describe_exception(error)}
        logger().error("unpaid order not cancelled", extra=fields)
        return None


def _cancel(order: Order, now: datetime) -> Fate:
    if not order.is_overdue(iso(now)):
        # Paid, cancelled or sent meanwhile.
        return "kept"
    tell = partial(_tell, order=order, now=now)
    cancel_now(order, restock=True, reason="Not paid in time", by=SYSTEM, now=now, extra=tell)
    return "cancelled"


def _tell(work: UnitOfWork, order: Order, now: datetime) -> None:
    notify(
        work,
        type="system",
        title=f"Order cancelled: {order.order_number}",
        message=f"Order {order.order_number} was not paid in time; its pieces are on sale again",
        metadata={"order_id": order.id, "order_number": order.order_number},
        now=now,
    )


def _minutes(name: str, default: int) -> int:
    text = config.setting(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise config.ConfigurationError(f"{name} must be a whole number of minutes, not {text!r}")
    return int(text)
