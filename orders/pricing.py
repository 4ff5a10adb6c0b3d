"""What an order costs: exact amounts, rounded half-up to cents where they are computed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from common.clock import iso
from common.money import to_money
from common.repositories.discounts import PERCENTAGE, DiscountCode

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Line:
    """So many pieces of a variant at the price of one."""

    product_id: int
    variant_id: int
    title: str
    variant_name: str
    sku: str | None
    unit_price: Decimal
    quantity: int

    @property
    def total(self) -> Decimal:
        """The price of all pieces."""
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class Totals:
    """The amounts of an order; `total` is always `subtotal + tax - discount`, and never negative."""

    subtotal: Decimal
    discount: Decimal
    tax: Decimal
    total: Decimal


def unit_price(base_price: Decimal, adjustment: Decimal) -> Decimal:
    """The price of one piece: the product's price and what the variant adds or takes off, at least 0."""
    return to_money(max(ZERO, base_price + adjustment))


def totals(lines: Iterable[Line], discount: DiscountCode | None, tax_rate: Decimal, now: datetime) -> Totals:
    """The amounts of an order of these lines at `now`; `tax_rate` is a fraction such as 0.22.

    The tax is that of the subtotal before the discount. A code that is refused takes nothing off.
    """
    subtotal = to_money(sum((line.total for line in lines), ZERO))
    tax = to_money(subtotal * tax_rate)
    off = ZERO
    if discount is not None and refusal(discount, subtotal, now) is None:
        off = discount_amount(discount, subtotal)
    return Totals(subtotal, off, tax, subtotal + tax - off)


def discount_amount(code: DiscountCode, subtotal: Decimal) -> Decimal:
    """What a code takes off: its percentage or amount, at most its cap, at most the subtotal."""
    off = code.discount_value
    if code.discount_type == PERCENTAGE:
        off = subtotal * code.discount_value / 100
    if code.max_discount_amount is not None:
        off = min(off, code.max_discount_amount)
    return min(to_money(off), subtotal)


def refusal(code: DiscountCode, subtotal: Decimal, now: datetime) -> str | None:
    """The first reason why a code cannot be used for an order of this subtotal at `now`; None if it can."""
    moment = iso(now)
    if not code.is_on:
        return "Discount code is not active"
    if not code.has_begun(moment):
        return "Discount code is not yet valid"
    if code.has_ended(moment):
        return "Discount code has expired"
    if code.is_used_up:
        return "Discount code: maximum uses reached"
    if code.min_purchase_amount is not None and subtotal < code.min_purchase_amount:
        return f"Minimum order value of {to_money(code.min_purchase_amount)} is required"
    return None
