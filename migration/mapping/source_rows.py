"""Reads a PostgreSQL row for a type whose fields all need a value, and remembers which had none.

An older database can lack a column. The row that is stored then has the column's default, and
`absent_columns` names it, so that the way back gives nothing again.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from common.clock import iso, parse_iso
from common.dynamodb import Item
from migration.mapping.entity import RecordId
from migration.mapping.records import BadRow, Context, Row

ABSENT = "absent_columns"


class SourceRow:
    """One row of `table`, read column by column."""

    def __init__(self, table: str, row: Row, context: Context) -> None:
        self._table = table
        self._row = row
        self._context = context
        self._absent: list[str] = []

    def get(self, column: str) -> Any:
        """The value, None when there is none."""
        return self._row.get(column)

    def need(self, column: str, default: object) -> Any:
        """The value; `default` when there is none, which is remembered."""
        value = self._row.get(column)
        if value is not None:
            return value
        self._absent.append(column)
        return default

    def key(self, column: str) -> Any:
        """A value that the row is found by. Raises BadRow when there is none."""
        value = self._row.get(column)
        if value is None or value == "":
            raise BadRow(self._table, self._row.get("id"), f"has no {column}, which it would be found by")
        return value

    def time(self, column: str) -> str | None:
        """A time in ISO 8601 UTC with milliseconds; a time without a zone is UTC."""
        value = self._row.get(column)
        return None if value is None else _utc(value)

    def needed_time(self, column: str) -> str:
        """Like `time`; where there is none, when the migration began."""
        return self.time(column) or str(self.need(column, iso(self._context.as_of)))

    def synchronised(self, default_status: str) -> dict[str, Any]:
        """The fields that every type of a channel has: its times, its state there, its id here."""
        return {
            "last_synced_at": self.time("last_synced_at"),
            "sync_status": self.need("sync_status", default_status),
            "created_at": self.needed_time("created_at"),
            "updated_at": self.needed_time("updated_at"),
            "deleted_at": self.time("deleted_at"),
            "legacy_id": self.get("id"),
        }

    def remembering(self, item: Item) -> Item:
        """The item that was made of the row, with the names of the columns that had no value."""
        return {**item, ABSENT: sorted(self._absent)} if self._absent else item


def timestamp(text: str | None) -> datetime | None:
    """A stored time as PostgreSQL's `timestamp` has it, in UTC without a zone."""
    return None if text is None else parse_iso(text).replace(tzinfo=None)


def synchronised_columns(item: Mapping[str, Any]) -> Row:
    """The columns that `SourceRow.synchronised` reads, made of an item."""
    times = ("last_synced_at", "created_at", "updated_at", "deleted_at")
    return {
        "id": item.get("legacy_id"),
        "sync_status": item["sync_status"],
        **{name: timestamp(item.get(name)) for name in times},
    }


def without_absent(item: Mapping[str, Any], row: Row) -> Row:
    """A row that was made of an item, without the values that its source did not have."""
    return {name: None if name in item.get(ABSENT, ()) else value for name, value in row.items()}


def record_named_by(prefix: str) -> Callable[[Item], RecordId | None]:
    """Says which record an item is of: the id in PostgreSQL, for new ones the key, else None.

    Items are of the records in question when their partition key starts with `prefix`.
    """

    def record_of(item: Item) -> RecordId | None:
        if not item["PK"].startswith(prefix):
            return None
        named: RecordId = item["legacy_id"] if "legacy_id" in item else item["PK"]
        return named

    return record_of


def _utc(value: datetime) -> str:
    return iso(value if value.tzinfo else value.replace(tzinfo=UTC))
