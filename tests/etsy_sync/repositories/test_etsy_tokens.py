"""Rows of Etsy's tokens: what is stored is sealed, what is read is open."""

import pytest

from common.dynamodb import get_item, put_item
from common.encryption import Unsealable, new_local_key
from etsy_sync.repositories.etsy_tokens import (
    CONNECTIONS,
    EtsyConnection,
    etsy_connections,
    etsy_token,
    forget_token,
    same_row,
    save_consent,
    token_from_item,
    token_item,
)
from tests.etsy_sync.repositories.etsy_token_builders import a_token, stored

pytestmark = pytest.mark.usefixtures("token_key_at_hand")


def test_tokens_are_read_as_they_were_saved(table: str) -> None:
    put_item(token_item(a_token(legacy_id=3)))
    assert etsy_token("12345") == a_token(legacy_id=3)
    assert etsy_token("999") is None


def test_no_token_is_stored_readable_or_lets_the_row_expire(table: str) -> None:
    put_item(token_item(a_token()))
    row = get_item(CONNECTIONS.key("12345"))
    assert row is not None
    assert "access-0" not in repr(row)
    assert "refresh-0" not in repr(row)
    assert "expires_at" not in row


def test_tokens_are_not_printed() -> None:
    assert "access-0" not in repr(a_token())
    assert "refresh-0" not in repr(a_token())


def test_a_token_of_another_shop_or_field_is_refused() -> None:
    row = token_item(a_token())
    for changes in ({"shop_id": "999"}, {"access_token": row["refresh_token"]}):
        with pytest.raises(Unsealable):
            token_from_item(row | changes)


def test_shops_are_listed_without_opening_anything(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for shop_id in ("20", "10"):
        put_item(token_item(a_token(shop_id, needs_consent="Revoked" if shop_id == "20" else None)))
    monkeypatch.delenv("TOKEN_ENCRYPTION_KEY")
    connections = etsy_connections()
    assert [type(each) for each in connections] == [EtsyConnection] * 2
    assert [(each.shop_id, each.needs_consent) for each in connections] == [("10", None), ("20", "Revoked")]


def test_a_first_consent_makes_the_row(table: str) -> None:
    token = a_token(updated_at="2026-01-31T10:00:00.000Z", created_at="2026-01-31T10:00:00.000Z")
    assert save_consent(token) == token == stored()
    assert [each.shop_id for each in etsy_connections()] == ["12345"]


def test_a_new_consent_replaces_tokens_and_keeps_where_they_came_from(table: str) -> None:
    put_item(
        token_item(
            a_token(needs_consent="Revoked", lease_owner="w", lease_until="2026", legacy_id=3, version=7)
        )
    )
    moment = "2026-01-31T10:00:00.000Z"
    new = a_token(access_token="12345.new", scope=None, created_at=moment, updated_at=moment)
    saved = save_consent(new)
    assert saved == stored()
    assert (saved.version, saved.legacy_id, saved.access_token) == (8, 3, "12345.new")
    assert (saved.created_at, saved.updated_at) == ("2026-01-01T00:00:00.000Z", moment)
    assert (saved.needs_consent, saved.lease_owner, saved.lease_until, saved.scope) == (None,) * 4


def test_tokens_are_forgotten_once(table: str) -> None:
    put_item(token_item(a_token()))
    assert forget_token("12345")
    assert not forget_token("12345")
    assert etsy_token("12345") is None


def test_rows_are_the_same_when_what_they_hold_is(monkeypatch: pytest.MonkeyPatch) -> None:
    row = token_item(a_token())
    assert row != token_item(a_token())
    assert same_row(row, token_item(a_token()))
    assert not same_row(row, token_item(a_token(refresh_token="12345.other")))
    assert not same_row(row, token_item(a_token(scope="shops_r")))
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", new_local_key())
    assert not same_row(row, token_item(a_token()))
