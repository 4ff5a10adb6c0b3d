"""Tests of prices as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.currencies import decimals_of
from common.price_tags import price_tag, read_price

CURRENCIES = ("EUR", "USD", "GBP", "JPY", "CHF", "KWD", "KRW")


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("29.99", "USD", "$29.99"),
        ("25", "EUR", "€25.00"),
        ("1200", "JPY", "¥1200"),
        ("12.5", "CHF", "12.50 CHF"),
        ("1.25", "KWD", "1.250 KWD"),
        ("9", "GBP", "£9.00"),
    ],
)
def test_a_price_is_shown_in_its_currency(amount: str, currency: str, shown: str) -> None:
    assert price_tag(Decimal(amount), currency) == shown


@given(st.integers(1, 10**10 - 1), st.sampled_from(CURRENCIES))
def test_what_is_shown_is_read_as_it_was(units: int, currency: str) -> None:
    amount = Decimal(units).scaleb(-decimals_of(currency))
    assert read_price(price_tag(amount, currency)) == (amount, currency)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("$29.99", "29.99", "USD"),
        (" 29.99 ", "29.99", None),
        ("29,99 €", "29.99", "EUR"),
        ("EUR 25", "25", "EUR"),
        ("25 eur", "25", "EUR"),
        ("$1,299", "1299", "USD"),
        ("$1,299.00", "1299", "USD"),
        ("1.299,00€", "1299", "EUR"),
        ("1.299.000", "1299000", None),
        ("1'299.50 CHF", "1299.5", "CHF"),
        ("1 299,50", "1299.5", None),
        ("1.299", "1.299", None),
        ("¥1,200", "1200", "JPY"),
        ("0", "0", None),
    ],
)
def test_a_price_is_read_as_people_write_it(text: str, amount: str, currency: str | None) -> None:
    assert read_price(text) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "free",
        "-5",
        "$-5",
        "$",
        "EUR",
        "$5 EUR",
        "1,29,9",
        "1e3",
        "NaN",
        "٣",
        "5..0",
        "5.12345",
        "1,299,5",
        "1" * 30,
    ],
)
def test_what_is_no_price_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no price"):
        read_price(text)
