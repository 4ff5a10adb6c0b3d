"""Tokens on their way: sealed in the table, open in PostgreSQL's rows, shown nowhere."""

from collections.abc import Iterator

import boto3
import pytest

from common import encryption
from common.dynamodb import put_item
from common.encryption import new_local_key
from etsy_sync.repositories.etsy_tokens import etsy_token
from migration.mapping.etsy_tokens import ETSY_TOKENS
from migration.mapping.records import BadRow, Row
from tests.migration.mapping.channel_rows import (
    CONTEXT,
    THEN,
    back,
    moved,
    record_of,
    to_the_millisecond,
)
from tests.support.engines import mocked_aws
from tools.errors import ToolError

SECRET = "12345.a-very-secret-token"
ROW: Row = {
    "id": 1,
    "shop_id": "12345",
    "access_token": SECRET,
    "refresh_token": f"{SECRET}-refresh",
    "token_type": "Bearer",
    "expires_at": THEN,
    "scope": None,
    "created_at": THEN,
    "updated_at": THEN,
}


@pytest.fixture(params=["local", "kms"])
def _key(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if request.param == "local":
        monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", new_local_key())
        yield
        return
    with mocked_aws():
        encryption.reset_client()
        monkeypatch.setenv("TOKEN_KMS_KEY_ID", boto3.client("kms").create_key()["KeyMetadata"]["KeyId"])
        yield
        encryption.reset_client()


@pytest.mark.usefixtures("_key")
def test_a_token_is_sealed_on_the_way_in_and_open_on_the_way_back() -> None:
    items = moved(ETSY_TOKENS, ROW)
    assert SECRET not in repr(items)
    assert back(ETSY_TOKENS, items) == to_the_millisecond(ROW)
    assert "expires_at" not in items[0], "or DynamoDB would delete the row"


@pytest.mark.usefixtures("_key")
def test_two_moves_of_one_token_are_the_same_row_and_another_token_is_not() -> None:
    (first,), (second,) = moved(ETSY_TOKENS, ROW), moved(ETSY_TOKENS, ROW)
    assert first != second
    assert ETSY_TOKENS.same(first, second)
    (renewed,) = moved(ETSY_TOKENS, {**ROW, "refresh_token": "12345.renewed"})
    assert not ETSY_TOKENS.same(first, renewed)


def test_the_columns_that_no_report_may_show_are_named() -> None:
    assert ETSY_TOKENS.secrets == {"access_token", "refresh_token"}
    assert set(moved_names()) >= ETSY_TOKENS.secrets


def moved_names() -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOKEN_ENCRYPTION_KEY", new_local_key())
        return list(moved(ETSY_TOKENS, ROW)[0])


@pytest.mark.usefixtures("token_key_at_hand")
def test_a_moved_shop_is_connected(table: str) -> None:
    put_item(ETSY_TOKENS.items(record_of(ETSY_TOKENS, ROW), CONTEXT)[0])
    token = etsy_token("12345")
    assert token is not None
    assert (token.refresh_token, token.token_expires_at) == (f"{SECRET}-refresh", "2025-11-21T08:30:15.123Z")
    assert (token.version, token.needs_consent, token.legacy_id) == (1, None, 1)


@pytest.mark.usefixtures("token_key_at_hand")
def test_a_token_that_cannot_be_sealed_is_a_bad_row_that_does_not_show_it() -> None:
    with pytest.raises(BadRow, match=r"^etsy_oauth_tokens 1: a text of 5\d\d\d bytes") as refused:
        moved(ETSY_TOKENS, {**ROW, "access_token": SECRET * 200})
    assert SECRET not in str(refused.value)


def test_a_token_that_cannot_be_opened_is_a_bad_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", new_local_key())
    items = moved(ETSY_TOKENS, ROW)
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", new_local_key())
    with pytest.raises(BadRow, match="etsy_oauth_tokens 1: a sealed text cannot be opened"):
        back(ETSY_TOKENS, items)
    assert not ETSY_TOKENS.same(items[0], moved(ETSY_TOKENS, ROW)[0])


def test_without_a_key_the_operator_is_told_what_to_give() -> None:
    with pytest.raises(ToolError, match=r"etsy_oauth_tokens cannot be moved: .*TOKEN_KMS_KEY_ID"):
        moved(ETSY_TOKENS, ROW)


@pytest.mark.usefixtures("token_key_at_hand")
def test_a_shop_without_an_id_is_refused() -> None:
    with pytest.raises(BadRow, match="has no shop_id"):
        moved(ETSY_TOKENS, {**ROW, "shop_id": ""})
