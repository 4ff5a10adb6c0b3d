"""What an order costs: exact amounts, rounded half-up to their currency where they are computed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from common.clock import iso
from common.currencies import DEFAULT_CURRENCY
from common.errors import InvalidInput
from common.money import money_text, to_money
from common.repositories.orders import TaxAmount
from orders.repositories.discounts import PERCENTAGE, DiscountCode


class MixedCurrencies(InvalidInput):
    """The lines are in several currencies, so that nothing adds them up."""

    def __init__(self) -> None:
        super().__init__("All items of an order must be in the same currency")


@dataclass(frozen=True, slots=True)
class Line:
    """So many pieces of a variant at the price of one, in `currency`; `tax_class` is the product's.

    `numbers` are those that the pieces of an edition get. What is made to the buyer's measure
    `cannot_be_withdrawn` from.
    """

    product_id: int
    variant_id: int
    title: str
    variant_name: str
    sku: str | None
    unit_price: Decimal
    quantity: int
    currency: str = DEFAULT_CURRENCY
    tax_class: str | None = None
    numbers: tuple[int, ...] | None = None
    cannot_be_withdrawn: bool = False

    @property
    def total(self) -> Decimal:
        """The price of all pieces."""
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class Totals:
    """The amounts of an order in `currency`: `total` is `subtotal + shipping + tax - discount`.

    Of the discount `shipping_discount` is taken off the shipping. Where `prices_include_tax`, `tax` is a part
    of these and not added. `taxes` has it by rate, where it is kept so.
    """

    subtotal: Decimal
    discount: Decimal
    tax: Decimal
    total: Decimal
    currency: str = DEFAULT_CURRENCY
    shipping: Decimal = Decimal(0)
    prices_include_tax: bool = False
    taxes: tuple[TaxAmount, ...] = ()
    shipping_discount: Decimal = Decimal(0)


def unit_price(base_price: Decimal, adjustment: Decimal, currency: str) -> Decimal:
    """The price of one piece: the product's price and what the variant adds or takes off, at least 0."""
    return to_money(max(Decimal(0), base_price + adjustment), currency)


def sold_in(currency: str) -> str:
    """The currency of a product in capitals; the shop's own for one that was imported without any."""
    return (currency or DEFAULT_CURRENCY).upper()


def currency_of(lines: Iterable[Line]) -> str:
    """The currency of all lines, the shop's where there are none; MixedCurrencies."""
    currencies = {line.currency for line in lines} or {DEFAULT_CURRENCY}
    if len(currencies) > 1:
        raise MixedCurrencies
    return currencies.pop()


def totals(
    lines: Iterable[Line],
    discount: DiscountCode | None,
    tax_rate: Decimal,
    now: datetime,
    shipping: Decimal = Decimal(0),
) -> Totals:
    """The amounts of an order of these lines at `now`; `tax_rate` is a fraction such as 0.22.

    The tax is that of the subtotal before the discount, and of the `shipping`. A code that is refused takes
    nothing off. Raises MixedCurrencies.
    """
    lines = tuple(lines)
    currency = currency_of(lines)
    subtotal = to_money(sum((line.total for line in lines), Decimal(0)), currency)
    tax = to_money((subtotal + shipping) * tax_rate, currency)
    off = shipping_off = to_money(0, currency)
    if discount is not None and refusal(discount, subtotal, currency, now) is None:
        off, shipping_off = discounts(discount, subtotal, shipping, currency)
    total = subtotal + shipping + tax - off
    return Totals(subtotal, off, tax, total, currency, shipping, shipping_discount=shipping_off)


def discounts(
    code: DiscountCode, subtotal: Decimal, shipping: Decimal, currency: str
) -> tuple[Decimal, Decimal]:
    """What a code takes off in all, and the share of the shipping in that, if the code includes it."""
    if not code.includes_shipping or not shipping:
        return discount_amount(code, subtotal, currency), to_money(0, currency)
    off = discount_amount(code, subtotal + shipping, currency)
    return off, to_money(off * shipping / (subtotal + shipping), currency)


def discount_amount(code: DiscountCode, subtotal: Decimal, currency: str) -> Decimal:
    """What a code takes off: its percentage or amount, at most its cap, at most the subtotal."""
    off = code.discount_value
    if code.discount_type == PERCENTAGE:
        off = subtotal * code.discount_value / 100
    if code.max_discount_amount is not None:
        off = min(off, code.max_discount_amount)
    return min(to_money(off, currency), subtotal)


def refusal(code: DiscountCode, subtotal: Decimal, currency: str, now: datetime) -> str | None:
    """The first reason why a code cannot be used for an order of this subtotal at `now`; None if it can."""
    return _not_in_force(code, iso(now)) or _not_for(code, subtotal, currency)


def _not_in_force(code: DiscountCode, moment: str) -> str | None:
    if not code.is_on:
        return "Discount code is not active"
    if not code.has_begun(moment):
        return "Discount code is not yet valid"
    if code.has_ended(moment):
        return "Discount code has expired"
    if code.is_used_up:
        return "Discount code: maximum uses reached"
    return None


def _not_for(code: DiscountCode, subtotal: Decimal, currency: str) -> str | None:
    if code.names_amounts and code.currency != currency:
        return f"Discount code is for orders in {code.currency}, and this one is in {currency}"
    if code.min_purchase_amount is not None and subtotal < code.min_purchase_amount:
        return f"Minimum order value of {_minimum(code)} is required"
    return None


def _minimum(code: DiscountCode) -> str:
    amount = code.min_purchase_amount or Decimal(0)
    # The storefronts show the shop's own currency without its name.
    text = money_text(amount, code.currency)
    return text.removesuffix(f" {DEFAULT_CURRENCY}")
