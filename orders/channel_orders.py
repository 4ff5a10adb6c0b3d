"""Orders that were placed and paid on a channel: made once, and moved along as the channel reports.

What a channel reports has happened: nothing here is refused, and what is known already changes nothing.
So reports may come twice, late and in any order. Stock is no matter of these orders: the channel's sales
move it line by line.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, Literal

from common.clock import iso
from common.dynamodb import UnitOfWork, get_item
from common.money import to_money
from common.notifications import notify
from common.optimistic import StaleVersion, retry_when_stale
from common.repositories.order_counter import (
    COUNTER_KEY,
    count_next_order,
    count_order,
    last_id_in,
    reserve_id,
)
from common.repositories.orders import Order, OrderDetails, OrderLine, add_order, change_order
from orders import states
from orders.orders import StatusChange, change_status
from orders.payment_records import IS_PAID, SYSTEM, record_paid
from orders.placing import RETRIES, IdTaken, notify_new_order
from orders.refund_completion import cancel_now, no_mark
from orders.refund_reports import record_refunded
from orders.refunds import existing
from orders.repositories.channel_orders import claim_channel_order, known_of

Refunded = Literal["nothing", "partly", "wholly"]


@dataclass(frozen=True, slots=True)
class Placed:
    """An order as its channel reports it; `id` is its id there, `number` what the shop knows it by.

    Amounts in `currency`, without what the channel keeps for itself. What tells of the buyer may be
    unknown.
    """

    channel: str
    id: str
    number: str
    created_at: datetime
    currency: str
    subtotal: Decimal
    tax: Decimal
    discount: Decimal
    total: Decimal
    lines: tuple[OrderLine, ...]
    is_paid: bool = True
    customer_name: str | None = None
    customer_email: str | None = None
    shipping_address: Any = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """How far an order is, as far as its channel has said: what it has not said yet is False."""

    is_paid: bool = False
    is_cancelled: bool = False
    is_shipped: bool = False
    is_delivered: bool = False
    refunded: Refunded = "nothing"


class _MadeMeanwhile(StaleVersion):
    """Somebody else has just made the order."""

    def __init__(self) -> None:
        super().__init__("Order")


def make_order(placed: Placed, now: datetime) -> Order:
    """Makes the shop's order of one that was placed on a channel, or finds the one that was made of it.

    It is counted among the shop's orders and sales, and the administrator is told. Raises StaleVersion
    or TransactionBusy when others kept placing orders; then make it again.
    """
    return retry_when_stale(lambda: _attempt(placed, now))


def advance(order_id: int, reached: Reached, now: datetime) -> Order:
    """Moves an order to where its channel says it is; it never goes back.

    One that was never paid is not refunded, whatever becomes of it.
    """
    order = existing(order_id)
    if reached.is_paid and order.payment_status in (states.PENDING, states.FAILED) and not order.cancelled_at:
        order = record_paid(order_id, order.payment_intent_id or "", now)
    for status in _fulfilment(reached):
        order = _fulfilled(order, status, now)
    if reached.is_cancelled and order.cancelled_at is None:
        order = retry_when_stale(lambda: _cancelled(existing(order_id), now))
    if order.payment_status not in IS_PAID:
        return order
    if reached.refunded == "wholly":
        return record_refunded(order_id, order.payment_intent_id or "", order.total, now, no_mark)
    if reached.refunded == "partly":
        return retry_when_stale(lambda: _partly_refunded(existing(order_id), now))
    return order


def _attempt(placed: Placed, now: datetime) -> Order:
    known = known_of(placed.channel, placed.id)
    if known.order_id is not None:
        return existing(known.order_id)
    last_id = last_id_in(get_item(COUNTER_KEY, consistent=True))
    try:
        return _commit(placed, last_id + 1, partial(count_next_order, taken=IdTaken()), now)
    except IdTaken:
        return _commit(placed, reserve_id(), count_order, now)


def _commit(
    placed: Placed, order_id: int, count: Callable[[UnitOfWork, Order], None], now: datetime
) -> Order:
    order = _order(placed, order_id, now)
    details = OrderDetails(placed.lines, placed.shipping_address, placed.shipping_address, placed.notes)
    with UnitOfWork(retries=RETRIES) as work:
        claim_channel_order(
            work, placed.channel, placed.id, order_id, placed.number, now, taken=_MadeMeanwhile()
        )
        add_order(work, order, details, taken=IdTaken())
        count(work, order)
        notify_new_order(work, order, now)
    return order


def _order(placed: Placed, order_id: int, now: datetime) -> Order:
    return Order(
        id=order_id,
        order_number=placed.number,
        customer_email=placed.customer_email or "",
        customer_name=placed.customer_name or "",
        subtotal=to_money(placed.subtotal, placed.currency),
        tax=to_money(placed.tax, placed.currency),
        discount=to_money(placed.discount, placed.currency),
        total=to_money(placed.total, placed.currency),
        currency=placed.currency,
        payment_method=placed.channel,
        payment_status=states.PAID if placed.is_paid else states.PENDING,
        # The channel took the money: what it refunds names the same order.
        payment_intent_id=placed.number,
        channel=placed.channel,
        created_at=iso(placed.created_at),
        updated_at=iso(now),
    )


def _fulfilment(reached: Reached) -> list[str]:
    if reached.is_delivered:
        return [states.SHIPPED, states.DELIVERED]
    return [states.SHIPPED] if reached.is_shipped else []


def _fulfilled(order: Order, status: str, now: datetime) -> Order:
    is_shipped = status == states.SHIPPED and order.fulfillment_status == states.FULFILLED
    if is_shipped or order.delivered_at is not None:
        return order
    try:
        return change_status(order.id, StatusChange(status), SYSTEM, now)
    except states.ImpossibleStep:
        # Cancelled or refunded: what becomes of the parcel is not shown any more.
        return order


def _cancelled(order: Order, now: datetime) -> Order:
    if order.cancelled_at is not None:
        return order
    tell = partial(_tell_cancelled, order=order, now=now)
    reason = f"Cancelled on {order.payment_method}"
    return cancel_now(order, restock=False, reason=reason, by=SYSTEM, now=now, extra=tell)


def _tell_cancelled(work: UnitOfWork, order: Order, now: datetime) -> None:
    notify(
        work,
        type="system",
        severity="warning",
        title=f"Order cancelled: {order.order_number}",
        message=f"Order {order.order_number} was cancelled on {order.payment_method}",
        metadata={"order_id": order.id, "order_number": order.order_number},
        now=now,
    )


def _partly_refunded(order: Order, now: datetime) -> Order:
    """How much was refunded only the channel knows, so no amount is claimed."""
    if order.payment_status != states.PAID:
        return order
    with UnitOfWork() as work:
        stored = change_order(work, order, states.pay(order, states.PARTIALLY_REFUNDED, iso(now)))
        notify(
            work,
            type="order_refunded",
            title=f"Order refunded in part: {order.order_number}",
            message=f"{order.payment_method} refunded a part of order {order.order_number}",
            metadata={"order_id": order.id, "order_number": order.order_number},
            now=now,
        )
    return stored
