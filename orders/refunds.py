"""Refunds and cancellation: money goes back once, and never more than was paid.

A refund is reserved first, in a row of its own and in the order's `refunded_amount`; then the provider is
asked, under a key that makes a repetition harmless; then it is completed, and all that follows. Whoever
began it has a claim on it for a while; a crash in between leaves a pending row, which the next refund or
cancellation of the order finishes once the claim has run out.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from common.audit import Actor
from common.clock import iso
from common.dynamodb import UnitOfWork
from common.errors import Conflict, NotFound
from common.optimistic import StaleVersion, retry_when_stale
from common.repositories.orders import Order, OrderDetails, OrderLine, change_order, details_of, order_by_id
from orders import states
from orders.idempotency import Token, remember
from orders.providers import Provider, ProviderNotSetUp, ProviderUnavailable, RefundRefused, provider_named
from orders.refund_completion import ATTEMPTS, Failure, cancel_now, fail, finish, finish_quietly
from orders.refund_notifications import elsewhere_text, notify_refund_elsewhere
from orders.refund_pieces import added, left_to_refund
from orders.refund_plans import REFUNDABLE, Plan, ReturnedItem, Wish, pieces_to_return
from orders.refund_repetitions import Outcome, made_for, refuse_twin, shown_again
from orders.refund_taxes import taxes_of_refund
from orders.repositories.refunds import CLAIM, REFUNDS, Refund, refunds_of
from orders.withdrawal_refunds import bind, planned

_NEVER_ASKED = "The payment provider was never asked"


_Begun = Refund | Outcome
"""What was written before the provider is asked, or the end where there is nothing to ask."""


def refund_order(
    order_id: int,
    amount: Decimal | None,
    restock: bool | None,
    reason: str | None,
    actor: Actor,
    now: datetime,
    *,
    items: Sequence[ReturnedItem] = (),
    is_elsewhere: bool = False,
    withdrawal: int | None = None,
    shipping: bool | None = None,
    token: Token | None = None,
) -> Outcome:
    """Gives `amount` of an order back, or what its `items` cost, or else all that is left.

    `restock` None puts the items back on sale, or what is left of the order when it is refunded as a whole,
    while it is unfulfilled. With `is_elsewhere` the money goes back by hand and is only written down.
    `withdrawal` is the number of the one that it is for, whose pieces are the items where none are named.
    `shipping` says whether what was paid for it goes back, None being: with the last of the items. The same
    `token` gets the same refund again. Raises NotFound, InvalidInput for what can never be, Conflict when the
    order is not paid or has less left, Repeated for what has just been asked for without a token,
    RefundRefused, ProviderNotSetUp, ProviderUnavailable.
    """
    wish = Wish(
        amount,
        restock,
        reason,
        actor,
        now,
        items=tuple(items),
        is_elsewhere=is_elsewhere,
        withdrawal=withdrawal,
        shipping=shipping,
        token=token,
    )
    return _carry_out(order_id, wish, _begin_refund)


def cancel_order(
    order_id: int,
    restock: bool | None,
    reason: str | None,
    actor: Actor,
    now: datetime,
    *,
    is_elsewhere: bool = False,
    token: Token | None = None,
) -> Outcome:
    """Cancels an order: what was paid goes back first, then its pieces and its use of a discount code.

    What no provider of ours has, because it was paid elsewhere, has to be given back there: it is cancelled
    all the same, and `Outcome.owed` says so. Raises what refund_order does, and Conflict when the order is
    cancelled or delivered, was placed on a channel or is being paid. A payment that was begun is called off.
    """
    # It works with what is here itself.
    from orders.payment_cancellation import cancel_payment

    order = existing(order_id)
    if order.cancelled_at is None and order.channel is None:
        # What cannot be cancelled is to stay payable.
        states.cancel(order, iso(now))
    # A payment that was faster goes back like any other.
    cancel_payment(order, now)
    wish = Wish(None, restock, reason, actor, now, cancels=True, is_elsewhere=is_elsewhere, token=token)
    return _carry_out(order_id, wish, _begin_cancellation)


def finish_pending(order_id: int, now: datetime) -> list[Refund]:
    """Asks for the refunds of an order of which no answer is known, whoever is at it; answers what went back.

    Raises ProviderUnavailable while nobody can say how one ended, ProviderNotSetUp.
    """
    finished = [finish_quietly(order_id, it, now) for it in refunds_of(order_id) if it.is_unanswered]
    return [refund for refund in finished if refund is not None]


def existing(order_id: int) -> Order:
    """The order with this id; NotFound when there is none."""
    order = order_by_id(order_id)
    if order is None:
        raise NotFound("Order not found")
    return order


def reserve(work: UnitOfWork, before: Order, after: Order, refund: Refund) -> Order:
    """Sets the refund's amount and pieces aside in the order, `after` being what else changes in it."""
    REFUNDS.add(work, refund)
    reserved = replace(
        after,
        refunded_amount=after.refunded_amount + refund.amount,
        refunded_pieces=added(after.refunded_pieces, refund.pieces),
        refunded_shipping=after.refunded_shipping or refund.shipping,
        updated_at=refund.created_at,
    )
    return change_order(work, before, reserved)


