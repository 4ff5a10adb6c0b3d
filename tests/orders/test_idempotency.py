"""Idempotency keys: which requests are the same, and how long that is known."""

from datetime import timedelta

import pytest

from common.clock import epoch, utc_now
from common.dynamodb import UnitOfWork, get_item
from common.errors import InvalidInput
from common.optimistic import StaleVersion
from orders.idempotency import KeyReused, Token, order_behind, remember, token_for

BODY = {"b": 1, "a": {"d": 2, "c": "3"}}


def _token(header: str = "key-1", body: object = None, session: str = "s") -> Token:
    token = token_for(header, BODY if body is None else body, session)  # type: ignore[arg-type]
    assert token is not None
    return token


def test_a_request_without_a_key_has_no_token() -> None:
    assert token_for(None, BODY, "s") is None


@pytest.mark.parametrize("header", ["", "  ", "k" * 256, "chiave-è", "a\tb", "a\x00b"])
def test_a_key_has_1_to_255_printable_characters(header: str) -> None:
    with pytest.raises(InvalidInput, match="1 to 255 printable characters"):
        token_for(header, BODY, "s")
    assert _token("k" * 255).mark != _token("k" * 254).mark


def test_the_key_itself_is_not_stored() -> None:
    assert "key-1" not in str(_token())
    assert _token() == _token(" key-1 ", {"a": {"c": "3", "d": 2}, "b": 1})


@pytest.mark.parametrize("other", [_token(body={"b": 2}), _token(session="t")])
def test_one_key_for_two_requests_is_refused(other: Token) -> None:
    row = {"fingerprint": _token().fingerprint, "order_id": 7}
    assert order_behind(_token(), row) == 7
    assert other.mark == _token().mark
    with pytest.raises(KeyReused) as refusal:
        order_behind(other, row)
    assert refusal.value.status == 422


def test_a_key_is_taken_for_a_week(table: str) -> None:
    now = utc_now()
    with UnitOfWork() as work:
        remember(work, _token(), 7, now)
    row = get_item(_token().mark.key, now=epoch(now))
    assert row is not None
    assert row["order_id"] == 7
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        remember(work, _token(), 8, now + timedelta(days=6))
    later = now + timedelta(days=7)
    assert get_item(_token().mark.key, now=epoch(later)) is None
    with UnitOfWork() as work:
        remember(work, _token(), 8, later)
    assert order_behind(_token(), get_item(_token().mark.key) or {}) == 8
