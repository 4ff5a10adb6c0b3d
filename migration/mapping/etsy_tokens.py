"""`etsy_oauth_tokens`: sealed on the way in, opened only to be compared or written back.

Nothing that this module raises or answers shows a token, but the rows of the way back hold them: `is_secret`
names their columns to everybody who prints rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from common.config import ConfigurationError
from common.dynamodb import Item
from common.encryption import TooLongToSeal, Unsealable
from etsy_sync.repositories.etsy_tokens import (
    EtsyToken,
    same_row,
    token_from_item,
    token_item,
)
from migration.mapping.channels import CHANGED, KEPT_ID, channel_entity, named_by
from migration.mapping.records import BadRow, Context, Record
from migration.schema.columns import CREATED, Column, Table, moment, text
from tools.errors import ToolError

TABLE = Table(
    "etsy_oauth_tokens",
    (
        KEPT_ID,
        text("shop_id", 100, unique=True, is_key=True),
        Column("access_token", "text", is_secret=True),
        Column("refresh_token", "text", is_secret=True),
        text("token_type", 50, default="'Bearer'"),
        # An attribute `expires_at` would have DynamoDB delete the row.
        moment("expires_at", becomes="token_expires_at"),
        text("scope", 500, null=True),
        CREATED,
        CHANGED,
    ),
    "ETSY_TOKEN#{shop} / METADATA, the tokens encrypted",
    fills_gaps=True,
)


def _item(values: dict[str, Any], record: Record, _context: Context) -> Item:
    with _sealing(record.id):
        return token_item(EtsyToken(**values))


def _opened(item: Item) -> dict[str, Any]:
    with _sealing(item.get("legacy_id", item["PK"])):
        return asdict(token_from_item(item))


@contextmanager
def _sealing(row_id: object) -> Iterator[None]:
    try:
        yield
    except (TooLongToSeal, Unsealable) as error:
        # No cause is kept: a trace could show what the row holds.
        raise BadRow(TABLE.name, row_id, str(error)) from None
    except ConfigurationError as error:
        raise ToolError(f"{TABLE.name} cannot be moved: {error}") from None


ETSY_TOKENS = channel_entity(
    TABLE, named_by("ETSY_TOKEN#"), _item, _opened, secrets=TABLE.secrets, same=same_row
)
