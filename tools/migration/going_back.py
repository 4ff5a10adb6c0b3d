"""What PostgreSQL would have to change to be as the table is now: the plan of going back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from common.clock import epoch
from common.dynamodb import INDEXES, Item, from_wire, to_wire
from tools.errors import ToolError
from tools.migration import state as states
from tools.migration.differences import UNCOMPARED, changed_columns, row_key
from tools.migration.entity import Entity, RecordId
from tools.migration.mapping.originals import ATTRIBUTE as ORIGINALS
from tools.migration.reading import records
from tools.migration.records import BadRow, Context, Record, Row
from tools.migration.rehearsal import Options, context_of
from tools.migration.schema import TABLES
from tools.migration.snapshot import Snapshot, table_snapshot
from tools.migration.source import Source
from tools.migration.state import State

INSERT, UPDATE, DELETE = "insert", "update", "delete"

# What says when PostgreSQL last changed a row, the best first.
_MOMENTS = ("updated_at", "synced_at", "created_at")
# Rows that say nothing of their own: names, pointers, links, numbers, and what is kept of the move.
_DERIVED = frozenset({"CATEGORY", "COUNTER", "MIGRATION", "RATE_LIMIT", "SHOWN_STOCK", "UNIQUE", "VARIANT"})
_INDEX_KEYS = frozenset(f"{index}{part}" for index in INDEXES for part in ("PK", "SK"))
_UNLISTED = UNCOMPARED | _INDEX_KEYS | {"PK", "SK", "updated_at", ORIGINALS}


@dataclass(frozen=True, slots=True)
class Change:
    """One row that is to be written or deleted in PostgreSQL.

    `row` has the values of all columns that the shop knows; `columns` those that an update sets; `before`
    is the row as PostgreSQL has it. `record` tells new rows of one record from those of another.
    """

    kind: str
    entity: str
    record: RecordId
    table: str
    row: Row
    columns: tuple[str, ...] = ()
    before: Row | None = None


@dataclass(slots=True)
class WayBack:
    """Everything that is to be changed, what PostgreSQL changed itself, and what has no place there."""

    changes: list[Change] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    lost: list[tuple[str, RecordId, str, str]] = field(default_factory=list)
    homeless: dict[str, int] = field(default_factory=dict)

    def count(self, kind: str) -> int:
        """How many rows are to be changed in this way."""
        return sum(change.kind == kind for change in self.changes)


def plan_way_back(source: Source, options: Options) -> WayBack:
    """Compare both sides, the table being right. Raises ToolError without a move or for a broken row."""
    state = states.load()
    if state is None:
        raise ToolError("Nothing was moved into this table from PostgreSQL: there is no way back.")
    size = sum(source.count(table) for entity in options.entities for table in entity.tables)
    with table_snapshot(options.entities, options.workers, options.progress, size) as snapshot:
        planner = _Planner(source, state, options, snapshot)
        for entity in options.entities:
            planner.entity(entity)
        found = snapshot.without_record()
        planner.way.homeless = {kind: count for kind, count in found if kind not in _DERIVED}
        return planner.way


class _Planner:
    """Goes through both sides, entity by entity."""

    def __init__(self, source: Source, state: State, options: Options, snapshot: Snapshot) -> None:
        self.way = WayBack()
        self._source, self._state, self._snapshot, self._options = source, state, snapshot, options
        self._context: Context = context_of(source, state, options.media_bases)
        self._now = epoch(options.now())
        self._left_out = {(it.entity, it.id) for it in states.conflicts() if it.kind == states.BAD}

    def entity(self, entity: Entity) -> None:
        """Compare the records that PostgreSQL has, then take those that only the table has."""
        with self._options.progress(f"Comparing {entity.name}", self._source.count(entity.table)) as advance:
            for found in records(self._source, entity):
                if not isinstance(found, BadRow) and (entity.name, found.id) not in self._left_out:
                    self._snapshot.see(entity.name, found.id)
                    self._record(entity, found)
                advance(1)
        for record_id in self._snapshot.unseen(entity.name):
            stored = self._snapshot.items_of(entity.name, record_id)
            back = self._read_back(entity, record_id, stored)
            self._insert(entity, record_id, back)
            self._lose(entity, record_id, back, stored)

    def _record(self, entity: Entity, record: Record) -> None:
        stored = self._snapshot.items_of(entity.name, record.id)
        if not stored:
            self._gone(entity, record)
            return
        back = self._read_back(entity, record.id, stored)
        changes = list(self._changes(entity, record, back))
        if changes:
            self.way.changes += changes
            self._lose(entity, record.id, back, stored)

    def _read_back(
        self, entity: Entity, record: RecordId, stored: Sequence[Item]
    ) -> Mapping[str, Sequence[Row]]:
        try:
            return entity.read_back(record, stored)
        except BadRow as bad:
            raise ToolError(f"There is no way back for {bad}. Mend or delete it, then repeat.") from bad

    def _changes(self, entity: Entity, record: Record, back: Mapping[str, Sequence[Row]]) -> Iterator[Change]:
        for table in entity.tables:
            here = {row_key(table, row): row for row in back.get(table, ())}
            there = {row_key(table, row): row for row in record.all(table)}
            for key, row in here.items():
                before = there.get(key)
                if before is None:
                    yield Change(INSERT, entity.name, record.id, table, row)
                    continue
                columns = changed_columns(table, before, row, self._context.media_bases)
                if columns:
                    self._look_at_age(table, key, before)
                    yield Change(UPDATE, entity.name, record.id, table, row, tuple(columns), before)
            for key in there.keys() - here.keys():
                self._look_at_age(table, key, there[key])
                yield Change(DELETE, entity.name, record.id, table, there[key], (), there[key])

    def _gone(self, entity: Entity, record: Record) -> None:
        """A record that the table lacks: deleted for good, unless it was never moved or is just over."""
        if not self._state.has_moved(entity.name, record.id):
            self.way.late.append(f"{entity.table} {record.id} has come since the move and is left as it is")
            return
        if self._is_over(entity, record):
            return
        for table in entity.tables:
            for row in record.all(table):
                self._look_at_age(table, row_key(table, row), row)
                self.way.changes.append(Change(DELETE, entity.name, record.id, table, row, (), row))

    def _is_over(self, entity: Entity, record: Record) -> bool:
        planned = entity.items(record, self._context)
        ends = [int(item["expires_at"]) for item in planned if "expires_at" in item]
        return bool(ends) and max(ends) <= self._now

    def _insert(self, entity: Entity, record: RecordId, back: Mapping[str, Sequence[Row]]) -> None:
        for table in entity.tables:
            for row in back.get(table, ()):
                self.way.changes.append(Change(INSERT, entity.name, record, table, row))

    def _look_at_age(self, table: str, key: str, row: Row) -> None:
        moment = next((row[name] for name in _MOMENTS if isinstance(row.get(name), datetime)), None)
        if moment is not None and _aware(moment) > self._state.began_at:
            self.way.late.append(f"{table} {key} was changed in PostgreSQL at {moment.isoformat()}")

    def _lose(
        self, entity: Entity, record: RecordId, back: Mapping[str, Sequence[Row]], stored: Sequence[Item]
    ) -> None:
        """List what the table knows of a record and PostgreSQL has no column for.

        What PostgreSQL will have is mapped forward again: what is missing then has been lost on the way.
        """
        try:
            items = entity.items(Record(entity.name, record, back), self._context)
        except BadRow as bad:
            self.way.lost.append((entity.name, record, bad.table, bad.reason))
            return
        self.way.lost += [(entity.name, record, name, value) for name, value in _finer(back)]
        again = {(item["PK"], item["SK"]): from_wire(to_wire(item)) for item in items}
        for item in stored:
            kept = again.get((item["PK"], item["SK"]), {})
            for name in sorted(item.keys() - _UNLISTED - entity.secrets):
                if item[name] != kept.get(name):
                    self.way.lost.append((entity.name, record, name, str(item[name])))


def _finer(back: Mapping[str, Sequence[Row]]) -> Iterator[tuple[str, str]]:
    """The amounts of more decimals than their column has, as of dinars: PostgreSQL rounds them."""
    for table, rows in back.items():
        scales = {column.name: column.scale for column in TABLES[table].columns if column.scale is not None}
        for row in rows:
            for name, scale in scales.items():
                value = row.get(name)
                if isinstance(value, Decimal) and value.scaleb(scale) % 1:
                    yield name, str(value)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def shown(change: Change) -> tuple[Any, ...]:
    """A change as a report lists it."""
    key = row_key(change.table, change.row)
    return change.kind, change.table, key, ", ".join(change.columns)
