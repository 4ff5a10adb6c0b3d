"""Tests of what webhooks have in common: whatever was signed, it is an event or a 400."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import InvalidInput
from common.http.webhooks import LONGEST_EVENT_ID, event_id, read_signed_json


@pytest.mark.parametrize("depth", [30, 1_000, 5_000, 100_000])
@pytest.mark.parametrize("pair", [(b'{"a":', b"}"), (b"[", b"]")])
def test_deep_nesting_is_the_senders_fault(depth: int, pair: tuple[bytes, bytes]) -> None:
    with pytest.raises(InvalidInput):
        read_signed_json(b'{"data":' + pair[0] * depth + b"1" + pair[1] * depth + b"}")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"1", b"{", b'{"a": NaN}', b'{"a": 1e999}', b'{"a": "\\ud800"}', b"\xff"]
)
def test_what_is_no_storable_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_signed_json(body)


def test_an_order_of_many_lines_is_read() -> None:
    lines = ",".join(["{" + ",".join(f'"field{name}":1.10' for name in range(60)) + "}"] * 500)
    assert len(read_signed_json(f'{{"line_items":[{lines}]}}'.encode())["line_items"]) == 500


@given(st.text(max_size=20))
def test_an_id_is_taken_as_it_is_or_refused(text: str) -> None:
    try:
        assert event_id(text) == text
    except InvalidInput:
        assert not (text and text.isascii() and text.isprintable())


def test_an_id_of_thousands_of_characters_is_refused() -> None:
    assert event_id("e" * LONGEST_EVENT_ID)
    with pytest.raises(InvalidInput, match="255"):
        event_id("e" * 3_000)
