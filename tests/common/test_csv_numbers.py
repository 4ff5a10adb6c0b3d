"""Amounts of people: the decimal mark of a file, and what an amount means with it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.csv_numbers import Mark, UnclearMark, decimal_mark, read_amount


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["12.50"], "."),
        (["12,50"], ","),
        (["1,234.50"], "."),
        (["1.234,50"], ","),
        (["1.234.567"], ","),
        (["1,234,567"], "."),
        (["0,125"], ","),
        (["0.125"], "."),
        (["1234.567"], "."),
        (["-5,5", "1.234"], ","),
        (["1.234", "12", "", "x"], None),
        (["1 234,50"], ","),
        (["1'234.50"], "."),
        (["\u22125,00"], ","),
    ],
)
def test_a_file_tells_its_decimal_mark(texts: list[str], mark: Mark | None) -> None:
    assert decimal_mark(texts) == mark


def test_a_file_with_both_is_unclear_and_one_with_neither_has_what_it_is_said_to() -> None:
    with pytest.raises(UnclearMark):
        decimal_mark(["12.50", "12,50"])
    assert decimal_mark(["1.234", "5"], ".") == "."


@pytest.mark.parametrize(
    ("text", "mark", "amount"),
    [
        ("12.50", ".", "12.50"),
        (" 1.234,50 ", ",", "1234.50"),
        ("1,234", ".", "1234"),
        ("1,234", ",", "1.234"),
        ("1.234.567,8", ",", "1234567.8"),
        ("-5,00", ",", "-5.00"),
        ("\u22125", None, "-5"),
        ("+7", None, "7"),
        ("1 234 567,50", ",", "1234567.50"),
        ("1\u202f234.50", ".", "1234.50"),
        ("12", None, "12"),
    ],
)
def test_an_amount_is_read_with_it(text: str, mark: Mark | None, amount: str) -> None:
    assert read_amount(text, mark) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["", "x", "1e3", "12,5,0", "1,23.4", ",5", "12.", "--1", "1.2.3", "NaN", "9" * 41]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a number"):
        read_amount(text, ".")


@pytest.mark.parametrize("text", ["1.234", "1,234"])
def test_what_may_mean_two_amounts_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="may be a fraction or thousands"):
        read_amount(text, None)


@given(st.decimals(-999_999, 999_999, places=2), st.sampled_from([(".", ","), (",", "."), (",", "\u00a0")]))
def test_an_amount_that_is_written_is_the_one_that_is_read(amount: Decimal, marks: tuple[Mark, str]) -> None:
    mark, between = marks
    whole, _, fraction = f"{amount:,.2f}".partition(".")
    text = f"{whole.replace(',', between)}{mark}{fraction}"
    assert decimal_mark([text]) == mark
    assert read_amount(text, mark) == amount
