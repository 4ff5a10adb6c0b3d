"""Proves that everything arrived: each record column by column, its relations, its queries, and the sums."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from common.clock import epoch
from common.dynamodb import Item, Key, get_item, key_of
from migration.findings import Finding
from migration.mapping.entity import Entity, RecordId
from migration.mapping.records import BadRow, Context, Record
from migration.options import Options, context_of
from migration.postgres.reading import orphans, records
from migration.postgres.source import Source
from migration.table import state as states
from migration.table import tallies
from migration.table.batches import BEFORE_ALL_TIME
from migration.table.counters import behind
from migration.table.snapshot import Snapshot, read_indexes, table_snapshot
from migration.table.state import MARKER, State
from migration.verifying import access, lists
from migration.verifying.differences import difference, of_items, of_rows
from migration.verifying.verdict import Verdict
from tools.errors import ToolError

# Rows that are no record's: what the shop counts, remembers for a while, and keeps of the move itself.
OWN_ROWS = ("CATALOGUE", "COUNTER", "MIGRATION#", "RATE_LIMIT#", "SHOWN_STOCK#")
SHOWN_KEYS = 20
ASKED_AT_ONCE = 500


def verify(source: Source, options: Options) -> Verdict:
    """Compare the source with the table. Raises ToolError when nothing was moved into the table."""
    state = states.load()
    if state is None:
        raise ToolError("Nothing was moved into this table from PostgreSQL: there is nothing to verify.")
    source.given.recall(source.identity)
    total = sum(source.count(table) for entity in options.entities for table in entity.tables)
    with table_snapshot(options.entities, options.workers, options.progress, total) as snapshot:
        check = _Check(source, state, options, snapshot)
        for entity in options.entities:
            check.entity(entity)
        check.indexes()
        check.lists()
        check.sums()
        if options.is_whole:
            check.unexplained()
        return check.verdict


class _Check:
    """One verification, entity by entity."""

    def __init__(self, source: Source, state: State, options: Options, snapshot: Snapshot) -> None:
        wanted = {table for entity in options.entities for table in entity.tables}
        self.verdict = Verdict([table for table in source.missing_tables if table in wanted])
        self._source, self._options, self._snapshot = source, options, snapshot
        self._context: Context = context_of(source, state, options.media_bases)
        self._now: datetime = options.now()
        self._over: dict[str, set[RecordId]] = {entity.table: set() for entity in options.entities}
        self._asked: list[Record] = []
        self._queried: list[tuple[RecordId, list[Item]]] = []
        self._shared = {(it.entity, it.where) for it in states.conflicts() if it.kind is MARKER}
        self.verdict.shared = sorted(key[0] for _, key in self._shared)

    def entity(self, entity: Entity) -> None:
        """Compare all records of an entity, and ask for every k-th of them."""
        name, total = entity.name, self._source.count(entity.table)
        asked, queried = access.every(total), access.every(total, access.QUERIED)
        self.verdict.asked[name], self.verdict.queried[name] = asked, queried
        self.verdict.compared[name] = self.verdict.rows[name] = 0
        for orphan in orphans(self._source, entity):
            self._add(_not_moved(entity, orphan))
        with self._options.progress(f"Comparing {name}", total) as advance:
            for position, found in enumerate(records(self._source, entity)):
                if isinstance(found, BadRow):
                    self._add(_not_moved(entity, found))
                else:
                    self._record(
                        entity, found, is_asked=not position % asked, is_queried=not position % queried
                    )
                advance(1)
                if len(self._asked) >= ASKED_AT_ONCE:
                    self._ask(entity)
        self._ask(entity)

    def _ask(self, entity: Entity) -> None:
        """Look for the records that are to be looked for and have not been yet."""
        asked, queried, self._asked, self._queried = self._asked, self._queried, [], []
        workers = self._options.workers
        for record, problem in access.not_found(entity.name, asked, queried, self._context, workers):
            self._add(difference(entity.name, record, "query", problem, "is found", "is not found"))

    def _record(self, entity: Entity, record: Record, *, is_asked: bool, is_queried: bool) -> None:
        try:
            planned = entity.items(record, self._context)
        except BadRow as bad:
            self._add(_not_moved(entity, bad))
            return
        self.verdict.compared[entity.name] += 1
        self.verdict.rows[entity.name] += sum(len(rows) for rows in record.rows.values())
        self._snapshot.expect(map(key_of, planned))
        stored = self._snapshot.items_of(entity.name, record.id)
        if not stored and self._is_over(planned):
            self._over[entity.table].add(record.id)
            self.verdict.expired[entity.name] = len(self._over[entity.table])
            return
        found = list(self._compared(entity, record, planned, stored))
        self.verdict.differences += found
        if is_asked and not found:
            self._asked.append(record)
        if is_queried and not found:
            self._queried.append((record.id, self._own(entity, planned)))

    def _compared(
        self, entity: Entity, record: Record, planned: Sequence[Item], stored: Sequence[Item]
    ) -> Iterator[Finding]:
        if not stored:
            yield difference(entity.name, record.id, entity.table, "record", "is there", "is missing")
            return
        try:
            found = entity.read_back(record.id, stored)
        except BadRow as bad:
            yield difference(entity.name, record.id, entity.table, "record", "is there", bad.reason)
            return
        columns = list(of_rows(entity, record, found, self._context.media_bases))
        yield from columns
        if not columns:
            own = self._own(entity, planned)
            yield from of_items(entity, record, own, self._snapshot.items(map(key_of, own), stored))

    def _own(self, entity: Entity, planned: Sequence[Item]) -> list[Item]:
        """The planned rows without the markers that another record has, which the run has listed."""
        return [item for item in planned if (entity.name, key_of(item)) not in self._shared]

    def _is_over(self, planned: Sequence[Item]) -> bool:
        ends = [int(item["expires_at"]) for item in planned if "expires_at" in item]
        return bool(ends) and max(ends) <= epoch(self._now)

    def indexes(self) -> None:
        """Read all indexes, and look for every row in those that it should be in."""
        read_indexes(self._snapshot, self._options.workers, self._options.progress)
        for index, key in self._snapshot.unindexed():
            # The shop may have changed it between the two readings, so it is asked for by itself.
            item = get_item(key, consistent=True, now=BEFORE_ALL_TIME) or {}
            for problem in access.absent_in_indexes([item], [index]):
                self._add(difference("indexes", key[0], "query", problem, "is found", "is not found"))

    def lists(self) -> None:
        """Ask the shop's lists."""
        for name, problem in lists.problems(self._source, self._over):
            self._add(difference("lists", "", "list", name, "has all in order", problem))

    def sums(self) -> None:
        """Compare counters with the highest ids, and tallies with what the table has."""
        for name, (value, needed) in behind(self._source, self._options.entities).items():
            self._add(difference("counters", name, "COUNTER", "value", f"at least {needed}", str(value)))
        for key, values in tallies.differences(self._snapshot.tally).items():
            for attribute, (stored, counted) in values.items():
                self._add(difference("tallies", key[1], "COUNTER", attribute, str(counted), str(stored)))

    def unexplained(self) -> None:
        """Count what has come since, by kind."""
        strange = (key for key in self._snapshot.unexplained() if not key[0].startswith(OWN_ROWS))
        for kind, keys in groupby(strange, key=_kind):
            for key in keys:
                self.verdict.new[kind] = self.verdict.new.get(kind, 0) + 1
                shown = self.verdict.new_keys.setdefault(kind, [])
                if len(shown) < SHOWN_KEYS:
                    shown.append(key)

    def _add(self, finding: Finding) -> None:
        self.verdict.differences.append(finding)


def _kind(key: Key) -> str:
    return key[0].partition("#")[0]


def _not_moved(entity: Entity, bad: BadRow) -> Finding:
    record: Any = bad.id
    return difference(entity.name, record, bad.table, "row", "is there", f"cannot be moved: {bad.reason}")