def next_refund(
    order: Order, details: OrderDetails | None, decided: Plan, wish: Wish, made: Sequence[Refund]
) -> Refund:
    """The row that a refund of an order as it is starts with, after those that were `made`."""
    return Refund(
        order_id=order.id,
        number=len(made) + 1,
        amount=decided.amount,
        restock=bool(decided.returns),
        cancels=wish.cancels,
        actor=str(wish.actor.id),
        created_at=iso(wish.now),
        reason=wish.reason,
        pieces=decided.pieces,
        returns=decided.returns,
        shipping=decided.shipping,
        is_elsewhere=wish.is_elsewhere,
        fingerprint=wish.fingerprint,
        claimed_until=CLAIM.stamp_at(wish.now),
        taxes=taxes_of_refund(order, details, decided.amount, decided.pieces, made),
    )


def _carry_out(order_id: int, wish: Wish, begin: Callable[[Order, Wish], _Begun]) -> Outcome:
    taken_up = _take_up_what_was_left(order_id, wish)
    mine = next((it for it in taken_up if it.fingerprint == wish.fingerprint), None)
    if mine is not None and wish.token is None:
        return Outcome(existing(order_id), mine, is_repeated=True)
    begun = retry_when_stale(lambda: begin(existing(order_id), wish), ATTEMPTS)
    if isinstance(begun, Outcome):
        return begun
    refund = _finish_own(order_id, begun, wish)
    return Outcome(existing(order_id), refund)


def _take_up_what_was_left(order_id: int, wish: Wish) -> list[Refund]:
    """Goes on with refunds that nobody is at any more, and asks how accepted ones stand."""
    moved = []
    for refund in refunds_of(order_id):
        if refund.is_accepted:
            _ask_how_it_stands(order_id, refund, wish.now)
        elif refund.is_unanswered and CLAIM.is_free(refund.claimed_until, wish.now):
            claimed = _claim(order_id, refund, wish)
            done = _quietly_finished(order_id, claimed, wish) if claimed else None
            moved += [done] if done else []
    return moved


def _ask_how_it_stands(order_id: int, refund: Refund, now: datetime) -> None:
    try:
        finish_quietly(order_id, refund, now)
    except (ProviderNotSetUp, ProviderUnavailable):
        # It is on its way; the provider will tell.
        return


def _claim(order_id: int, refund: Refund, wish: Wish) -> Refund | None:
    """The refund once it is this caller's; None when another one was faster, or when it is dropped."""
    try:
        if not refund.is_elsewhere:
            provider_named(existing(order_id).payment_method)
        with UnitOfWork() as work:
            return REFUNDS.change(work, refund, replace(refund, claimed_until=CLAIM.stamp_at(wish.now)))
    except StaleVersion:
        return None
    except ProviderNotSetUp:
        if not wish.is_elsewhere:
            raise
        # Whoever says that the money goes back elsewhere decides that this refund will not be made.
        _drop(order_id, refund, wish.now)
        return None


def _quietly_finished(order_id: int, refund: Refund, wish: Wish) -> Refund | None:
    try:
        return _finish_own(order_id, refund, wish)
    except RefundRefused:
        return None


