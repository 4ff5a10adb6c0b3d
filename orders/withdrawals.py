"""Withdrawals from contracts (Directive 2011/83/EU, articles 9 to 16): offered, stated, decided on.

https://eur-lex.europa.eu/eli/dir/2011/83/2026-06-19
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from common.audit import Actor, changes_between, record
from common.clock import iso
from common.dynamodb import UnitOfWork
from common.errors import Conflict, InvalidInput, NotFound
from common.notifications import notify
from common.optimistic import retry_when_stale
from common.outbox import queue_order_mail
from common.repositories.orders import Order, OrderLine, Pieces, change_order, order_with_details
from common.repositories.withdrawals import (
    RECEIVED,
    REFUSED,
    WITHDRAWALS,
    Withdrawal,
    status_of,
    withdrawals_of,
)
from orders.limits import Caller, count_withdrawal, too_many
from orders.refund_completion import By
from orders.refund_pieces import at_most, taken_off, unrefunded
from orders.refund_plans import REFUNDABLE
from orders.refunds import existing
from orders.states import REFUNDED as MONEY_BACK
from orders.withdrawal_period import is_over, last_day, refund_due_at

BUYER = By("buyer")

OBSTACLES = ("channel", "cancelled", "refunded", "unpaid", "free", "over", "exempt", "done")

Check = Callable[[Withdrawal], None]


class NotWithdrawable(Conflict):
    """There is nothing that could be withdrawn from, for the reason that the page tells."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What an order's buyer can withdraw from at a moment: `pieces`, none where there is an `obstacle`.

    That is one of OBSTACLES. `last` is the period's last day, None while nobody knows that the goods came.
    """

    order: Order
    lines: tuple[OrderLine, ...]
    withdrawals: tuple[Withdrawal, ...]
    pieces: Pieces
    last: date | None
    obstacle: str = ""

    @property
    def next_number(self) -> int:
        """The number of the withdrawal that a statement made now would be."""
        return len(self.withdrawals) + 1


@dataclass(frozen=True, slots=True)
class Statement:
    """What a buyer declares: the name, the pieces, and in which words of which `language`.

    `number` is that of the withdrawal that it is to be, as it was offered: who confirms twice, in whatever
    window, means one.
    """

    number: int
    customer_name: str
    pieces: Pieces
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the shop says of a withdrawal: that the goods have come, or why it refuses."""

    status: str
    reason: str | None = None


def offer_of(order_id: int, now: datetime) -> Offer:
    """What can be withdrawn from at `now`, by two queries; NotFound."""
    found = order_with_details(order_id)
    if found is None:
        raise NotFound("Order not found")
    order, details = found
    withdrawals = tuple(withdrawals_of(order_id))
    last = last_day(order.delivered_at) if order.delivered_at else None
    obstacle = _obstacle(order, now)
    pieces: Pieces = {}
    if not obstacle:
        pieces = _open_to_withdrawal(order, details.lines, withdrawals)
        is_exempt = all(line.cannot_be_withdrawn for line in details.lines)
        obstacle = "" if pieces else "exempt" if is_exempt else "done"
    return Offer(order, details.lines, withdrawals, pieces, last, obstacle)


def withdraw(order_id: int, statement: Statement, caller: Caller, now: datetime) -> Withdrawal:
    """Takes a statement down, with all that follows from it; one with its number that is there already stays.

    Raises NotFound, NotWithdrawable, Conflict for pieces that cannot be withdrawn any more, InvalidInput for
    what was never offered, TooManyRequests.
    """
    with too_many("withdrawals"):
        return retry_when_stale(lambda: _withdraw(order_id, statement, caller, now))


def decide(
    order_id: int, number: int, decision: Decision, actor: Actor, now: datetime, check: Check
) -> Withdrawal:
    """Says that the goods of a withdrawal have come, or refuses it; `check` is given it as it is read.

    Saying it again changes nothing. Raises NotFound, InvalidInput, Conflict for one that is closed or whose
    money is on its way.
    """
    return retry_when_stale(lambda: _decide(order_id, number, decision, actor, now, check))


def _obstacle(order: Order, now: datetime) -> str:
    if order.channel is not None:
        return "channel"
    if order.cancelled_at is not None:
        return "cancelled"
    if order.payment_status not in REFUNDABLE:
        return "refunded" if order.payment_status == MONEY_BACK else "unpaid"
    if order.total == 0:
        return "free"
    return "over" if is_over(order.delivered_at, now) else ""


def _open_to_withdrawal(
    order: Order, lines: tuple[OrderLine, ...], withdrawals: tuple[Withdrawal, ...]
) -> Pieces:
    """The pieces that are neither exempt (article 16), nor refunded, nor in a withdrawal that is open."""
    left = unrefunded(order, [line for line in lines if not line.cannot_be_withdrawn])
    for withdrawal in withdrawals:
        # What a refund was begun for is off already.
        if withdrawal.is_open and withdrawal.refund is None:
            left = taken_off(left, withdrawal.pieces)
    return left


