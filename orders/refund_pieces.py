"""What a refund is about: the pieces of an order, what each of them cost, and what is left to give back."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from common.money import unrounded
from common.repositories.orders import NO_MONEY, Order, OrderLine, Pieces
from orders import states
from orders.providers.minor_units import from_minor, to_minor
from orders.refund_shipping import shipping_charge


def left_to_refund(order: Order) -> Decimal:
    """What of a paid order is neither refunded, nor set aside for it, nor disputed, nor lost."""
    gone = order.refunded_amount + order.disputed_amount + order.lost_amount
    return unrounded(max(NO_MONEY, order.total - gone), order.currency)


def refunded_of(order: Order, line: OrderLine) -> int:
    """How many pieces of a line a refund was made or begun for."""
    if order.payment_status == states.REFUNDED and not order.refunded_pieces:
        return line.quantity
    return min(line.quantity, order.refunded_pieces.get(str(line.id), 0))


def restocked_of(order: Order, line: OrderLine) -> int:
    """How many pieces of a line are on sale again."""
    if order.restocked:
        return line.quantity
    return min(line.quantity, order.restocked_pieces.get(str(line.id), 0))


def open_pieces(order: Order, lines: Sequence[OrderLine]) -> Pieces:
    """The pieces that no refund was made or begun for and that are not on sale again."""
    return at_most(unrefunded(order, lines), unreturned(order, lines))


def unrefunded(order: Order, lines: Sequence[OrderLine]) -> Pieces:
    """The pieces that no refund was made or begun for."""
    return _positive({str(line.id): line.quantity - refunded_of(order, line) for line in lines})


def unreturned(order: Order, lines: Sequence[OrderLine]) -> Pieces:
    """The pieces that are not on sale again."""
    return _positive({str(line.id): line.quantity - restocked_of(order, line) for line in lines})


def at_most(pieces: Pieces, limit: Pieces) -> Pieces:
    """So many pieces of each line, but no more than `limit` allows."""
    return _positive({line: min(count, limit.get(line, 0)) for line, count in pieces.items()})


def added(before: Pieces, more: Pieces) -> Pieces:
    """The pieces of both."""
    return {line: before.get(line, 0) + more.get(line, 0) for line in {**before, **more}}


def taken_off(before: Pieces, fewer: Pieces) -> Pieces:
    """The pieces of `before` without those of `fewer`; lines of which none are left are not named."""
    return _positive({line: count - fewer.get(line, 0) for line, count in before.items()})


def worth(order: Order, lines: Sequence[OrderLine], pieces: Pieces) -> Decimal:
    """What these pieces, the next ones of their lines that were not refunded, cost in the order's total.

    Discount and tax are spread over all pieces by their prices, where lines have rates of their own by their
    prices with tax; what the shipping came to is apart. The share of each is the difference of two rounded
    sums along the order, so that the shares of all pieces, in whatever portions they are asked for, add up
    with the shipping to exactly what was charged.
    """
    charged = to_minor(order.total - shipping_charge(order, lines), order.currency)
    weights = [_weight(order, line) for line in lines]
    if not any(weights):
        weights = [Fraction(max(0, line.quantity)) for line in lines]
    whole, before, amount = sum(weights, Fraction(0)), Fraction(0), NO_MONEY
    for line, weight in zip(lines, weights, strict=True):
        count = pieces.get(str(line.id), 0)
        if count:
            first = refunded_of(order, line)
            bounds = [before + weight * Fraction(n, line.quantity) for n in (first, first + count)]
            start, end = (from_minor(_rounded(charged * bound / whole), order.currency) for bound in bounds)
            amount += end - start
        before += weight
    return amount


def _weight(order: Order, line: OrderLine) -> Fraction:
    if line.quantity <= 0:
        return Fraction(0)
    # Where tax is added to the prices, what a line cost is its price with the tax of its own rate.
    added = 0 if order.prices_include_tax else Fraction(line.tax_rate or 0)
    return max(Fraction(0), Fraction(line.total_price) * (1 + added))


def _rounded(units: Fraction) -> int:
    return (2 * units.numerator + units.denominator) // (2 * units.denominator)


def _positive(pieces: Mapping[str, int]) -> Pieces:
    return {line: count for line, count in pieces.items() if count > 0}
