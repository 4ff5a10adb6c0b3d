"""What a refund that is asked for comes to: its amount, the pieces it is for, those put on sale again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from common.audit import Actor
from common.errors import Conflict, InvalidInput
from common.money import money_text, refuse_finer, unrounded
from common.repositories.orders import Order, OrderLine, Pieces
from orders import states
from orders.idempotency import Token
from orders.providers.minor_units import chargeable_step, is_whole
from orders.refund_pieces import added, at_most, left_to_refund, open_pieces, unrefunded, unreturned, worth
from orders.refund_shipping import is_shipping_open, shipping_charge

REFUNDABLE = (states.PAID, states.PARTIALLY_REFUNDED)


@dataclass(frozen=True, slots=True)
class ReturnedItem:
    """So many pieces of an order, by the id of its line or else of its variant."""

    quantity: int
    line: int | None = None
    variant: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for: `amount` None is all that is left, `restock` None the usual choice.

    `items` name the pieces that the money is for, and then the amount follows from them. `shipping` says
    whether what was paid for it goes back as well; None is the usual choice: with the last pieces, as who
    withdraws from all of an order has a right to (Directive 2011/83/EU, article 13(1)). `is_elsewhere`
    says that the money goes back by hand, so that no provider is asked. `withdrawal` is the number of the one
    that it is for. `token` makes a repetition harmless.
    """

    amount: Decimal | None
    restock: bool | None
    reason: str | None
    actor: Actor
    now: datetime
    cancels: bool = False
    items: tuple[ReturnedItem, ...] = ()
    is_elsewhere: bool = False
    withdrawal: int | None = None
    shipping: bool | None = None
    token: Token | None = None

    @property
    def fingerprint(self) -> str:
        """The same for two wishes for the same thing, whoever has them and why."""
        items = sorted((it.line or 0, it.variant or 0, it.quantity) for it in self.items)
        amount = None if self.amount is None else str(self.amount.normalize())
        asked: list[Any] = [amount, self.restock, self.cancels, self.is_elsewhere, items]
        if self.withdrawal is not None:
            asked.append(self.withdrawal)
        if self.shipping is not None:
            asked.append({"shipping": self.shipping})
        return sha256(json.dumps(asked).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Plan:
    """`pieces`, and the `shipping`, is what the money is for, `returns` what is put on sale again."""

    amount: Decimal
    pieces: Pieces
    returns: Pieces
    shipping: bool = False


def plan(order: Order, lines: Sequence[OrderLine], wish: Wish) -> Plan:
    """What the wish comes to for an order as it is.

    Raises Conflict when it is not paid or has less left, InvalidInput for what can never be.
    """
    if order.payment_status not in REFUNDABLE:
        raise Conflict(f"The payment of order {order.order_number} is {order.payment_status}")
    if wish.items or wish.shipping or (wish.shipping is False and wish.amount is None):
        return _plan_of_parts(order, lines, wish)
    rest = left_to_refund(order)
    amount = _checked(order, wish.amount, rest)
    if amount == rest:
        returns = pieces_to_return(order, lines, wish)
        return Plan(amount, unrefunded(order, lines), returns, is_shipping_open(order, lines))
    if wish.restock:
        needed = "needs items, which say what comes back, unless the refund is completed"
        raise InvalidInput.of_field("restock", needed)
    return Plan(amount, {}, {})


def pieces_to_return(order: Order, lines: Sequence[OrderLine], wish: Wish) -> Pieces:
    """What the end of an order puts on sale again: all that is not there yet where that is asked for.

    By default, in an unfulfilled order, the pieces that no refund has decided upon.
    """
    if wish.restock:
        return unreturned(order, lines)
    return open_pieces(order, lines) if restocks(order, wish) else {}


def _plan_of_parts(order: Order, lines: Sequence[OrderLine], wish: Wish) -> Plan:
    """What the named pieces and the shipping cost; all pieces where only the shipping is left out."""
    if wish.amount is not None:
        named = "items" if wish.items else "shipping"
        raise InvalidInput.of_field("amount", f"follows from the {named}, so only one of both can be given")
    left, rest = unrefunded(order, lines), left_to_refund(order)
    pieces = left if wish.shipping is False and not wish.items else _named(order, lines, wish.items)
    is_open = is_shipping_open(order, lines)
    _refuse_shipping(order, wish, is_open=is_open)
    gives_shipping = is_open and (pieces == left if wish.shipping is None else wish.shipping)
    cost = worth(order, lines, pieces) + (shipping_charge(order, lines) if gives_shipping else 0)
    # What the last part costs is all that is left, also of what was charged beside the lines.
    is_all = pieces == left and gives_shipping == is_open
    amount = rest if is_all else min(cost, rest)
    if rest == 0:
        raise _too_little(order, rest)
    if amount == 0:
        raise InvalidInput.of_field("items", "cost nothing, so there is nothing to refund")
    returns = at_most(pieces, unreturned(order, lines)) if restocks(order, wish) else {}
    return Plan(amount, pieces, returns, gives_shipping)


def _refuse_shipping(order: Order, wish: Wish, *, is_open: bool) -> None:
    if not wish.shipping or is_open:
        return
    if order.shipping == order.shipping_discount:
        raise InvalidInput.of_field("shipping", "cost nothing, so there is nothing to refund")
    raise Conflict(f"The shipping of order {order.order_number} was refunded before")


def _named(order: Order, lines: Sequence[OrderLine], items: Sequence[ReturnedItem]) -> Pieces:
    """The pieces that are named, a variant's spread over its lines."""
    named: Pieces = {}
    for wanted in items:
        meant = [line for line in lines if _means(wanted, line)]
        if wanted.quantity > sum(line.quantity for line in meant):
            raise InvalidInput.of_field("items", "name more pieces than were bought")
        missing = wanted.quantity
        for line in meant:
            still = unrefunded(order, [line]).get(str(line.id), 0) - named.get(str(line.id), 0)
            taken = min(missing, max(0, still))
            if taken:
                named = added(named, {str(line.id): taken})
            missing -= taken
        if missing:
            left = wanted.quantity - missing
            raise Conflict(f"Only {left} more of {meant[0].product_name} can be refunded")
    return named


def _means(wanted: ReturnedItem, line: OrderLine) -> bool:
    if wanted.line is not None:
        return line.id == wanted.line
    return wanted.variant is not None and line.variant_id == wanted.variant


def _checked(order: Order, wanted: Decimal | None, rest: Decimal) -> Decimal:
    amount = rest if wanted is None else wanted
    if wanted is not None and not 0 < wanted <= order.total:
        raise InvalidInput.of_field(
            "amount", f"must be more than 0 and at most {unrounded(order.total, order.currency)}"
        )
    if amount != rest:
        _refuse_unpayable(amount, order.currency)
    if amount > rest or rest == 0:
        raise _too_little(order, rest)
    return amount


def _refuse_unpayable(amount: Decimal, currency: str) -> None:
    """InvalidInput for a part that nobody can pay out: finer than the currency or than a provider's unit."""
    refuse_finer("amount", amount, currency)
    if not is_whole(amount, currency):
        raise InvalidInput.of_field("amount", f"must be a multiple of {chargeable_step(currency)} {currency}")


def _too_little(order: Order, rest: Decimal) -> Conflict:
    held = money_text(order.disputed_amount, order.currency)
    disputed = f"; {held} are disputed" if order.disputed_amount else ""
    return Conflict(
        f"Only {money_text(rest, order.currency)} of order {order.order_number} are left to refund{disputed}"
    )


def restocks(order: Order, wish: Wish) -> bool:
    """Whether pieces that are given back are put on sale again: as it is asked for, else if none has left."""
    if wish.restock is not None:
        return wish.restock
    return order.fulfillment_status == states.UNFULFILLED
