"""The taxes of a quarter: what was sold and given back, by country and rate, tied to the orders to the cent.

What is declared through the one-stop shop (Directive 2006/112/EC, articles 369a to 369k) are the lines of
`one_stop_shop` in euros; a refund of what was sold in an earlier quarter is a correction of that one (article
369g), and its line names it. All other sales stand beside them, so that the sums are those of all orders.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from common.repositories.orders import (
    NO_MONEY,
    Order,
    OrderDetails,
    TaxAmount,
    all_orders,
    details_of_orders,
)
from orders import states
from orders.quarters import Quarter, quarter_of
from orders.refund_taxes import taxes_of_refund
from orders.repositories.refunds import FAILED, SUCCEEDED, Refund, refunds_of

# What an order is that has no amounts by rate: sold elsewhere, or with one rate for all.
CHANNEL, ONE_RATE = "channel", "one_rate"
# What is in no line, though it is in the orders: a refund of more than was taxed.
UNASSIGNED = "unassigned"

_PAID = (states.PAID, states.PARTIALLY_REFUNDED, states.REFUNDED)


class Kind(NamedTuple):
    """What a line is of: `rate` None where it is unknown; `sold_in` is the quarter of the sale."""

    treatment: str
    country: str
    rate: Decimal | None
    currency: str
    sold_in: str


@dataclass(frozen=True, slots=True)
class Sums:
    """Net amounts and taxes of sales and of refunds, and of how many orders and refunds."""

    orders: int = 0
    net: Decimal = NO_MONEY
    tax: Decimal = NO_MONEY
    refunds: int = 0
    refunded_net: Decimal = NO_MONEY
    refunded_tax: Decimal = NO_MONEY

    def __add__(self, other: "Sums") -> "Sums":
        pairs = ((getattr(self, name), getattr(other, name)) for name in _SUMMED)
        return Sums(*(one + more for one, more in pairs))


_SUMMED = ("orders", "net", "tax", "refunds", "refunded_net", "refunded_tax")


@dataclass(frozen=True, slots=True)
class Total:
    """What the orders themselves say of a currency: what was paid in the quarter, and given back."""

    orders: int = 0
    gross: Decimal = NO_MONEY
    refunds: int = 0
    refunded: Decimal = NO_MONEY


@dataclass(frozen=True, slots=True)
class Dealing:
    """An order with its lines and all its refunds."""

    order: Order
    details: OrderDetails
    refunds: Sequence[Refund] = ()


@dataclass(frozen=True, slots=True)
class TaxReport:
    """The lines of a quarter, and the totals of each currency, which its lines add up to."""

    quarter: Quarter
    lines: Mapping[Kind, Sums] = field(default_factory=dict)
    totals: Mapping[str, Total] = field(default_factory=dict)


def tax_report(quarter: Quarter) -> TaxReport:
    """The report of a quarter, by the index of all orders up to its end.

    An order may be paid, and refunded, long after it was placed, so all that are older are looked at: about
    0.1 read units an order. Read besides: the details of those that were paid or refunded in the quarter,
    and the refunds of those that were changed since it began.
    """
    from common.dynamodb import sort_key

    placed = all_orders(sort_key().lt(quarter.end))
    orders = [it for it in placed if it.deleted_at is None and it.payment_status in _PAID]
    returned = {it.id: refunds_of(it.id) for it in orders if _may_be_refunded_in(quarter, it)}
    wanted = [it for it in orders if quarter.holds(paid_at(it)) or _has_refund(quarter, returned.get(it.id))]
    details = details_of_orders(it.id for it in wanted)
    return report_of(
        quarter,
        (Dealing(it, details.get(it.id, OrderDetails(())), returned.get(it.id, ())) for it in wanted),
    )


def report_of(quarter: Quarter, dealings: Iterable[Dealing]) -> TaxReport:
    """The report of a quarter over these orders, whichever of them are of it."""
    lines: dict[Kind, Sums] = {}
    totals: dict[str, Total] = {}
    for dealing in dealings:
        order = dealing.order
        for kind, sums in _sums_of(quarter, dealing):
            lines[kind] = lines.get(kind, Sums()) + sums
        total = totals.get(order.currency, Total())
        totals[order.currency] = _with_order(total, quarter, dealing)
    for currency, total in totals.items():
        missing = _missing(total, (sums for kind, sums in lines.items() if kind.currency == currency))
        if missing != Sums():
            lines[Kind(UNASSIGNED, "", None, currency, quarter.name)] = missing
    return TaxReport(quarter, dict(sorted(lines.items(), key=_order_of_lines)), dict(sorted(totals.items())))


def paid_at(order: Order) -> str:
    """When an order was paid (ISO 8601 UTC); one that does not say so counts from when it was placed."""
    return order.paid_at or order.created_at


def _sums_of(quarter: Quarter, dealing: Dealing) -> list[tuple[Kind, Sums]]:
    order, details = dealing.order, _with_amounts(dealing)
    found = []
    if quarter.holds(paid_at(order)):
        # An order of two rates is in two lines, and is counted in each.
        found += [(_kind(dealing, it), Sums(1, it.net, it.tax)) for it in details.taxes]
    made: list[Refund] = []
    untouched = replace(order, refunded_pieces={}, payment_status=states.PAID)
    for refund in dealing.refunds:
        taxes = refund.taxes or taxes_of_refund(untouched, details, refund.amount, {}, made)
        made.append(replace(refund, taxes=taxes))
        if _is_of(quarter, refund):
            gone = (Sums(refunds=1, refunded_net=it.net, refunded_tax=it.tax) for it in taxes)
            found += [(_kind(dealing, it), sums) for it, sums in zip(taxes, gone, strict=True)]
    return found


def _with_amounts(dealing: Dealing) -> OrderDetails:
    """The details with amounts by rate: of an order that has none, its tax as one amount of no known rate."""
    order, details = dealing.order, dealing.details
    if details.taxes:
        return details
    tax = min(order.tax, order.total)
    return replace(details, taxes=(TaxAmount("", "", Decimal(0), order.total - tax, tax),))


def _kind(dealing: Dealing, tax: TaxAmount) -> Kind:
    order, details = dealing.order, dealing.details
    treatment = details.tax_treatment or ONE_RATE
    if order.channel is not None:
        treatment = CHANNEL
    rate = tax.rate if details.taxes else None
    return Kind(treatment, tax.country, rate, order.currency, quarter_of(paid_at(order)))


def _with_order(total: Total, quarter: Quarter, dealing: Dealing) -> Total:
    if quarter.holds(paid_at(dealing.order)):
        total = replace(total, orders=total.orders + 1, gross=total.gross + dealing.order.total)
    for refund in dealing.refunds:
        if _is_of(quarter, refund):
            total = replace(total, refunds=total.refunds + 1, refunded=total.refunded + refund.amount)
    return total


def _missing(total: Total, lines: Iterable[Sums]) -> Sums:
    """What the orders say and no line holds, as amounts without tax."""
    held = sum(lines, Sums())
    return Sums(
        net=total.gross - held.net - held.tax,
        refunded_net=total.refunded - held.refunded_net - held.refunded_tax,
    )


def _is_of(quarter: Quarter, refund: Refund) -> bool:
    return refund.status == SUCCEEDED and quarter.holds(refund.closed_at or refund.created_at)


def _has_refund(quarter: Quarter, refunds: Sequence[Refund] | None) -> bool:
    return any(_is_of(quarter, it) for it in refunds or () if it.status != FAILED)


def _may_be_refunded_in(quarter: Quarter, order: Order) -> bool:
    # Whatever closes a refund changes its order.
    return order.refunded_amount > 0 and order.updated_at >= quarter.start


def _order_of_lines(line: tuple[Kind, Sums]) -> tuple[object, ...]:
    kind = line[0]
    # What is to be declared comes first, euros before others.
    first = kind.treatment != "one_stop_shop"
    return first, kind.currency != "EUR", *kind[:2], -(kind.rate or 0), *kind[3:]