def _finish_own(order_id: int, refund: Refund, wish: Wish) -> Refund:
    """Finishes a refund that this caller has the claim on; gives the claim up when that cannot be done."""
    try:
        return finish(order_id, refund, wish.now)
    except ProviderNotSetUp:
        # Its settings have gone since it was reserved, and nobody else has asked for it.
        _drop(order_id, refund, wish.now)
        raise
    except ProviderUnavailable:
        _give_up(refund)
        raise


def _drop(order_id: int, refund: Refund, now: datetime) -> None:
    """Undoes a reservation of which the provider never heard, unless somebody else has taken it up."""

    def step() -> None:
        standing = refunds_of(order_id)[refund.number - 1]
        if standing.is_unanswered and standing.claimed_until == refund.claimed_until:
            fail(order_id, refund.number, Failure(_NEVER_ASKED), now, tell=False)

    retry_when_stale(step, ATTEMPTS)


def _give_up(refund: Refund) -> None:
    try:
        with UnitOfWork() as work:
            REFUNDS.change(work, refund, replace(refund, claimed_until=None))
    except StaleVersion:
        # Somebody has brought it to its end meanwhile.
        return


def _begin_refund(order: Order, wish: Wish) -> _Begun:
    made = refunds_of(order.id)
    known = _made_before(order, wish, made)
    return known or _reserved(order, wish, made)


def _begin_cancellation(order: Order, wish: Wish) -> _Begun:
    """Reserves the refund of a paid order, or cancels one with nothing to give back here."""
    _refuse_channel(order, "cancelled")
    made = refunds_of(order.id)
    known = _made_before(order, wish, made)
    if known is not None:
        return known
    states.cancel(order, iso(wish.now))
    owed = left_to_refund(order) if order.payment_status in REFUNDABLE else Decimal(0)
    if owed > 0 and (wish.is_elsewhere or provider_named(order.payment_method).moves_money):
        return _reserved(order, wish, made)
    return _cancelled_now(order, wish, owed)


def _cancelled_now(order: Order, wish: Wish, owed: Decimal) -> Outcome:
    returns = pieces_to_return(order, _lines(order), wish)

    def extra(work: UnitOfWork) -> None:
        if owed > 0:
            notify_refund_elsewhere(work, order, owed, wish.now)
        if wish.token is not None:
            remember(work, wish.token, order.id, wish.now)

    cancelled = cancel_now(
        order,
        restock=bool(returns),
        returns=returns,
        reason=wish.reason,
        by=wish.actor,
        now=wish.now,
        extra=extra,
    )
    return Outcome(cancelled, None, owed=owed)


def _made_before(order: Order, wish: Wish, made: Sequence[Refund]) -> Outcome | None:
    """What was begun by the same request before. Raises Repeated, KeyReused."""
    if wish.token is None:
        refuse_twin(wish, made)
        return None
    found, number = made_for(wish.token, wish.now)
    return shown_again(order, number) if found else None


def _reserved(order: Order, wish: Wish, made: Sequence[Refund]) -> Refund:
    _refuse_channel(order, "refunded")
    details = details_of(order.id)
    decided, withdrawals = planned(order, details.lines if details else (), wish)
    if not wish.is_elsewhere:
        _refuse_unasked(order, provider_named(order.payment_method))
    refund = next_refund(order, details, decided, wish, made)
    if withdrawals:
        refund = replace(refund, withdrawal=withdrawals[0].number)
    with UnitOfWork() as work:
        reserve(work, order, order, refund)
        for withdrawal in withdrawals:
            bind(work, withdrawal, refund)
        if wish.token is not None:
            remember(work, wish.token, order.id, wish.now, refund=refund.number)
    return refund


def _refuse_unasked(order: Order, provider: Provider) -> None:
    if not provider.moves_money:
        raise RefundRefused(
            f"{elsewhere_text(order, left_to_refund(order))}; "
            "send elsewhere: true to write down that this is done"
        )


def _refuse_channel(order: Order, step: str) -> None:
    if order.channel is not None:
        # Its pieces and money come back when the channel reports it, and would come back twice.
        raise Conflict(f"Order {order.order_number} can only be {step} on {order.channel}")


def _lines(order: Order) -> tuple[OrderLine, ...]:
    details = details_of(order.id)
    return details.lines if details else ()
