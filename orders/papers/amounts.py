"""What an invoice of an order adds up: its lines without tax, and the amounts by rate, to the cent.

The amounts by rate are those that the order was charged with (`OrderDetails.taxes`); the lines follow from
them, so that those of a rate add up to exactly its net amount. Where an order's tax is one number, on top of
prices before the discount (`TAX_RATE`), the discount is taken off after the tax.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from common import config
from common.money import apportioned, smallest_unit, to_money
from common.repositories.orders import NO_MONEY, Order, OrderDetails, OrderLine, TaxAmount
from orders.papers.words import Words
from orders.repositories.papers import DISCOUNT, GOODS, OTHER, SHIPPING, PaperLine

_STANDARD = "standard"
# Finer than any rate that a state has set.
_RATE_STEP = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Amounts:
    """The lines and the amounts by rate of a paper: `total` is those with their tax, less `deduction`."""

    lines: tuple[PaperLine, ...]
    taxes: tuple[TaxAmount, ...]
    deduction: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class _Part:
    """A line before the tax is taken out of its `amount`."""

    kind: str
    text: str
    quantity: int
    unit_price: Decimal
    amount: Decimal
    source: OrderLine | None = None


def invoice_amounts(order: Order, details: OrderDetails, words: Words) -> Amounts:
    """What an order's invoice says; `words` are those of its language."""
    taxes = by_rate(details.taxes) or (_one_rate(order),)
    lines: list[PaperLine] = []
    shares = _shares(order, details.lines, taxes)
    for tax, (goods, shipping, discount) in zip(taxes, shares, strict=True):
        parts = _parts(order, details, tax, (goods, shipping, discount), words)
        lines += _without_tax(parts, tax, order)
    charged = sum((it.net + it.tax for it in taxes), NO_MONEY)
    return Amounts(_in_order(lines), taxes, charged - order.total, order.total)


def by_rate(taxes: Sequence[TaxAmount]) -> tuple[TaxAmount, ...]:
    """The amounts of each rate once, whatever the classes of goods; the highest rate first."""
    merged: dict[Decimal, TaxAmount] = {}
    for tax in taxes:
        known = merged.get(tax.rate)
        both = tax if known is None else replace(known, net=known.net + tax.net, tax=known.tax + tax.tax)
        merged[tax.rate] = both
    return tuple(merged[rate] for rate in sorted(merged, reverse=True))


def _one_rate(order: Order) -> TaxAmount:
    """The amount of an order whose tax is one number, at the rate that it is of."""
    before = order.subtotal + order.shipping
    if not order.tax:
        return TaxAmount("", _STANDARD, Decimal(0), order.total, NO_MONEY)
    rate = config.tax_rate()
    if to_money(before * rate, order.currency) != order.tax:
        # The setting is another now; 0 is left to a tax on nothing, which only imported orders have.
        rate = (order.tax / before).quantize(_RATE_STEP) if before else Decimal(0)
    return TaxAmount("", _STANDARD, rate, before, order.tax)


def _shares(
    order: Order, lines: Sequence[OrderLine], taxes: Sequence[TaxAmount]
) -> list[tuple[Decimal, Decimal, Decimal]]:
    """What of each rate is goods, shipping and discount, in prices as the order has them."""
    goods = [_goods_at(lines, tax, taxes) for tax in taxes]
    weights = goods if any(goods) else [Decimal(1) for _ in taxes]
    shipping = apportioned(order.shipping, weights, order.currency)
    charged = [it.net + it.tax if _includes_tax(order) else it.net for it in taxes]
    parts = zip(goods, shipping, charged, strict=True)
    return [(here, sent, here + sent - asked) for here, sent, asked in parts]


def _goods_at(lines: Sequence[OrderLine], tax: TaxAmount, taxes: Sequence[TaxAmount]) -> Decimal:
    return sum((it.total_price for it in _lines_at(lines, tax, taxes)), NO_MONEY)


def _lines_at(lines: Sequence[OrderLine], tax: TaxAmount, taxes: Sequence[TaxAmount]) -> list[OrderLine]:
    """The lines of a rate; those that name none that there is are of the first."""
    rates = {it.rate for it in taxes}
    return [it for it in lines if (it.tax_rate if it.tax_rate in rates else taxes[0].rate) == tax.rate]


def _includes_tax(order: Order) -> bool:
    return order.prices_include_tax


def _parts(
    order: Order,
    details: OrderDetails,
    tax: TaxAmount,
    shares: tuple[Decimal, Decimal, Decimal],
    words: Words,
) -> list[_Part]:
    _, shipping, off = shares
    taxes = by_rate(details.taxes) or (tax,)
    parts = [
        _Part(GOODS, _name(line), line.quantity, line.unit_price, line.total_price, line)
        for line in _lines_at(details.lines, tax, taxes)
    ]
    if shipping:
        method = f"{words.shipping}: {details.delivery.method}" if details.delivery else words.shipping
        parts.append(_Part(SHIPPING, method, 1, shipping, shipping))
    if off > 0 and order.discount:
        text = f"{words.discount} {order.discount_code}" if order.discount_code else words.discount
        parts.append(_Part(DISCOUNT, text, 1, -off, -off))
    elif off:
        # Orders that were imported may not add up.
        parts.append(_Part(OTHER, words.other, 1, -off, -off))
    return parts


def _name(line: OrderLine) -> str:
    return f"{line.product_name}, {line.variant_name}" if line.variant_name else line.product_name


def _without_tax(parts: Sequence[_Part], tax: TaxAmount, order: Order) -> list[PaperLine]:
    """The parts of one rate without their tax: each the difference of two rounded sums along them."""
    divisor = 1 + tax.rate if _includes_tax(order) else Decimal(1)
    lines: list[PaperLine] = []
    gross, before = NO_MONEY, NO_MONEY
    for place, part in enumerate(parts, start=1):
        gross += part.amount
        after = tax.net if place == len(parts) else to_money(gross / divisor, order.currency)
        lines.append(_line(part, after - before, divisor, tax.rate, order.currency))
        before = after
    return lines


def _line(part: _Part, amount: Decimal, divisor: Decimal, rate: Decimal, currency: str) -> PaperLine:
    source = part.source
    return PaperLine(
        kind=part.kind,
        text=part.text,
        quantity=part.quantity,
        unit_price=amount if source is None else unit_price(part.unit_price / divisor, currency),
        amount=amount,
        rate=rate,
        line=source.id if source else None,
        sku=source.sku if source else None,
        numbers=source.numbers if source else None,
    )


def unit_price(price: Decimal, currency: str) -> Decimal:
    """A price without tax, with two decimals more than its currency has where these are needed."""
    unit = smallest_unit(currency)
    exact = price.quantize(unit / 100)
    return exact.quantize(unit) if exact == exact.quantize(unit) else exact


_PLACES = {GOODS: 0, OTHER: 1, SHIPPING: 2, DISCOUNT: 3}


def _in_order(lines: Sequence[PaperLine]) -> tuple[PaperLine, ...]:
    """Goods as they were ordered, then the rest."""
    return tuple(sorted(lines, key=lambda it: (_PLACES[it.kind], it.line or 0)))
