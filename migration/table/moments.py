"""Rows that say they were changed after the move had begun although they were moved as they are.

A clock that is ahead, or a date in the future, is no change, nor is what going back has written. Going back
asks PostgreSQL's rows when they were changed; those that came or went with a later moment are remembered.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from common.dynamodb import Item, Query, fetch_all, sort_key
from migration.mapping.entity import Entity
from migration.mapping.records import PARTITION, RecordId, Row
from migration.postgres.source import Source
from migration.schema.columns import quoted
from migration.schema.tables import TABLES
from migration.table.batches import write_all
from migration.table.state import State
from migration.verifying.differences import row_key

_PREFIX = "MOMENT#"
# What says when PostgreSQL last changed a row, the best first.
_COLUMNS = ("updated_at", "synced_at", "created_at")
_AT_ONCE = 500
_LEAST = -(2**63)


def moment_of(row: Row) -> datetime | None:
    """When PostgreSQL says that it changed a row; None where it does not."""
    found = next((row[name] for name in _COLUMNS if isinstance(row.get(name), datetime)), None)
    return None if found is None else found if found.tzinfo else found.replace(tzinfo=UTC)


def remember(source: Source, entities: Sequence[Entity], state: State, *, overwrite: bool) -> None:
    """Keep the moments of the rows that this run is going to move, where they are later than the first run.

    It has to be done before they are moved, by each process of a run for what is left to it: what changes in
    PostgreSQL between two of them is a change.
    """
    for entity in entities:
        for table in entity.tables:
            found = list(_later(source, entity, table, state, overwrite=overwrite))
            for start in range(0, len(found), _AT_ONCE):
                write_all(found[start : start + _AT_ONCE])


def remembered() -> dict[str, list[str]]:
    """The moments that rows came or went with, by name; one before the last, which may never have arrived."""
    kept = Query(PARTITION, sort=sort_key().begins_with(_PREFIX), consistent=True)
    return {item["SK"].removeprefix(_PREFIX): item["moments"] for item in fetch_all(kept)}


def keep(moments: Mapping[str, Sequence[str]]) -> None:
    """Keep the moments that rows are going to have in PostgreSQL, by name. Raises ToolError."""
    write_all([_item(name, found) for name, found in moments.items()])


def name_of(table: str, record: RecordId, key: str) -> str:
    """What a row of a record is remembered by."""
    return f"{table}#{record}#{key}"


def _item(name: str, found: Sequence[str]) -> Item:
    return {"PK": PARTITION, "SK": f"{_PREFIX}{name}", "moments": list(found)}


def _later(source: Source, entity: Entity, table: str, state: State, *, overwrite: bool) -> Iterator[Item]:
    columns = moment_columns(source, table)
    parent = next((child.foreign_key for child in entity.children if child.table == table), "id")
    if not columns or not source.has(table, parent):
        return
    after = state.after(entity.name)
    least = _LEAST if after is None else after
    for row in source.stream(_statement(table, columns, parent), state.as_of, least):
        if overwrite or not state.was_moved(entity.name, row["parent"]):
            moment = moment_of(row)
            if moment is not None:
                yield _item(name_of(table, row["parent"], row_key(table, row)), [moment.isoformat()])


def moment_columns(source: Source, table: str) -> list[str]:
    """The columns of a table that say when a row was changed, the best first."""
    names = [name for name in _COLUMNS if source.has(table, name)]
    return [name for name in names if name not in source.shapes[table].differing]


def _statement(table: str, columns: Sequence[str], parent: str) -> str:
    keys = TABLES[table].primary_key
    names = ", ".join(map(quoted, dict.fromkeys((*keys, *columns))))
    words = ["SELECT", names, f", {quoted(parent)} AS parent FROM", quoted(table)]
    words += ["WHERE coalesce(", ", ".join(map(quoted, columns)), ") > %s AND", quoted(parent), "> %s"]
    return " ".join(words)
