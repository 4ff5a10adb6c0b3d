"""What an order costs with its tax by rate: taken out of prices that include it, or added to them.

What is charged for an order (its lines less the discount, and the shipping) is spread over the rates in
proportion to the goods that are taxed at each: so the discount goes off every line alike, and shipping is
taxed as the goods (Directive 2006/112/EC, article 78). The tax of each rate is rounded half-up, once.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from common import config
from common.money import apportioned, to_money
from common.repositories.orders import OrderLine, TaxAmount
from orders.pricing import Line, Totals, totals
from orders.repositories.discounts import DiscountCode

if TYPE_CHECKING:
    from orders.taxation import Taxation


def taxed_totals(
    lines: Sequence[Line],
    discount: DiscountCode | None,
    taxation: "Taxation | None",
    now: datetime,
    shipping: Decimal = Decimal(0),
) -> Totals:
    """The amounts of an order of these lines at `now`, as `totals` has them; `taxation` None is `TAX_RATE`.

    Raises MixedCurrencies.
    """
    if taxation is None:
        return totals(lines, discount, config.tax_rate(), now, shipping)
    untaxed = totals(lines, discount, Decimal(0), now, shipping)
    return with_taxes(untaxed, lines, taxation) if taxation.has_amounts else untaxed


def with_taxes(untaxed: Totals, lines: Sequence[Line], taxation: "Taxation") -> Totals:
    """Amounts without any tax, and with that of each rate.

    The `net` and `tax` of all rates add up to the total, whichever way the prices are meant.
    """
    taxes = taxes_of(untaxed.total, lines, taxation, untaxed.currency)
    tax = to_money(sum((it.tax for it in taxes), Decimal(0)), untaxed.currency)
    added = Decimal(0) if taxation.includes_tax else tax
    return replace(
        untaxed,
        tax=tax,
        total=untaxed.total + added,
        taxes=taxes,
        prices_include_tax=taxation.includes_tax,
    )


def taxes_of(
    charged: Decimal, lines: Sequence[Line], taxation: "Taxation", currency: str
) -> tuple[TaxAmount, ...]:
    """What is `charged` for these lines by rate, each with its tax; none for no lines.

    Lines that cost nothing count by their pieces where none costs anything.
    """
    costs_nothing = not any(line.total for line in lines)
    goods: dict[tuple[str, Decimal], Decimal] = {}
    for line in lines:
        kind = taxation.rate_of(line.tax_class)
        goods[kind] = goods.get(kind, Decimal(0)) + (line.quantity if costs_nothing else line.total)
    if not goods:
        return ()
    parts = apportioned(charged, list(goods.values()), currency)
    return tuple(_amount(taxation, *kind, part, currency) for kind, part in zip(goods, parts, strict=True))


def with_rates(
    stored: Sequence[OrderLine], lines: Sequence[Line], taxation: "Taxation | None"
) -> tuple[OrderLine, ...]:
    """The lines of an order with what their tax was worked out by, where it is kept by rate."""
    if taxation is None or not taxation.has_amounts:
        return tuple(stored)
    kinds = [taxation.rate_of(line.tax_class) for line in lines]
    pairs = zip(stored, kinds, strict=True)
    return tuple(replace(line, tax_class=tax_class, tax_rate=rate) for line, (tax_class, rate) in pairs)


def _amount(taxation: "Taxation", tax_class: str, rate: Decimal, part: Decimal, currency: str) -> TaxAmount:
    if taxation.includes_tax:
        tax = to_money(part * rate / (1 + rate), currency)
        return TaxAmount(taxation.country, tax_class, rate, part - tax, tax)
    return TaxAmount(taxation.country, tax_class, rate, part, to_money(part * rate, currency))
