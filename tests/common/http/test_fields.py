"""Tests of the fields that schemas are made of."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from common.http.fields import Choice, Flag, HttpsAddress, Money, Number, Text, WholeNumber
from common.money import LARGEST_AMOUNT

CENTS = st.integers(0, 99_999_999_99)


@given(CENTS)
def test_every_amount_up_to_the_largest_is_exact(cents: int) -> None:
    amount = Decimal(cents).scaleb(-2)
    for sent in (amount, str(amount), f" {amount} "):
        read = Money().deserialize(sent)
        assert read == amount
        assert read.as_tuple().exponent == -2


@pytest.mark.parametrize("sent", [0, Decimal("-0"), "0", "0.00", Decimal("0E+3")])
def test_nothing_is_an_amount(sent: object) -> None:
    assert str(Money().deserialize(sent)) == "0.00"


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        (Decimal("0.00001"), "at most 4 decimals"),
        (Decimal("1E-130"), "at most 4 decimals"),
        (LARGEST_AMOUNT + Decimal("0.01"), "at most 99999999.99"),
        (Decimal("1E+125"), "at most 99999999.99"),
        (10**37, "at most 99999999.99"),
        (1.5, "non-negative number"),
        (False, "non-negative number"),
        ("NaN", "non-negative number"),
        ("-1", "non-negative number"),
        ("١", "non-negative number"),
        ("1,5", "non-negative number"),
        (None, "null"),
    ],
)
def test_what_is_no_amount_is_refused(sent: object, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        Money().deserialize(sent)


def test_an_adjustment_may_be_negative() -> None:
    adjustment = Money(minimum=-LARGEST_AMOUNT)
    assert adjustment.deserialize(Decimal("-2.50")) == Decimal("-2.50")
    with pytest.raises(ValidationError, match=r"must be at least -99999999\.99"):
        adjustment.deserialize(-(10**9))
    with pytest.raises(ValidationError, match=r"must be a number"):
        adjustment.deserialize("x")


@pytest.mark.parametrize(
    ("sent", "number"), [(7, 7), ("7", 7), (" -7 ", -7), (Decimal("7.0"), 7), (10**30, 10**30)]
)
def test_a_whole_number_is_an_int(sent: object, number: int) -> None:
    read = WholeNumber().deserialize(sent)
    assert (read, type(read)) == (number, int)


@pytest.mark.parametrize(
    "sent", [True, 7.0, "7.5", Decimal("7.5"), "x", "", [], Decimal("NaN"), "1_000", "0x1"]
)
def test_what_is_no_whole_number_is_refused(sent: object) -> None:
    with pytest.raises(ValidationError, match="must be a whole number"):
        WholeNumber().deserialize(sent)


def test_numbers_keep_to_their_bounds() -> None:
    for field in (WholeNumber(minimum=1, maximum=3), Number(minimum=1, maximum=3)):
        assert [field.deserialize(n) for n in (1, 3)] == [1, 3]
        with pytest.raises(ValidationError, match="must be at least 1"):
            field.deserialize(0)
        with pytest.raises(ValidationError, match="must be at most 3"):
            field.deserialize(4)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_is_exact(number: Decimal) -> None:
    assert Number().deserialize(number) == number


@pytest.mark.parametrize("sent", [True, 1.5, "x", None, [], "Infinity"])
def test_what_is_no_number_is_refused(sent: object) -> None:
    with pytest.raises(ValidationError):
        Number().deserialize(sent)


def test_text_is_stripped_unless_blanks_matter() -> None:
    assert Text(10).deserialize("  a b ") == "a b"
    assert Text(10, strip=False).deserialize("  a ") == "  a "
    assert Text(10).deserialize("") == ""


@pytest.mark.parametrize("sent", ["\x00", "a\x00b", "\ud800", "x" * 11, 1, True, b"x", [], {}])
def test_what_is_no_text_is_refused(sent: object) -> None:
    with pytest.raises(ValidationError):
        Text(10).deserialize(sent)


def test_text_has_a_least_length() -> None:
    with pytest.raises(ValidationError, match="must have at least 8 characters"):
        Text(100, shortest=8).deserialize("short")


@pytest.mark.parametrize(("sent", "flag"), [(True, True), (False, False), ("true", True), ("false", False)])
def test_a_flag_is_true_or_false(sent: object, flag: bool) -> None:
    assert Flag().deserialize(sent) is flag


@pytest.mark.parametrize("sent", [0, 1, "1", "yes", "", [], Decimal(1)])
def test_what_is_neither_true_nor_false_is_refused(sent: object) -> None:
    with pytest.raises(ValidationError, match="must be true or false"):
        Flag().deserialize(sent)


@pytest.mark.parametrize("sent", ["c", "", "A", None, ["a"], 1])
def test_what_is_not_offered_cannot_be_chosen(sent: object) -> None:
    choice = Choice("a", "b")
    assert choice.deserialize("b") == "b"
    with pytest.raises(ValidationError):
        choice.deserialize(sent)


@pytest.mark.parametrize(
    "sent",
    [
        "https://www.amazon.com/dp/B00TEST123?tag=me-20",
        "https://amzn.to/3abc",
        "https://例え.jp/ü",
        " https://a.example ",
    ],
)
def test_an_https_address_is_taken(sent: str) -> None:
    assert HttpsAddress(1000).deserialize(sent) == sent.strip()


@pytest.mark.parametrize(
    "sent",
    [
        "http://amazon.com",
        "javascript:alert(1)",
        "//amazon.com/x",
        "https://",
        "https:///path",
        "https://localhost/x",
        "https://user:secret@amazon.com",
        "https://[broken/x",
        "https://a.example/ b",
        "https://a.example/\nb",
        'https://a.example/"><script>',
        "https:\\\\a.example",
        "https://a.example/\u202e",
        "amazon.com",
    ],
)
def test_what_is_no_https_address_is_refused(sent: str) -> None:
    with pytest.raises(ValidationError, match="must be an https address"):
        HttpsAddress(1000).deserialize(sent)


def test_no_address_is_an_empty_text() -> None:
    assert HttpsAddress(10).deserialize(" ") == ""
