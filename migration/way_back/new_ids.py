"""The ids of new rows in PostgreSQL: their own where the shop counts as PostgreSQL does, else new ones."""

from collections.abc import Sequence
from typing import Any

from migration.mapping.entity import Entity, RecordId
from migration.mapping.records import RowId
from migration.postgres.source import Source
from migration.schema.columns import quoted
from migration.schema.kinds import INTEGERS
from migration.schema.tables import TABLES
from migration.table.given_ids import Given, GivenIds
from migration.table.state import State
from migration.way_back.changes import INSERT, Change
from tools.errors import ToolError

_SEQUENCE = """
    SELECT pg_get_serial_sequence(%s, 'id') AS name,
        pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass) AS last
"""
_RAISE = "SELECT setval(%s::regclass, greatest(%s, pg_sequence_last_value(%s::regclass)))"


class NewIds:
    """The ids of the rows that are written, and those that are given to them for the first time."""

    def __init__(self, known: GivenIds) -> None:
        self._known = known
        self._new = GivenIds()
        self.given: list[Given] = []
        self.sequences: dict[str, int] = {}

    def there(self, table: str, record: RecordId, row_id: RowId) -> RowId:
        """The id that a row has in PostgreSQL, or is going to have."""
        found = self._known.there(table, record, row_id)
        if found is None:
            found = self._new.there(table, record, row_id)
        return row_id if found is None else found

    def give(self, table: str, record: RecordId, row_id: RowId, there: int) -> None:
        """Give a row an id."""
        self._new.add(table, record, row_id, there)
        self.given.append((table, record, row_id, there))


def new_ids(source: Source, state: State, entities: Sequence[Entity], changes: Sequence[Change]) -> NewIds:
    """The ids for the rows that are added. Raises ToolError when a table has none left."""
    ids = NewIds(source.given)
    counted = {table for entity in entities for table in entity.counters}
    by_table: dict[str, list[Change]] = {}
    for change in changes:
        if change.kind == INSERT and "id" in TABLES[change.table].primary_key:
            by_table.setdefault(change.table, []).append(change)
    for table, added in by_table.items():
        sequence, last = _sequence(source, table)
        # No row that is added, nor one that is there, and nothing that the sequence gave out.
        next_id = max(last, source.max_id(table)) + 1
        highest = 0
        for change in added:
            row_id = change.row["id"]
            is_own = table in counted or state.has_moved(change.entity, change.record)
            if not is_own and source.given.there(table, change.record, row_id) is None:
                ids.give(table, change.record, row_id, next_id)
                next_id += 1
            highest = max(highest, _whole(ids.there(table, change.record, row_id)))
        _check(source, table, highest)
        if sequence and highest > last:
            ids.sequences[sequence] = highest
    return ids


def raise_sequences(source: Source, ids: NewIds) -> None:
    """Let the sequences go on above the ids of the rows that are added.

    PostgreSQL does not take this back with a transaction, which does no harm: some numbers are not used.
    """
    for sequence, value in ids.sequences.items():
        # Whoever has drawn a number since it was read loses none of it.
        source.query(_RAISE, sequence, value, sequence)


def _sequence(source: Source, table: str) -> tuple[str | None, int]:
    """The sequence behind a table's ids, and what it gave out last."""
    name = f"{quoted(source.shapes[table].schema)}.{quoted(table)}"
    (row,) = source.query(_SEQUENCE, name, name)
    return row["name"], int(row["last"] or 0)


def _check(source: Source, table: str, highest: int) -> None:
    kind = source.shapes[table].columns["id"]
    if highest >= INTEGERS.get(kind, 2**63):
        raise ToolError(f"{table} has no ids left: {highest} is more than its column of type {kind} holds")


def _whole(number: Any) -> int:
    return number if isinstance(number, int) else 0
