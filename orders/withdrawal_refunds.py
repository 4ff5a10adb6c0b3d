"""What refunds do to withdrawals: which one a refund is for, and where that one stands when it ends."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.errors import Conflict
from common.repositories.orders import Order, OrderLine, Pieces
from common.repositories.withdrawals import (
    OPEN,
    RECEIVED,
    REFUNDED,
    REQUESTED,
    WITHDRAWALS,
    Withdrawal,
    status_of,
    withdrawal_of,
    withdrawals_of,
)
from orders import states
from orders.refund_pieces import at_most, taken_off, unrefunded, unreturned
from orders.refund_plans import Plan, ReturnedItem, Wish, plan, restocks
from orders.repositories.refunds import SUCCEEDED, Refund


def planned(order: Order, lines: Sequence[OrderLine], wish: Wish) -> tuple[Plan, tuple[Withdrawal, ...]]:
    """What a wish comes to, and the withdrawals that its refund is for.

    That is the one it names, whose pieces the money is for where it names none; else the open ones of which
    it gives all pieces back. An amount beside a withdrawal is what is left of its price when the goods lost
    value (Directive 2011/83/EU, article 14(2)). Raises what `plan` does, NotFound for a number that no
    withdrawal has, Conflict for one that is closed or being refunded.
    """
    if wish.withdrawal is None:
        decided = plan(order, lines, wish)
        return decided, _covered(order, decided.pieces)
    withdrawal = _named(order, wish.withdrawal)
    if wish.items or wish.amount is None:
        items = wish.items or tuple(
            ReturnedItem(count, line=int(line)) for line, count in withdrawal.pieces.items()
        )
        return plan(order, lines, replace(wish, items=items)), (withdrawal,)
    pieces = at_most(withdrawal.pieces, unrefunded(order, lines))
    returns = at_most(pieces, unreturned(order, lines)) if restocks(order, wish) else {}
    money = plan(order, lines, replace(wish, restock=False))
    return replace(money, pieces=pieces, returns=returns), (withdrawal,)


def bind(work: UnitOfWork, withdrawal: Withdrawal, refund: Refund) -> None:
    """Says in the withdrawal which refund gives its money back.

    StaleVersion at the commit when it was refused or is refunded by another since it was read.
    """
    WITHDRAWALS.change(
        work, withdrawal, replace(withdrawal, refund=refund.number, updated_at=refund.created_at)
    )


def settled(work: UnitOfWork, order: Order, refund: Refund, now: datetime) -> Order:
    """The order, as it will be, once a refund has come this far: its withdrawal ends when the money is back.

    So do all of an order of which nothing is left to give back. At the cost of a query for orders that were
    withdrawn from, of nothing for others.
    """
    if order.withdrawal_status not in OPEN or refund.status != SUCCEEDED:
        return order
    is_all_back = order.payment_status == states.REFUNDED
    moment = iso(now)

    def after(withdrawal: Withdrawal) -> Withdrawal:
        if not withdrawal.is_open or not (is_all_back or withdrawal.refund == refund.number):
            return withdrawal
        return replace(
            withdrawal,
            status=REFUNDED,
            refund=withdrawal.refund or refund.number,
            refunded_at=moment,
            updated_at=moment,
        )

    return _changed(work, order, after)


def put_back(work: UnitOfWork, order: Order, refund: Refund, now: datetime) -> Order:
    """The order once a refund has failed: what it was for waits for its money as before."""
    if order.withdrawal_status is None:
        return order

    def after(withdrawal: Withdrawal) -> Withdrawal:
        if withdrawal.refund != refund.number:
            return withdrawal
        status = RECEIVED if withdrawal.received_at else REQUESTED
        return replace(withdrawal, status=status, refund=None, refunded_at=None, updated_at=iso(now))

    return _changed(work, order, after)


def _changed(work: UnitOfWork, order: Order, after: Callable[[Withdrawal], Withdrawal]) -> Order:
    standing = []
    for withdrawal in withdrawals_of(order.id):
        changed = after(withdrawal)
        if changed != withdrawal:
            # Stops what somebody decides at the same moment, as a refusal, from being written over.
            changed = WITHDRAWALS.change(work, withdrawal, changed)
        standing.append(changed)
    return replace(order, withdrawal_status=status_of(standing))


def _named(order: Order, number: int) -> Withdrawal:
    withdrawal = withdrawal_of(order.id, number)
    if not withdrawal.is_open:
        raise Conflict(f"Withdrawal {number} of order {order.order_number} is {withdrawal.status}")
    if withdrawal.refund is not None:
        raise Conflict(f"Withdrawal {number} of order {order.order_number} is being refunded")
    return withdrawal


def _covered(order: Order, pieces: Pieces) -> tuple[Withdrawal, ...]:
    """The open withdrawals, with no refund yet, of which these pieces hold all; the oldest first."""
    if order.withdrawal_status not in OPEN:
        return ()
    held, left = [], pieces
    for withdrawal in withdrawals_of(order.id):
        is_waiting = withdrawal.is_open and withdrawal.refund is None
        if is_waiting and at_most(withdrawal.pieces, left) == withdrawal.pieces:
            held.append(withdrawal)
            left = taken_off(left, withdrawal.pieces)
    return tuple(held)
