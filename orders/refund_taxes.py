"""Which tax goes back with a refund: by rate, such that all refunds of an order add up to exactly its tax."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from common.money import apportioned, to_money
from common.repositories.orders import NO_MONEY, Order, OrderDetails, OrderLine, Pieces, TaxAmount
from orders.refund_pieces import worth
from orders.repositories.refunds import FAILED, Refund


def taxes_of_refund(
    order: Order, details: OrderDetails | None, amount: Decimal, pieces: Pieces, made_before: Sequence[Refund]
) -> tuple[TaxAmount, ...]:
    """What of an order's taxes a refund of `amount` gives back: `net` and `tax` by rate, which add up to it.

    `order` is as it was before the refund. What the `pieces` cost goes back at their rates, and the rest, as
    shipping and amounts for nothing in particular, in proportion to what is left of each. The refunds that
    were `made_before` and have not failed are gone from it; with the last one nothing is left. None for an
    order whose taxes are not kept by rate.
    """
    if details is None or not details.taxes:
        return ()
    left = _left(details.taxes, made_before)
    gross = [it.net + it.tax for it in left]
    amount = min(amount, sum(gross, NO_MONEY))
    wanted = [_worth_at(order, details.lines, pieces, it) for it in left]
    parts = _spread(amount, wanted, gross, order.currency)
    shares = zip(left, parts, strict=True)
    return tuple(share_of(it, part, order.currency) for it, part in shares if part)


def _left(taxes: Sequence[TaxAmount], made: Sequence[Refund]) -> list[TaxAmount]:
    """What is left of each rate; an earlier refund that has no taxes of its own took nothing of them."""
    left = list(taxes)
    for refund in made:
        for gone in refund.taxes if refund.status != FAILED else ():
            left = [_without(it, gone) for it in left]
    return left


def _without(left: TaxAmount, gone: TaxAmount) -> TaxAmount:
    if _kind(left) != _kind(gone):
        return left
    return replace(left, net=left.net - gone.net, tax=left.tax - gone.tax)


def _kind(tax: TaxAmount) -> tuple[str, str, Decimal]:
    return tax.country, tax.tax_class, tax.rate


def _worth_at(order: Order, lines: Sequence[OrderLine], pieces: Pieces, tax: TaxAmount) -> Decimal:
    """What those of the pieces cost that are taxed so."""
    there = {str(line.id) for line in lines if (line.tax_class, line.tax_rate) == (tax.tax_class, tax.rate)}
    return worth(order, lines, {line: count for line, count in pieces.items() if line in there})


def _spread(
    amount: Decimal, wanted: Sequence[Decimal], left: Sequence[Decimal], currency: str
) -> list[Decimal]:
    """`amount` by what is `wanted` of each as far as that goes, the rest by what is `left`; never more."""
    named = [min(one, other) for one, other in zip(wanted, left, strict=True)]
    if sum(named, NO_MONEY) > amount:
        return list(_divided(amount, named, currency))
    rest = [other - one for one, other in zip(named, left, strict=True)]
    more = _divided(amount - sum(named, NO_MONEY), rest, currency)
    return [one + other for one, other in zip(named, more, strict=True)]


def _divided(amount: Decimal, weights: Sequence[Decimal], currency: str) -> tuple[Decimal, ...]:
    """In proportion: no part is more than its weight where the amount is no more than all of them."""
    if len(weights) == 1:
        # Amounts that were moved in may be finer than their currency.
        return (amount,)
    return apportioned(amount, weights, currency)


def share_of(left: TaxAmount, part: Decimal, currency: str) -> TaxAmount:
    """A `part`, tax included, of what is left of a rate: its net amount and its tax in proportion."""
    gross = left.net + left.tax
    tax = to_money(part * left.tax / gross, currency) if gross else NO_MONEY
    # What stays has to be able to hold its own tax and net amount.
    tax = min(max(tax, part - left.net), part, left.tax)
    return replace(left, net=part - tax, tax=tax)
