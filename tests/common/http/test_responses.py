"""Tests of writing JSON and cookies."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.http import Response, set_cookie
from common.http.body import read_json
from common.http.responses import encode_json

STORABLE = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=12
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("0.1"), "0.1"),
        (Decimal("12345678901234567890.123456789"), "12345678901234567890.123456789"),
        (Decimal("19.90"), "19.90"),
        (10**40, "1" + "0" * 40),
        (7, "7"),
        (True, "true"),
        (None, "null"),
        ("città \N{ARTIST PALETTE}", '"città \N{ARTIST PALETTE}"'),
        ({"a": [1, {"b": ()}]}, '{"a":[1,{"b":[]}]}'),
    ],
)
def test_values_are_written_exactly(value: object, text: str) -> None:
    assert encode_json(value) == text


@given(STORABLE)
def test_a_number_comes_back_as_it_was(number: Decimal) -> None:
    text = encode_json({"n": number})
    assert json.loads(text, parse_float=Decimal, parse_int=Decimal)["n"] == number
    assert read_json(text.encode())["n"] == number


@pytest.mark.parametrize("value", [b"x", {1}, object(), 1j])
def test_what_json_cannot_say_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="has no JSON form"):
        encode_json([value])


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("Infinity"), Decimal("sNaN")]
)
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="compliant"):
        encode_json([value])


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_a_body_is_refused(status: int) -> None:
    with pytest.raises(ValueError, match="no body"):
        Response(status=status)


def test_a_cookie_is_written_with_its_attributes() -> None:
    expected = "auth_token=abc; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=86400"
    assert set_cookie("auth_token", "abc", max_age=86_400) == expected


def test_a_cookie_can_be_readable_by_scripts_and_sent_across_sites() -> None:
    expected = "cart_session=abc; Path=/; Secure; SameSite=None; Max-Age=0"
    assert set_cookie("cart_session", "abc", max_age=0, http_only=False, same_site="None") == expected
