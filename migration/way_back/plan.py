"""What PostgreSQL would have to change to be as the table is now: the plan of going back."""

from collections.abc import Iterator, Mapping, Sequence

from common.clock import epoch
from common.dynamodb import INDEXES, Item, from_wire, to_wire
from migration.mapping.entity import MALFORMED, Entity, RecordId
from migration.mapping.originals import ATTRIBUTE as ORIGINALS
from migration.mapping.records import BadRow, Context, Record, Row
from migration.options import Options, context_of
from migration.postgres.constraints import Constraints, constraints_of
from migration.postgres.reading import owner_of, records
from migration.postgres.source import Source
from migration.schema.columns import sql
from migration.table import moments
from migration.table import state as states
from migration.table.snapshot import Snapshot, table_snapshot
from migration.table.state import State
from migration.verifying.differences import UNCOMPARED, changed_columns, row_key
from migration.way_back.changes import DELETE, INSERT, UPDATE, Change, WayBack
from migration.way_back.final_state import Adjustment, FinalState, by_row
from migration.way_back.fitting_rows import RowFitter, parent_column, text_lengths
from tools.errors import ToolError

# Rows that say nothing of their own: names, pointers, links, numbers, and what is kept of the move.
_DERIVED = frozenset(
    {"CATALOGUE", "CATEGORY", "COUNTER", "MIGRATION", "RATE_LIMIT", "SHOWN_STOCK", "UNIQUE", "VARIANT"}
)
_INDEX_KEYS = frozenset(f"{index}{part}" for index in INDEXES for part in ("PK", "SK"))
_UNLISTED = UNCOMPARED | _INDEX_KEYS | {"PK", "SK", "updated_at", ORIGINALS}

_Rows = Mapping[str, Sequence[Row]]


def plan_way_back(source: Source, options: Options) -> WayBack:
    """Compare both sides, the table being right. Raises ToolError without a move or for a broken row."""
    state = states.load()
    if state is None:
        raise ToolError("Nothing was moved into this table from PostgreSQL: there is no way back.")
    source.given.recall(source.identity)
    constraints = constraints_of(source)
    size = sum(source.count(table) for entity in options.entities for table in entity.tables)
    with (
        table_snapshot(options.entities, options.workers, options.progress, size) as snapshot,
        FinalState(constraints, text_lengths(source)) as final,
    ):
        _keep_others(source, options, constraints, final)
        planner = _Planner(source, state, options, snapshot, constraints)
        found = {entity.name: planner.entity(entity, final) for entity in options.entities}
        adjusted = final.adjustments()
        for entity in options.entities:
            # Only now is it known who is in whose way.
            own = [one for one in adjusted if one.entity == entity.name]
            if own:
                found[entity.name] = planner.entity(entity, None, own)
        way = WayBack()
        for one in found.values():
            way.add(one)
        way.count_homeless((kind, count) for kind, count in snapshot.without_record() if kind not in _DERIVED)
        return way


def _keep_others(source: Source, options: Options, constraints: Constraints, final: FinalState) -> None:
    """Note the rows of tables that are left alone, as with `--table`, and that others refer to."""
    chosen = {table for entity in options.entities for table in entity.tables}
    for table in sorted(constraints.referred_to - chosen):
        for row in source.stream(sql("SELECT id FROM {}", table)):
            final.will_keep(table, row)


