"""Amounts as providers count them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.currencies import stripe_step_of
from orders.providers.minor_units import chargeable_step, from_minor, is_whole, to_minor


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        ("12.34", "EUR", 1234),
        ("12.34", "eur", 1234),
        ("0.00", "EUR", 0),
        ("1250.00", "JPY", 1250),
        ("12.50", "jpy", 13),
        ("12.49", "KRW", 12),
        ("5.00", "UGX", 500),
        ("5.00", "ISK", 500),
        ("1.25", "KWD", 1250),
        ("1.234", "KWD", 1230),
        ("1.235", "bhd", 1240),
        ("12.50", "ISK", 1300),
        ("12.50", "MGA", 13),
    ],
)
def test_amounts_are_counted_in_the_smallest_unit(amount: str, currency: str, units: int) -> None:
    assert to_minor(Decimal(amount), currency) == units


@given(st.integers(0, 10**10), st.sampled_from(["EUR", "JPY", "USD", "ISK", "KWD"]))
def test_units_become_the_amount_they_were(units: int, currency: str) -> None:
    units -= units % stripe_step_of(currency)
    amount = from_minor(units, currency)
    assert to_minor(amount, currency) == units
    assert is_whole(amount, currency)


def test_half_a_yen_is_no_amount() -> None:
    assert not is_whole(Decimal("0.50"), "JPY")
    assert is_whole(Decimal("0.50"), "EUR")
    assert not is_whole(Decimal("1.234"), "KWD")
    assert [str(chargeable_step(code)) for code in ("EUR", "JPY", "KWD", "ISK")] == [
        "0.01",
        "1",
        "0.010",
        "1.00",
    ]
