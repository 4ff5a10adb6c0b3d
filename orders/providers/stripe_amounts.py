"""What Stripe charges at least and at most.

https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts. The minimum is that of the currency in
which the account is paid out; a shop is paid out in the currency that it sells in.
"""

from decimal import Decimal

from common.money import money_text
from orders.providers.minor_units import from_minor, to_minor

_SMALLEST = {
    "AED": "2.00",
    "AUD": "0.50",
    "BGN": "1.00",
    "BRL": "0.50",
    "CAD": "0.50",
    "CHF": "0.50",
    "CZK": "15.00",
    "DKK": "2.50",
    "EUR": "0.50",
    "GBP": "0.30",
    "HKD": "4.00",
    "HUF": "175.00",
    "INR": "0.50",
    "JPY": "50",
    "MXN": "10.00",
    "MYR": "2.00",
    "NOK": "3.00",
    "NZD": "0.50",
    "PLN": "2.00",
    "RON": "2.00",
    "SEK": "3.00",
    "SGD": "0.50",
    "THB": "10.00",
    "USD": "0.50",
}

# Eight digits in the smallest unit, whatever the currency.
_LARGEST_UNITS = 99_999_999


def amount_refusal(amount: Decimal, currency: str) -> str | None:
    """Why Stripe does not charge this amount; None when it does, or when its table has no such currency."""
    code = currency.upper()
    smallest = Decimal(_SMALLEST.get(code, "0"))
    if amount < smallest:
        return (
            f"cannot be used for {money_text(amount, code)}: cards take {money_text(smallest, code)} or more"
        )
    if to_minor(amount, code) > _LARGEST_UNITS:
        largest = money_text(from_minor(_LARGEST_UNITS, code), code)
        return f"cannot be used for {money_text(amount, code)}: cards take {largest} or less"
    return None
