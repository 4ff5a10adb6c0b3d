"""Refunds and cancellation: money goes back once, and never more than was paid.

A refund is reserved first, in a row of its own and in the order's `refunded_amount`; then the provider is
asked, under a key that makes a repetition harmless; then it is settled with all that follows from it. A
crash in between leaves a pending row, which the next refund or cancellation of the order finishes.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from common.audit import Actor
from common.clock import iso
from common.dynamodb import UnitOfWork
from common.errors import Conflict, InvalidInput, NotFound
from common.money import money_text, refuse_finer, unrounded
from common.optimistic import retry_when_stale
from common.repositories.orders import Order, change_order, order_by_id
from common.repositories.refunds import PENDING, Refund, add_refund, refunds_of
from orders import states
from orders.providers.minor_units import chargeable_step, is_whole
from orders.settlement import cancel_now, finish, finish_quietly

REFUNDABLE = (states.PAID, states.PARTIALLY_REFUNDED)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for: `amount` None is all that is left, `restock` None the usual choice."""

    amount: Decimal | None
    restock: bool | None
    reason: str | None
    actor: Actor
    now: datetime
    cancels: bool = False


def refund_order(
    order_id: int,
    amount: Decimal | None,
    restock: bool | None,
    reason: str | None,
    actor: Actor,
    now: datetime,
) -> Order:
    """Gives `amount` of an order back, all that is left when it is None; answers the order as it is then.

    `restock` None puts the pieces back when the whole rest of an unfulfilled order is refunded. A pending
    refund of the same amount is finished in place of a new one: it is this one, whose answer was lost.
    Raises NotFound, InvalidInput for an impossible amount, Conflict when the order is not paid or has
    less left, RefundRefused, ProviderUnavailable.
    """
    finished = finish_pending(order_id, now)
    order = existing(order_id)
    if any(_is_the_same(refund, amount, order) for refund in finished):
        return order
    wish = Wish(amount, restock, reason, actor, now)
    refund = retry_when_stale(lambda: _reserve(existing(order_id), wish))
    return finish(order_id, refund, now)


def cancel_order(
    order_id: int, restock: bool | None, reason: str | None, actor: Actor, now: datetime
) -> Order:
    """Cancels an order: what was paid goes back first, then its pieces and its use of a discount code.

    `restock` None puts the pieces back when the order is unfulfilled. Answers the order as it is then.
    Raises NotFound, Conflict when it is cancelled or delivered or was placed on a channel, RefundRefused,
    ProviderUnavailable.
    """
    finished = finish_pending(order_id, now)
    order = existing(order_id)
    if order.cancelled_at and any(refund.cancels for refund in finished):
        return order
    wish = Wish(None, restock, reason, actor, now, cancels=True)
    begun = retry_when_stale(lambda: _begin_cancellation(existing(order_id), wish))
    return finish(order_id, begun, now) if isinstance(begun, Refund) else begun


def finish_pending(order_id: int, now: datetime) -> list[Refund]:
    """Finishes the refunds of an order that a crash left pending; answers those that succeeded.

    Raises ProviderUnavailable while nobody can say how one ended.
    """
    pending = [refund for refund in refunds_of(order_id) if refund.status == PENDING]
    return [refund for refund in pending if finish_quietly(order_id, refund, now)]


def existing(order_id: int) -> Order:
    """The order with this id; NotFound when there is none."""
    order = order_by_id(order_id)
    if order is None:
        raise NotFound("Order not found")
    return order


def reserve(work: UnitOfWork, before: Order, after: Order, refund: Refund) -> None:
    """Sets the refund's amount aside in the order, `after` being what else changes in it."""
    reserved = replace(after, refunded_amount=after.refunded_amount + refund.amount)
    change_order(work, before, replace(reserved, updated_at=refund.created_at))
    add_refund(work, refund)


def next_refund(order: Order, amount: Decimal, wish: Wish, *, restock: bool) -> Refund:
    """The row that a refund of `amount` starts with."""
    return Refund(
        order_id=order.id,
        number=len(refunds_of(order.id)) + 1,
        amount=amount,
        restock=restock,
        cancels=wish.cancels,
        actor=str(wish.actor.id),
        created_at=iso(wish.now),
        reason=wish.reason,
    )


def _is_the_same(refund: Refund, amount: Decimal | None, order: Order) -> bool:
    return refund.amount == amount or (amount is None and order.payment_status == states.REFUNDED)


def _begin_cancellation(order: Order, wish: Wish) -> Refund | Order:
    """Reserves the refund of a paid order, or cancels one with nothing to give back."""
    if order.channel is not None:
        # Its pieces come back when the channel reports it, and would come back twice.
        raise Conflict(f"Order {order.order_number} can only be cancelled on {order.channel}")
    states.cancel(order, iso(wish.now))
    if order.payment_status in REFUNDABLE and order.refunded_amount < order.total:
        return _reserve(order, wish)
    return cancel_now(order, restock=_restocks(order, wish), reason=wish.reason, by=wish.actor, now=wish.now)


def _reserve(order: Order, wish: Wish) -> Refund:
    amount = _amount(order, wish.amount)
    whole_rest = order.refunded_amount + amount == order.total
    restock = _restocks(order, wish) if whole_rest else bool(wish.restock)
    refund = next_refund(order, amount, wish, restock=restock)
    with UnitOfWork() as work:
        reserve(work, order, order, refund)
    return refund


def _amount(order: Order, wanted: Decimal | None) -> Decimal:
    if order.payment_status not in REFUNDABLE:
        raise Conflict(f"The payment of order {order.order_number} is {order.payment_status}")
    rest = order.total - order.refunded_amount
    amount = rest if wanted is None else wanted
    if wanted is not None and not 0 < wanted <= order.total:
        raise InvalidInput.of_field(
            "amount", f"must be more than 0 and at most {unrounded(order.total, order.currency)}"
        )
    if amount != rest:
        _refuse_unpayable(amount, order.currency)
    if amount > rest or rest == 0:
        raise Conflict(
            f"Only {money_text(rest, order.currency)} of order {order.order_number} are left to refund"
        )
    return amount


def _refuse_unpayable(amount: Decimal, currency: str) -> None:
    """InvalidInput for a part that nobody can pay out: finer than the currency or than a provider's unit."""
    refuse_finer("amount", amount, currency)
    if not is_whole(amount, currency):
        raise InvalidInput.of_field("amount", f"must be a multiple of {chargeable_step(currency)} {currency}")


def _restocks(order: Order, wish: Wish) -> bool:
    if wish.restock is not None:
        return wish.restock
    return order.fulfillment_status == states.UNFULFILLED
