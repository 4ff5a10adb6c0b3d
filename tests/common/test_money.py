"""Tests of rounding money."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.currencies import DEFAULT_CURRENCY
from common.errors import InvalidInput
from common.money import apportioned, is_exact, money_text, refuse_finer, smallest_unit, to_money, unrounded


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10, "10.00"),
        ("0.125", "0.13"),
        (Decimal("0.124999"), "0.12"),
        (Decimal("-0.125"), "-0.13"),
        (Decimal("2.675"), "2.68"),
        (Decimal("-0.001"), "0.00"),
        (Decimal("-0"), "0.00"),
        (Decimal("1E+20"), "100000000000000000000.00"),
    ],
)
def test_money_has_two_decimals_rounded_half_up(value: Decimal | int | str, text: str) -> None:
    assert str(to_money(value, "EUR")) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_rounding_moves_by_half_a_unit_at_most_and_only_once(value: Decimal) -> None:
    for currency in ("EUR", "JPY", "KWD"):
        rounded = to_money(value, currency)
        assert abs(rounded - value) <= smallest_unit(currency) / 2
        assert to_money(rounded, currency) == rounded
        assert is_exact(rounded, currency)


@pytest.mark.parametrize("value", [1.5, True, None, b"1"])
def test_what_is_not_exact_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="money is"):
        to_money(value, DEFAULT_CURRENCY)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["x", "", "NaN", "Infinity", "1E+1000"])
def test_what_is_no_amount_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        to_money(value, DEFAULT_CURRENCY)


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        ("12.5", "JPY", "13"),
        (1200, "jpy", "1200"),
        ("0.4", "KRW", "0"),
        ("7", "ISK", "7"),
        ("1.2345", "KWD", "1.235"),
        (1, "BHD", "1.000"),
        ("1.00005", "CLF", "1.0001"),
        ("1.005", "XXX", "1.01"),
    ],
)
def test_money_has_the_decimals_of_its_currency(value: str | int, currency: str, text: str) -> None:
    assert str(to_money(value, currency)) == text


def test_a_stored_amount_is_never_rounded() -> None:
    assert str(unrounded(8, "EUR")) == "8.00"
    assert str(unrounded(Decimal("1200.00"), "JPY")) == "1200"
    assert str(unrounded(Decimal("12.50"), "JPY")) == "12.50"
    assert money_text(Decimal("1.25"), "KWD") == "1.250 KWD"


@pytest.mark.parametrize(
    ("value", "currency", "complaint"),
    [
        ("0.001", "EUR", "price must have at most 2 decimals"),
        ("0.5", "JPY", "price must be a whole number in JPY"),
        ("0.0005", "KWD", "price must have at most 3 decimals in KWD"),
    ],
)
def test_what_is_finer_than_its_currency_is_refused(value: str, currency: str, complaint: str) -> None:
    with pytest.raises(InvalidInput, match=complaint) as refused:
        refuse_finer("price", Decimal(value), currency)
    assert list(refused.value.fields) == ["price"]
    refuse_finer("price", smallest_unit(currency), currency)
    refuse_finer("price", None, currency)


@given(
    st.integers(0, 10**9),
    st.lists(st.decimals(0, 10**6, places=3), min_size=1, max_size=8),
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_parts_add_up_and_are_within_a_unit_of_their_share(
    units: int, weights: list[Decimal], currency: str
) -> None:
    unit = smallest_unit(currency)
    amount = to_money(units * unit, currency)
    parts = apportioned(amount, weights, currency)
    assert sum(parts) == amount
    shares = weights if any(weights) else [Decimal(1)] * len(weights)
    for part, share in zip(parts, shares, strict=True):
        assert abs(Fraction(part) - Fraction(amount) * Fraction(share) / Fraction(sum(shares))) < unit
        assert part >= 0


def test_the_largest_remainder_gets_the_unit_and_of_equal_ones_the_first() -> None:
    assert apportioned(Decimal("0.05"), [Decimal(3), Decimal(7)], "EUR") == (Decimal("0.02"), Decimal("0.03"))
    thirds = apportioned(Decimal("1.00"), [Decimal(1)] * 3, "EUR")
    assert thirds == (Decimal("0.34"), Decimal("0.33"), Decimal("0.33"))
    assert apportioned(Decimal(7), [Decimal(0)] * 2, "JPY") == (Decimal(4), Decimal(3))


@pytest.mark.parametrize(
    ("amount", "weights"), [("1", []), ("-1", [1]), ("1", [1, -1]), ("0.005", [1])], ids=str
)
def test_what_cannot_be_divided_is_refused(amount: str, weights: list[int]) -> None:
    with pytest.raises(ValueError, match="not to be divided"):
        apportioned(Decimal(amount), [Decimal(weight) for weight in weights], "EUR")
