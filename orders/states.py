"""The states of an order: which steps there are, and which are impossible.

Payment and fulfilment go their own ways; the words that clients know, such as `shipped`, are drawn from
both. Everything here is pure: a step takes an order and answers the order after it.
"""

from collections.abc import Mapping
from dataclasses import replace

from common.errors import Conflict
from common.repositories.orders import Order

PENDING, PAID, FAILED = "pending", "paid", "failed"
PARTIALLY_REFUNDED, REFUNDED = "partially_refunded", "refunded"
PAYMENT_STATUSES = (PENDING, PAID, FAILED, PARTIALLY_REFUNDED, REFUNDED)

UNFULFILLED, PARTIALLY_FULFILLED, FULFILLED = "unfulfilled", "partially_fulfilled", "fulfilled"
FULFILLMENT_STATUSES = (UNFULFILLED, PARTIALLY_FULFILLED, FULFILLED)

PROCESSING, SHIPPED, DELIVERED, CANCELLED = "processing", "shipped", "delivered", "cancelled"
WORDS = (PENDING, PROCESSING, SHIPPED, DELIVERED, CANCELLED, REFUNDED)

PAYMENT_STEPS: Mapping[str, frozenset[str]] = {
    PENDING: frozenset({PAID, FAILED}),
    FAILED: frozenset({PAID, PENDING}),
    PAID: frozenset({PARTIALLY_REFUNDED, REFUNDED}),
    PARTIALLY_REFUNDED: frozenset({PARTIALLY_REFUNDED, REFUNDED}),
    REFUNDED: frozenset(),
}

_WORD_OF = {UNFULFILLED: PENDING, PARTIALLY_FULFILLED: PROCESSING, FULFILLED: SHIPPED}
_FULFILLMENT_OF = {word: status for status, word in _WORD_OF.items()} | {
    status: status for status in FULFILLMENT_STATUSES
}


class ImpossibleStep(Conflict):
    """The order's state does not allow this step."""


def word(order: Order) -> str:
    """The one word for an order's state: one of WORDS; pending for a fulfilment status of another shop."""
    if order.cancelled_at is not None:
        return CANCELLED
    if order.payment_status == REFUNDED:
        return REFUNDED
    if order.delivered_at is not None:
        return DELIVERED
    return _WORD_OF.get(order.fulfillment_status, PENDING)


def is_fulfillment_word(status: str) -> bool:
    """Whether `step` knows the word: a fulfilment status, or a word for how far the parcel is."""
    return status == DELIVERED or status in _FULFILLMENT_OF


def step(order: Order, status: str, now: str) -> Order:
    """The order after a step of its fulfilment at `now` (ISO 8601); itself where it is there already.

    `status` is a fulfilment status or one of pending, processing, shipped and delivered. Raises
    ImpossibleStep when the order is cancelled, refunded or delivered, or not shipped before it is
    delivered, and for the parcel of what is on sale again or being refunded as a whole.
    """
    if status == DELIVERED:
        return _delivered(order, now)
    target = _FULFILLMENT_OF[status]
    if order.fulfillment_status == target and _is_open(order):
        return order
    _refuse_unless(_is_open(order), order, status)
    if target != UNFULFILLED:
        _refuse_given_back(order)
    return replace(order, fulfillment_status=target, updated_at=now)


def pay(order: Order, payment_status: str, now: str) -> Order:
    """The order after a step of its payment at `now` (ISO 8601). Raises ImpossibleStep."""
    if payment_status not in PAYMENT_STEPS.get(order.payment_status, frozenset()):
        raise ImpossibleStep(
            f"The payment of order {order.order_number} is {order.payment_status} "
            f"and cannot become {payment_status}"
        )
    return replace(order, payment_status=payment_status, updated_at=now)


def cancel(order: Order, now: str) -> Order:
    """The order cancelled at `now` (ISO 8601). Raises ImpossibleStep once it is cancelled or delivered."""
    _refuse_unless(order.cancelled_at is None and order.delivered_at is None, order, CANCELLED)
    return replace(order, cancelled_at=now, updated_at=now)


def _delivered(order: Order, now: str) -> Order:
    if word(order) == DELIVERED:
        return order
    _refuse_unless(_is_open(order) and order.fulfillment_status == FULFILLED, order, DELIVERED)
    return replace(order, delivered_at=now, updated_at=now)


def _refuse_given_back(order: Order) -> None:
    if order.restocked:
        raise ImpossibleStep(f"The pieces of order {order.order_number} are on sale again")
    if order.refunded_amount >= order.total > 0:
        raise ImpossibleStep(f"The money of order {order.order_number} is on its way back")


def _is_open(order: Order) -> bool:
    return word(order) in (PENDING, PROCESSING, SHIPPED)


def _refuse_unless(possible: bool, order: Order, status: str) -> None:
    if not possible:
        raise ImpossibleStep(f"Order {order.order_number} is {word(order)} and cannot become {status}")
