"""Amounts as providers count them: whole numbers of the smallest unit of a currency.

The exceptions are those of Stripe's table of currencies: https://docs.stripe.com/currencies#zero-decimal.
"""

from decimal import ROUND_HALF_UP, Decimal

from common.money import to_money

# ISK and UGX have no decimals either, but Stripe goes on counting them in hundredths.
ZERO_DECIMAL = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF")
)
THREE_DECIMAL = frozenset(("BHD", "JOD", "KWD", "OMR", "TND"))


def _places(currency: str) -> int:
    code = currency.upper()
    if code in ZERO_DECIMAL:
        return 0
    return 3 if code in THREE_DECIMAL else 2


def to_minor(amount: Decimal, currency: str) -> int:
    """`amount` in the currency's smallest unit, rounded half-up: 12.50 EUR is 1250, 12.50 JPY is 13."""
    return int(amount.scaleb(_places(currency)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def from_minor(units: int, currency: str) -> Decimal:
    """The amount of so many smallest units, with two decimals."""
    return to_money(Decimal(units).scaleb(-_places(currency)))


def is_whole(amount: Decimal, currency: str) -> bool:
    """Whether a currency has a coin for exactly this amount."""
    return amount.scaleb(_places(currency)) % 1 == 0
