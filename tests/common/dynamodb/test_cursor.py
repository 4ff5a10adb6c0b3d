"""Tests of signed cursors."""

import json
from base64 import urlsafe_b64encode

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from common.config import ConfigurationError
from common.dynamodb import InvalidCursor, read_cursor, sign_cursor
from common.errors import InvalidInput

payloads = st.dictionaries(st.text(max_size=8), st.text(max_size=20) | st.integers() | st.none(), max_size=5)
PAYLOAD = {"PK": "PRODUCT#1", "SK": "METADATA"}


@given(payloads, st.text())
def test_a_cursor_gives_back_its_payload(payload: dict[str, object], scope: str) -> None:
    assert read_cursor(sign_cursor(payload, scope), scope) == payload


@given(payloads)
def test_a_cursor_is_safe_in_a_url(payload: dict[str, object]) -> None:
    token = sign_cursor(payload, "scope")
    assert all(character.isalnum() or character in "-_." for character in token)


@given(st.text(), st.text())
def test_a_cursor_of_another_scope_is_refused(scope: str, other: str) -> None:
    assume(scope != other)
    with pytest.raises(InvalidCursor):
        read_cursor(sign_cursor(PAYLOAD, scope), other)


@given(st.data())
def test_a_changed_cursor_is_refused(data: st.DataObject) -> None:
    token = sign_cursor(PAYLOAD, "scope")
    position = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(st.characters(codec="utf-8"))
    assume(character != token[position])
    with pytest.raises(InvalidCursor):
        read_cursor(token[:position] + character + token[position + 1 :], "scope")


@given(st.integers(0, 60))
def test_a_shortened_cursor_is_refused(length: int) -> None:
    with pytest.raises(InvalidCursor):
        read_cursor(sign_cursor(PAYLOAD, "scope")[:length], "scope")


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidCursor):
        read_cursor(text, "scope")


@pytest.mark.parametrize("token", ["", ".", "a.b", "a" * 100_000, "é.é", "\ud800", "a.b.c"])
def test_odd_texts_are_refused(token: str) -> None:
    with pytest.raises(InvalidCursor):
        read_cursor(token, "scope")


def test_padding_or_more_text_after_the_signature_is_refused() -> None:
    token = sign_cursor(PAYLOAD, "scope")
    for more in ("=", ".", " ", "A"):
        with pytest.raises(InvalidCursor):
            read_cursor(token + more, "scope")


def test_an_unsigned_payload_is_refused() -> None:
    body = urlsafe_b64encode(json.dumps(PAYLOAD).encode()).decode()
    with pytest.raises(InvalidCursor):
        read_cursor(f"{body}.", "scope")


def test_a_cursor_holds_as_long_as_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    token = sign_cursor(PAYLOAD, "scope")
    monkeypatch.setenv("JWT_SECRET", "another-secret-of-the-tests-40-characters")
    with pytest.raises(InvalidCursor):
        read_cursor(token, "scope")


def test_the_secret_of_cursors_wins_over_that_of_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURSOR_SECRET", "a-secret-for-cursors-only-of-40-character")
    token = sign_cursor(PAYLOAD, "scope")
    monkeypatch.setenv("JWT_SECRET", "another-secret-of-the-tests-40-characters")
    assert read_cursor(token, "scope") == PAYLOAD
    monkeypatch.delenv("CURSOR_SECRET")
    with pytest.raises(InvalidCursor):
        read_cursor(token, "scope")


def test_without_any_secret_nothing_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JWT_SECRET")
    with pytest.raises(ConfigurationError, match="JWT_SECRET"):
        sign_cursor(PAYLOAD, "scope")


def test_the_refusal_is_an_error_of_the_field_cursor() -> None:
    error = InvalidCursor()
    assert isinstance(error, InvalidInput)
    assert error.status == 400
    assert list(error.fields) == ["cursor"]
