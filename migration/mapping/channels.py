"""What the channels' tables have in common: one row a record, which keeps PostgreSQL's id beside its own.

An older database can lack a column. The row that is stored then has the column's default, and
`absent_columns` names it, so that the way back gives nothing again.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from common.dynamodb import Item
from migration.mapping.entity import Entity, RecordId
from migration.mapping.reading import absent, attributes, row_of
from migration.mapping.records import Context, Record, Row
from migration.schema.columns import CREATED, DELETED, NOW, Column, Table, moment, text

ABSENT = "absent_columns"

KEPT_ID = Column("id", "serial", becomes="legacy_id")
CHANGED = moment("updated_at", default=NOW)
SYNCHRONISED = (
    moment("last_synced_at", null=True),
    text("sync_status", 50, default="'pending'"),
    CREATED,
    CHANGED,
    DELETED,
)


def channel_entity(
    table: Table,
    record_of: Callable[[Item], RecordId | None],
    item: Callable[[dict[str, Any], Record, Context], Item],
    row: Callable[[Item], Row] = lambda item: item,
    **options: Any,
) -> Entity:
    """The entity of a channel's table.

    `item` makes the stored row of the attributes; `row` gives the attributes of a stored row, under the names
    of columns those that no rule maps; `options` are further ones of an Entity.
    """
    mapped = {column.name for column in table.mapped[""]}

    def items(record: Record, context: Context) -> list[Item]:
        source = record.row(table.name)
        lacking = absent(table, source)
        found = item(attributes(table, source, context), record, context)
        return [{**found, ABSENT: lacking} if lacking else found]

    def rows(stored: Sequence[Item]) -> dict[str, list[Row]]:
        return {table.name: [_without_absent(each, _row(each)) for each in stored]}

    def _row(stored: Item) -> Row:
        found = row(stored)
        return row_of(table, found) | {
            column.name: found[column.name] for column in table.columns if column.name not in mapped
        }

    return Entity(name=table.name, table=table.name, items=items, rows=rows, record_of=record_of, **options)


def named_by(prefix: str) -> Callable[[Item], RecordId | None]:
    """Says which record an item is of: the id in PostgreSQL, for new ones the key, else None.

    Items are of the records in question when their partition key starts with `prefix`.
    """

    def record_of(item: Item) -> RecordId | None:
        if not item["PK"].startswith(prefix):
            return None
        named: RecordId = item["legacy_id"] if "legacy_id" in item else item["PK"]
        return named

    return record_of


def _without_absent(item: Mapping[str, Any], row: Row) -> Row:
    """A row that was made of an item, without the values that its source did not have."""
    return {name: None if name in item.get(ABSENT, ()) else value for name, value in row.items()}
