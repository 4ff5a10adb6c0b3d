"""`etsy_oauth_tokens`: sealed on the way in, opened only to be compared or written back.

Nothing that this module raises or answers shows a token, but the rows of the way back hold them:
`secrets` names their columns to everybody who prints rows.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from common.config import ConfigurationError
from common.dynamodb import Item
from common.encryption import TooLongToSeal, Unsealable
from etsy_sync.repositories.etsy_tokens import (
    SEALED,
    EtsyToken,
    same_row,
    token_from_item,
    token_item,
)
from migration.mapping.entity import Entity
from migration.mapping.records import BadRow, Context, Record, Row
from migration.mapping.source_rows import SourceRow, record_named_by, timestamp, without_absent
from tools.errors import ToolError

TOKENS = "etsy_oauth_tokens"
BEARER = "Bearer"


def _items(record: Record, context: Context) -> list[Item]:
    row = SourceRow(TOKENS, record.row(TOKENS), context)
    token = EtsyToken(
        shop_id=row.key("shop_id"),
        access_token=row.need("access_token", ""),
        refresh_token=row.need("refresh_token", ""),
        token_type=row.need("token_type", BEARER),
        token_expires_at=row.needed_time("expires_at"),
        scope=row.get("scope"),
        created_at=row.needed_time("created_at"),
        updated_at=row.needed_time("updated_at"),
        legacy_id=row.get("id"),
    )
    with _sealing(record.id):
        return [row.remembering(token_item(token))]


def _rows(items: Sequence[Item]) -> dict[str, list[Row]]:
    return {TOKENS: [without_absent(item, _row(item)) for item in items]}


def _row(item: Item) -> Row:
    with _sealing(item.get("legacy_id", item["PK"])):
        token = token_from_item(item)
    return {
        "id": token.legacy_id,
        "shop_id": token.shop_id,
        "access_token": token.access_token,
        "refresh_token": token.refresh_token,
        "token_type": token.token_type,
        "expires_at": timestamp(token.token_expires_at),
        "scope": token.scope,
        "created_at": timestamp(token.created_at),
        "updated_at": timestamp(token.updated_at),
    }


@contextmanager
def _sealing(row_id: object) -> Iterator[None]:
    try:
        yield
    except (TooLongToSeal, Unsealable) as error:
        # No cause is kept: a trace could show what the row holds.
        raise BadRow(TOKENS, row_id, str(error)) from None
    except ConfigurationError as error:
        raise ToolError(f"{TOKENS} cannot be moved: {error}") from None


ETSY_TOKENS = Entity(
    name=TOKENS,
    table=TOKENS,
    items=_items,
    rows=_rows,
    record_of=record_named_by("ETSY_TOKEN#"),
    secrets=frozenset(SEALED),
    same=same_row,
)
