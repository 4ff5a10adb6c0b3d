"""Money: exact decimals, rounded half-up to cents."""

from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

CENT = Decimal("0.01")

# The old database's numeric(10,2).
LARGEST_AMOUNT = Decimal("99999999.99")

_CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP)


def to_money(value: Decimal | int | str) -> Decimal:
    """`value` in units of the currency with exactly two decimals: 10 becomes 10.00, 0.125 becomes 0.13.

    TypeError for anything but Decimal, int and str; ValueError for what is not a finite number.
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise TypeError(f"money is Decimal, int or str, not {type(value).__name__}")
    try:
        rounded = Decimal(value).quantize(CENT, context=_CONTEXT)
    except InvalidOperation as error:
        raise ValueError("not an amount of money") from error
    if not rounded.is_finite():
        raise ValueError("not an amount of money")
    # Minus zero would be written as -0.00.
    return abs(rounded) if rounded == 0 else rounded