class _Planner:
    """Goes through both sides, entity by entity."""

    def __init__(
        self, source: Source, state: State, options: Options, snapshot: Snapshot, constraints: Constraints
    ) -> None:
        self._source, self._state, self._options, self._snapshot = source, state, options, snapshot
        self._context: Context = context_of(source, state, options.media_bases)
        self._now = epoch(options.now())
        self._left_out = {(it.entity, it.id) for it in states.conflicts() if it.kind is states.BAD}
        self._moments = moments.remembered()
        self._fitter = RowFitter(source, constraints)
        self._way = WayBack()
        self._final: FinalState | None = None
        self._adjusted: Mapping[tuple[str, str], Sequence[Adjustment]] = {}

    def entity(
        self, entity: Entity, final: FinalState | None, adjusted: Sequence[Adjustment] = ()
    ) -> WayBack:
        """Compare the records that PostgreSQL has, then take those that only the table has.

        What PostgreSQL will have is noted in `final`, if it is given.
        """
        self._way, self._final, self._adjusted = WayBack(), final, by_row(adjusted)
        with self._options.progress(f"Comparing {entity.name}", self._source.count(entity.table)) as advance:
            for found in records(self._source, entity):
                if isinstance(found, BadRow):
                    self._keep(entity, owner_of(self._source, entity, found))
                elif (entity.name, found.id) in self._left_out:
                    self._keep(entity, found.id)
                else:
                    self._snapshot.see(entity.name, found.id)
                    self._record(entity, found)
                advance(1)
        for record_id in self._snapshot.unseen(entity.name):
            self._new(entity, record_id)
        return self._way

    def _record(self, entity: Entity, record: Record) -> None:
        stored = self._snapshot.items_of(entity.name, record.id)
        if not stored:
            self._gone(entity, record)
            return
        back = self._read_back(entity, record.id, stored)
        wanted = self._wanted(entity, record.id, back)
        changes = list(self._changes(entity, record, wanted))
        self._way.changes += changes
        if changes or self._fitter.lacks_columns(back):
            self._lose(entity, record.id, back, stored)

    def _new(self, entity: Entity, record: RecordId) -> None:
        """A record that only the table has."""
        if self._state.has_moved(entity.name, record) and entity.table in self._source.shapes:
            self._way.be_late(
                entity.table, f"{entity.table} {record} has been deleted in PostgreSQL since the move"
            )
        stored = self._snapshot.items_of(entity.name, record)
        back = self._read_back(entity, record, stored)
        for table, rows in self._wanted(entity, record, back).items():
            self._way.changes += [Change(INSERT, entity.name, record, table, row) for row in rows]
        self._lose(entity, record, back, stored)

    def _read_back(self, entity: Entity, record: RecordId, stored: Sequence[Item]) -> _Rows:
        try:
            return entity.read_back(record, stored)
        except BadRow as bad:
            raise ToolError(f"There is no way back for {bad}. Mend or delete it, then repeat.") from bad

    def _wanted(self, entity: Entity, record: RecordId, back: _Rows) -> _Rows:
        """The rows as PostgreSQL will have them."""
        wanted, unlike = self._fitter.fitted(entity, record, back, self._adjusted)
        self._way.unlike += unlike
        missing = {table: len(back[table]) for table in back if table not in wanted and back[table]}
        self._way.count_homeless(missing.items())
        if self._final is not None:
            for table, rows in wanted.items():
                for row in rows:
                    self._final.will_have(entity.name, record, table, row, parent_column(entity, table))
        return wanted

    def _changes(self, entity: Entity, record: Record, wanted: _Rows) -> Iterator[Change]:
        for table, rows in wanted.items():
            here = {row_key(table, row): row for row in rows}
            there = {row_key(table, row): row for row in record.all(table)}
            for key, row in here.items():
                before = there.get(key)
                if before is None:
                    yield Change(INSERT, entity.name, record.id, table, row)
                    continue
                columns = changed_columns(table, before, row, self._context.media_bases)
                if columns:
                    self._look_at_age(record.id, table, key, before)
                    yield Change(UPDATE, entity.name, record.id, table, row, tuple(columns), before)
            for key in there.keys() - here.keys():
                self._look_at_age(record.id, table, key, there[key])
                yield Change(DELETE, entity.name, record.id, table, there[key], (), there[key])

    def _gone(self, entity: Entity, record: Record) -> None:
        """A record that the table lacks: deleted for good, unless it was never here or is just over."""
        is_come = not self._was_here(entity, record)
        if is_come:
            self._way.be_late(
                entity.table, f"{entity.table} {record.id} has come since the move and is left as it is"
            )
        if is_come or self._is_over(entity, record):
            self._keep(entity, record.position)
            return
        for table in entity.tables:
            for row in record.all(table):
                self._look_at_age(record.id, table, row_key(table, row), row)
                self._way.changes.append(Change(DELETE, entity.name, record.id, table, row, (), row))

    def _was_here(self, entity: Entity, record: Record) -> bool:
        """Whether it was moved from PostgreSQL, or written there by an earlier way back."""
        row = record.row(entity.table)
        name = moments.name_of(entity.table, record.id, row_key(entity.table, row))
        is_given = self._source.given.has(entity.table, record.id)
        return is_given or name in self._moments or self._state.has_moved(entity.name, record.id)

    def _is_over(self, entity: Entity, record: Record) -> bool:
        planned = entity.items(record, self._context)
        ends = [int(item["expires_at"]) for item in planned if "expires_at" in item]
        return bool(ends) and max(ends) <= self._now

    def _keep(self, entity: Entity, owner: RecordId) -> None:
        """Note the rows of a record of PostgreSQL that stays as it is, by the id that it has there."""
        if self._final is not None:
            for table in entity.tables:
                for row in self._fitter.claims_of(table, parent_column(entity, table) or "id", owner):
                    self._final.will_keep(table, row)

    def _look_at_age(self, record: RecordId, table: str, key: str, row: Row) -> None:
        moment = moments.moment_of(row)
        if moment is None or moment <= self._state.as_of:
            return
        if moment.isoformat() not in self._moments.get(moments.name_of(table, record, key), ()):
            self._way.be_late(table, f"{table} {key} was changed in PostgreSQL at {moment.isoformat()}")

    def _lose(self, entity: Entity, record: RecordId, back: _Rows, stored: Sequence[Item]) -> None:
        """List what the table knows of a record and PostgreSQL has no column for.

        What PostgreSQL has columns for is mapped forward again: what is missing then has been lost.
        """
        if entity.table not in self._source.shapes:
            return
        try:
            items = entity.items(Record(entity.name, record, self._fitter.known(back)), self._context)
        except BadRow as bad:
            self._way.lose(entity.name, record, bad.table, bad.reason)
            return
        except MALFORMED:
            self._way.lose(entity.name, record, entity.table, "rows without the one they belong to")
            return
        again = {(item["PK"], item["SK"]): from_wire(to_wire(item)) for item in items}
        for item in stored:
            kept = again.get((item["PK"], item["SK"]), {})
            for name in sorted(item.keys() - _UNLISTED - entity.secrets):
                if item[name] != kept.get(name):
                    self._way.lose(entity.name, record, name, str(item[name]))