def _withdraw(order_id: int, statement: Statement, caller: Caller, now: datetime) -> Withdrawal:
    offer = offer_of(order_id, now)
    if statement.number < offer.next_number:
        return offer.withdrawals[statement.number - 1]
    if offer.obstacle:
        raise NotWithdrawable(f"Order {offer.order.order_number} cannot be withdrawn from: {offer.obstacle}")
    if statement.number > offer.next_number or not statement.pieces:
        raise InvalidInput("The statement does not fit what was offered")
    if at_most(statement.pieces, offer.pieces) != statement.pieces:
        raise Conflict("Some of these pieces cannot be withdrawn any more")
    return _stored(offer, statement, caller, now)


def _stored(offer: Offer, statement: Statement, caller: Caller, now: datetime) -> Withdrawal:
    order, moment = offer.order, iso(now)
    withdrawal = Withdrawal(
        order_id=order.id,
        number=statement.number,
        order_number=order.order_number,
        customer_name=statement.customer_name,
        pieces=statement.pieces,
        statement=statement.text,
        language=statement.language,
        requested_at=moment,
        refund_due_at=refund_due_at(now),
        updated_at=moment,
    )
    status = status_of([*offer.withdrawals, withdrawal])
    with UnitOfWork() as work:
        # Stops a statement about pieces that are refunded, or an order that is cancelled, at the same moment.
        stored = change_order(work, order, replace(order, withdrawal_status=status, updated_at=moment))
        WITHDRAWALS.add(work, withdrawal)
        _tell(work, withdrawal, now)
        about = {"withdrawal": withdrawal.number, "pieces": dict(withdrawal.pieces)}
        _audit(work, "WITHDRAWAL", withdrawal, BUYER, now, about)
        queue_order_mail(work, stored, "withdrawal_received", now, {"withdrawal": withdrawal.number})
        count_withdrawal(work, caller, order, now)
    return withdrawal


def _decide(
    order_id: int, number: int, decision: Decision, actor: Actor, now: datetime, check: Check
) -> Withdrawal:
    order, withdrawals = existing(order_id), withdrawals_of(order_id)
    before = next((it for it in withdrawals if it.number == number), None)
    if before is None:
        raise NotFound("Withdrawal not found")
    check(before)
    after = _decided(before, decision, now)
    if after == before:
        return before
    standing = status_of([after if it.number == number else it for it in withdrawals])
    changes = changes_between({"status": before.status}, {"status": after.status})
    with UnitOfWork() as work:
        # Stops a refusal of what is refunded at the same moment, and two decisions that are not the same.
        stored = WITHDRAWALS.change(work, before, after)
        change_order(work, order, replace(order, withdrawal_status=standing, updated_at=iso(now)))
        about = {"withdrawal": number} | ({"reason": decision.reason} if decision.reason else {})
        _audit(work, "UPDATE_WITHDRAWAL", stored, actor, now, about, changes)
        if stored.status == REFUSED:
            queue_order_mail(work, order, "withdrawal_refused", now, {"withdrawal": number})
    return stored


def _decided(before: Withdrawal, decision: Decision, now: datetime) -> Withdrawal:
    moment = iso(now)
    if decision.status == REFUSED and not decision.reason:
        raise InvalidInput.of_field("reason", "is required")
    if before.status == decision.status and before.refusal_reason == decision.reason:
        return before
    if not before.is_open:
        raise Conflict(f"Withdrawal {before.number} of order {before.order_number} is {before.status}")
    if decision.status == RECEIVED:
        received = before.received_at or moment
        return replace(before, status=RECEIVED, received_at=received, updated_at=moment)
    if before.refund is not None:
        raise Conflict(f"Withdrawal {before.number} of order {before.order_number} is being refunded")
    return replace(
        before, status=REFUSED, refused_at=moment, refusal_reason=decision.reason, updated_at=moment
    )


def _tell(work: UnitOfWork, withdrawal: Withdrawal, now: datetime) -> None:
    number = withdrawal.order_number
    notify(
        work,
        type="system",
        severity="warning",
        title=f"Withdrawal: {number}",
        message=f"The buyer of order {number} has withdrawn; the money is due within 14 days",
        metadata={
            "order_id": withdrawal.order_id,
            "order_number": number,
            "withdrawal": withdrawal.number,
        },
        now=now,
    )


def _audit(
    work: UnitOfWork,
    action: str,
    withdrawal: Withdrawal,
    actor: Actor,
    now: datetime,
    about: Mapping[str, object],
    changes: Mapping[str, object] | None = None,
) -> None:
    record(
        work,
        actor=actor,
        action=action,
        entity_type="Order",
        entity_id=withdrawal.order_id,
        now=now,
        changes=changes,
        metadata=about,
    )
