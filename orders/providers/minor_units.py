"""Amounts as Stripe counts them: whole numbers of a unit of each currency (common.currencies)."""

from decimal import ROUND_HALF_UP, Decimal

from common.currencies import stripe_decimals_of, stripe_step_of
from common.money import to_money


def to_minor(amount: Decimal, currency: str) -> int:
    """`amount` in Stripe's units, rounded half-up to what it takes.

    12.50 EUR is 1250, 1250 JPY is 1250, 5 ISK is 500, and 1.234 KWD is 1230.
    """
    step = stripe_step_of(currency)
    steps = amount.scaleb(stripe_decimals_of(currency)) / step
    return int(steps.quantize(Decimal(1), rounding=ROUND_HALF_UP)) * step


def from_minor(units: int, currency: str) -> Decimal:
    """The amount of so many of Stripe's units."""
    return to_money(Decimal(units).scaleb(-stripe_decimals_of(currency)), currency)


def is_whole(amount: Decimal, currency: str) -> bool:
    """Whether exactly this amount can be charged and given back."""
    return amount.scaleb(stripe_decimals_of(currency)) % stripe_step_of(currency) == 0


def chargeable_step(currency: str) -> Decimal:
    """The smallest amount that can be charged and given back: 0.01 EUR, 1 JPY, 0.01 KWD."""
    return Decimal(stripe_step_of(currency)).scaleb(-stripe_decimals_of(currency))
