"""How far currencies are divided: as money, and as Stripe counts it."""

# What a price, a code or an order is in where nothing says otherwise.
DEFAULT_CURRENCY = "EUR"

# ISO 4217, list one, column "minor unit" (https://www.six-group.com/en/products-services/financial-information/
# data-standards.html). Every other currency has two decimals.
_DECIMALS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"), 0),
    **dict.fromkeys(("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
MOST_DECIMALS = max(_DECIMALS.values())

# Where Stripe counts otherwise than ISO 4217 (https://docs.stripe.com/currencies#zero-decimal): ISK and UGX
# in hundredths that are always 00, and the ariary without its fifths.
_STRIPE_DECIMALS = {"ISK": 2, "UGX": 2, "MGA": 0}


def decimals_of(currency: str) -> int:
    """How many decimals an amount of this currency has: 2 for EUR, 0 for JPY, 3 for KWD."""
    return _DECIMALS.get(currency.upper(), 2)


def without_decimals() -> tuple[str, ...]:
    """The currencies whose amounts are whole numbers."""
    return tuple(code for code, decimals in _DECIMALS.items() if not decimals)


def stripe_decimals_of(currency: str) -> int:
    """How many decimals Stripe counts in: its unit of EUR is 0.01, of JPY 1, of ISK 0.01."""
    code = currency.upper()
    return _STRIPE_DECIMALS.get(code, decimals_of(code))


def stripe_step_of(currency: str) -> int:
    """What every number of Stripe's units must be a multiple of.

    1 for EUR and JPY; 100 for ISK and UGX, which have no hundredths; 10 for three decimals, of which Stripe
    takes two (https://docs.stripe.com/currencies#three-decimal).
    """
    chargeable = min(decimals_of(currency), 2)
    return int(10 ** max(0, stripe_decimals_of(currency) - chargeable))
