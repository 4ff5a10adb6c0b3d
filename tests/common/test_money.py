"""Tests of rounding money."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.money import CENT, to_money


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
    assert str(to_money(value)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_rounding_moves_by_half_a_cent_at_most_and_only_once(value: Decimal) -> None:
    rounded = to_money(value)
    assert abs(rounded - value) <= CENT / 2
    assert to_money(rounded) == rounded


@pytest.mark.parametrize("value", [1.5, True, None, b"1"])
def test_what_is_not_exact_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="money is"):
        to_money(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["x", "", "NaN", "Infinity", "1E+1000"])
def test_what_is_no_amount_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        to_money(value)
