"""Tests of reading JSON and urlencoded bodies: exact, strict and safe from hostile input."""

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import InvalidInput, PayloadTooLarge, UnsupportedMediaType
from common.http.body import MAX_DEPTH, MAX_JSON_BYTES, MAX_VALUES, read_form, read_json, read_payload
from tests.support.http import Client

EXACT = [
    (b"0.1", Decimal("0.1")),
    (b"12345678901234567890.123456789", Decimal("12345678901234567890.123456789")),
    (b"99999999999999999999999999999999999999", int("9" * 38)),
    (b"-7", -7),
    (b"1e3", Decimal(1000)),
    (b"1E-130", Decimal("1E-130")),
    (b"9.9e125", Decimal("9.9e125")),
    (b"0e999999999999", Decimal(0)),
    (b"-0.0", Decimal(0)),
]

REFUSED_NUMBERS = [
    "NaN",
    "Infinity",
    "-Infinity",
    "9" * 39,
    "9" * 5000,
    "0." + "1" * 39,
    "1e126",
    "1e-131",
    "1e999999999999999999999999",
]

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**37), 10**37) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def floats_in(value: Any) -> bool:
    """Whether a float hides anywhere."""
    if isinstance(value, dict):
        return any(floats_in(inner) for inner in value.values())
    if isinstance(value, list):
        return any(floats_in(inner) for inner in value)
    return isinstance(value, float)


@pytest.mark.parametrize(("body", "number"), EXACT)
def test_numbers_are_read_exactly(body: bytes, number: Decimal | int) -> None:
    read = read_json(body)
    assert read == number
    assert type(read) is type(number)


@pytest.mark.parametrize("number", REFUSED_NUMBERS)
def test_a_number_that_cannot_be_stored_is_refused_by_its_field(number: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_json(f'{{"a": [1, {{"size": {number}}}]}}'.encode())
    assert list(refused.value.fields) == ["a.1.size"]
    assert refused.value.message.startswith("a.1.size ")


@pytest.mark.parametrize("escape", ["\\u0000", "\\ud800", "\\udfff", "x\\udc00y"])
def test_text_that_cannot_be_stored_is_refused_by_its_field(escape: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_json(f'{{"title": "{escape}"}}'.encode())
    assert list(refused.value.fields) == ["title"]


@pytest.mark.parametrize("escape", ["\\u0000", "\\ud800"])
def test_a_name_that_cannot_be_stored_is_refused_without_repeating_it(escape: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_json(f'{{"a": {{"{escape}": 1}}}}'.encode())
    assert refused.value.message.startswith("a.(name) must not contain")


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert read_json(b'"\\ud83c\\udfa8"') == "\N{ARTIST PALETTE}"


@pytest.mark.parametrize("body", [b"{", b"{'a': 1}", b"[1,]", b'{"a": 1} x', b"\x00", b'"\n"', b"undefined"])
def test_malformed_json_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"^Invalid JSON in request body$"):
        read_json(body)


@pytest.mark.parametrize("body", [b'"\xff"', b'"\xc0\x80"', b'"\xed\xa0\x80"', "“".encode("utf-16")])
def test_bytes_that_are_not_utf_8_are_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput, match="not valid UTF-8"):
        read_json(body)


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_deep_nesting_is_refused(opening: str, closing: str, depth: int) -> None:
    body = opening * depth + "1" + closing * depth
    with pytest.raises(InvalidInput, match="nested too deeply"):
        read_json(body.encode())


def test_nesting_up_to_the_limit_is_read() -> None:
    assert read_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)


def test_too_many_values_are_refused() -> None:
    assert len(read_json(json.dumps([0] * MAX_VALUES).encode())) == MAX_VALUES
    with pytest.raises(InvalidInput, match="more than"):
        read_json(json.dumps([0] * (MAX_VALUES + 1)).encode())


def test_a_large_body_is_refused() -> None:
    with pytest.raises(PayloadTooLarge):
        read_json(b'"' + b"x" * MAX_JSON_BYTES + b'"')


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data", "json"])
def test_another_content_type_is_refused(content_type: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        read_json(b"{}", content_type)


@pytest.mark.parametrize(
    "content_type", ["", "application/json", "Application/JSON; charset=utf-8", "application/ld+json"]
)
def test_json_is_read_under_its_names(content_type: str) -> None:
    assert read_json(b"{}", content_type) == {}


def test_a_byte_order_mark_is_ignored() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_the_last_of_two_equal_names_wins() -> None:
    assert read_json(b'{"a": 1, "a": 2}') == {"a": 2}


def test_a_prototype_is_a_name_like_any_other() -> None:
    assert read_json(b'{"__proto__": {"admin": true}}') == {"__proto__": {"admin": True}}


@given(JSON_VALUES)
def test_whatever_can_be_stored_is_read_as_sent(value: Any) -> None:
    text = json.dumps(value)
    if "\\u0000" in text:
        with pytest.raises(InvalidInput):
            read_json(text.encode())
    else:
        assert read_json(text.encode()) == value


@given(st.floats(allow_nan=False, allow_infinity=False).filter(lambda n: n == 0 or 1e-120 < abs(n) < 1e120))
def test_no_float_comes_out(number: float) -> None:
    read = read_json(json.dumps({"a": [number]}).encode())
    assert not floats_in(read)
    assert read["a"][0] == Decimal(repr(number))


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_as_the_callers_fault(body: bytes) -> None:
    for read in (read_json, read_form):
        with suppress(InvalidInput, PayloadTooLarge):
            assert not floats_in(read(body))


def test_an_empty_body_is_refused_or_empty() -> None:
    with pytest.raises(InvalidInput, match=r"^Request body is required$"):
        read_payload(b"  ", "application/json")
    assert read_payload(b"", "", required=False) == {}


@pytest.mark.parametrize("body", [b"[]", b"1", b'"x"', b"null", b"true"])
def test_a_payload_is_an_object(body: bytes) -> None:
    with pytest.raises(InvalidInput, match="must be a JSON object"):
        read_payload(body, "application/json")


def test_a_urlencoded_form_is_a_payload() -> None:
    form = read_payload(b"a=1&b=x+y%26&a=2&c=", "application/x-www-form-urlencoded; charset=UTF-8")
    assert form == {"a": "2", "b": "x y&", "c": ""}


@pytest.mark.parametrize("body", [b"a=%ff", b"a=%00", "&".join(f"f{i}=" for i in range(600)).encode()])
def test_a_form_that_cannot_be_stored_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_form(body)


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {}, 400),
        (b'{"a": NaN}', {}, 400),
        (b"\xff\xfe", {}, 400),
        (b"[" * 100_000, {}, 400),
        (b"a=1", {"Content-Type": "text/plain"}, 415),
        (b" " * (MAX_JSON_BYTES + 1), {}, 413),
        (b"", {}, 400),
    ],
)
def test_a_body_that_cannot_be_read_is_the_callers_fault(
    client: Client, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = client.post("/echo", data=body, headers=headers)
    assert answer.status == status
    assert answer.error


def test_numbers_go_through_a_request_without_a_change(client: Client) -> None:
    body = '{"received":[0.1,12345678901234567890.123456789,7,19.90,-0.01]}'
    assert client.post("/echo", data=body[len('{"received":') : -1]).text == body
