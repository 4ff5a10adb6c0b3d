"""Rows by the declarations of their tables: a row of PostgreSQL as attributes, stored attributes as a row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from common.clock import epoch
from common.dynamodb import Item
from migration.mapping.records import BadRow, Context, RecordId, Row
from migration.schema.columns import Column, Table
from migration.schema.conversions import as_utc

# Beyond it no time of expiry can be added.
_LATEST = datetime(9998, 1, 1)  # noqa: DTZ001 - made aware below


def attributes(table: Table, row: Row, context: Context, part: str = "") -> dict[str, Any]:
    """What the columns of a row become, by attribute; of a record of several rows that of the named `part`.

    A column that the source does not have, or that is NULL where the shop needs a value, is what the
    declaration says by default. Raises BadRow where it says nothing.
    """
    found = {}
    for column in table.mapped[part]:
        value = row.get(column.name)
        if value is None or (column.is_key and value == ""):
            value = _instead(table, column, row, context)
        found[column.attribute] = None if value is None else column.conversion.here(value, context)
    return found


def row_of(table: Table, item: Mapping[str, Any], part: str = "", **own: Any) -> Row:
    """The row of PostgreSQL behind stored attributes; `own` has the columns that code maps.

    Raises KeyError where an attribute is missing by which the row is found.
    """
    found = {}
    for column in table.mapped[part]:
        name = column.attribute
        stored = item[name] if column.is_key else item.get(name, column.literal)
        found[column.name] = None if stored is None else column.conversion.there(stored)
    return found | own


def absent(table: Table, row: Row) -> list[str]:
    """The columns without a value for which the shop has something else, in order."""
    names = (column.name for column in table.columns if not column.null and not column.is_key)
    return sorted(name for name in names if row.get(name) is None)


def expires_at(row: Row, names: Iterable[str], lifetime: timedelta, context: Context) -> int:
    """Epoch seconds, `lifetime` after the first of these times and never before that of the migration."""
    since = as_utc(next((row[name] for name in names if row.get(name) is not None), context.as_of))
    return epoch(max(min(since, as_utc(_LATEST)), context.as_of) + lifetime)


def one_row_each(
    table: Table,
    record_of: Callable[[Item], RecordId | None],
    own: Callable[[Item], Row] = lambda _item: {},
) -> Callable[[Sequence[Item]], dict[str, list[Row]]]:
    """Gives the rows of PostgreSQL behind items that are each the whole of a record; `own` as in `row_of`."""

    def rows(stored: Sequence[Item]) -> dict[str, list[Row]]:
        own_items = [item for item in stored if record_of(item) is not None]
        return {table.name: [row_of(table, item, **own(item)) for item in own_items]}

    return rows


def own_id(prefix: str, *sort_keys: str) -> Callable[[Item], int | None]:
    """Says which record an item is of by the number in its partition key; None for what is no row of one."""

    def record_of(item: Item) -> int | None:
        is_row = item["PK"].startswith(prefix) and (not sort_keys or item["SK"] in sort_keys)
        return int(item["PK"].removeprefix(prefix)) if is_row else None

    return record_of


def _instead(table: Table, column: Column, row: Row, context: Context) -> Any:
    """What stands for a value that the source does not have."""
    if column.is_key:
        raise BadRow(table.name, row.get("id"), f"has no {column.name}, which it would be found by")
    if column.stands_in is not None:
        return row.get(column.stands_in) or context.as_of
    if column.null:
        return None
    if column.is_timestamp and (column.default or table.fills_gaps):
        return context.as_of
    if column.default is not None:
        return column.literal
    if table.fills_gaps:
        return column.kind.nothing
    what = "is NULL" if column.name in row else "is missing"
    raise BadRow(table.name, row.get("id"), f"{column.name} {what}")
