"""Money: exact decimals, rounded half-up to the smallest unit of their currency."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction

from common.currencies import decimals_of
from common.errors import InvalidInput

# The old database's numeric(10,2).
LARGEST_AMOUNT = Decimal("99999999.99")

_CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP)


def smallest_unit(currency: str) -> Decimal:
    """The smallest amount of a currency: 0.01 for EUR, 1 for JPY, 0.001 for KWD."""
    return Decimal(1).scaleb(-decimals_of(currency))


def to_money(value: Decimal | int | str, currency: str) -> Decimal:
    """`value` rounded half-up to its currency: 10 EUR is 10.00, 0.125 EUR 0.13, 12.5 JPY 13.

    TypeError for anything but Decimal, int and str; ValueError for what is not a finite number.
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise TypeError(f"money is Decimal, int or str, not {type(value).__name__}")
    try:
        rounded = Decimal(value).quantize(smallest_unit(currency), context=_CONTEXT)
    except InvalidOperation as error:
        raise ValueError("not an amount of money") from error
    if not rounded.is_finite():
        raise ValueError("not an amount of money")
    # Minus zero would be written as -0.00.
    return abs(rounded) if rounded == 0 else rounded


def apportioned(amount: Decimal, weights: Sequence[Decimal], currency: str) -> tuple[Decimal, ...]:
    """`amount`, 0 or more, divided in proportion to `weights`, by largest remainder: the parts add up to it.

    Each is within one smallest unit of its share; of equal remainders the earlier one gets the unit. Where
    all weights are 0 the parts are equal. ValueError for an amount without weights, for less than 0, and
    for one that is finer than its currency.
    """
    unit = smallest_unit(currency)
    units = amount / unit
    if not weights or min(weights) < 0 or units < 0 or units != int(units):
        raise ValueError("not to be divided")
    shares = [weight if any(weights) else Decimal(1) for weight in weights]
    whole = sum(Fraction(share) for share in shares)
    exact = [int(units) * Fraction(share) / whole for share in shares]
    parts = [int(share) for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda place: parts[place] - exact[place])
    for place in by_remainder[: int(units) - sum(parts)]:
        parts[place] += 1
    return tuple(to_money(part * unit, currency) for part in parts)


def is_exact(value: Decimal, currency: str) -> bool:
    """Whether a currency can express this amount."""
    return to_money(value, currency) == value


def unrounded(value: Decimal | int | str, currency: str) -> Decimal:
    """A stored amount with the decimals of its currency; one that is finer than these keeps its own.

    Such an amount comes from another shop's database, and what was charged then must be shown as it was.
    """
    rounded = to_money(value, currency)
    return rounded if rounded == Decimal(value) else Decimal(value)


def money_text(value: Decimal | int | str, currency: str) -> str:
    """An amount for people: `12.50 EUR`, `1200 JPY`."""
    return f"{unrounded(value, currency)} {currency}"


def refuse_finer(field: str, value: Decimal | None, currency: str) -> None:
    """InvalidInput naming `field` when an amount is finer than its currency."""
    if value is None or is_exact(value, currency):
        return
    decimals = decimals_of(currency)
    complaint = f"must have at most {decimals} decimals" if decimals else "must be a whole number"
    suffix = "" if decimals == 2 else f" in {currency}"
    raise InvalidInput.of_field(field, complaint + suffix)
