"""Reads parents with their children side by side, in the order of ids, without holding a table in memory."""

from collections.abc import Iterator

from migration.mapping.entity import Entity
from migration.mapping.records import BadRow, Child, Record, RecordId, Row
from migration.postgres.source import Source, row_id
from migration.schema.columns import quoted, sql
from migration.schema.tables import TABLES
from migration.table.given_ids import GivenIds
from tools.errors import ToolError


def records(source: Source, entity: Entity, *, after: int | None = None) -> Iterator[Record | BadRow]:
    """The entity's records by id, those above `after`; tables that the source lacks count as empty.

    A record with a row that cannot be kept does not come; a BadRow comes for each such row instead.
    Children without a parent are left out: see `orphans`. Rows to which going back has given an id come
    with the one that they have here.
    """
    if entity.table not in source.shapes:
        return
    groups = [_Groups(source, child, after) for child in entity.children if _is_readable(source, child)]
    for row, bad in source.checked_rows(entity.table, after=after):
        faults = [bad] if bad else []
        rows: dict[str, list[Row]] = {entity.table: [row]}
        for group in groups:
            rows[group.table], found = group.take(row["id"])
            faults += found
        if faults:
            yield from faults
        else:
            yield _record(entity, rows, source.given)


def _record(entity: Entity, rows: dict[str, list[Row]], given: GivenIds) -> Record:
    (parent,) = rows[entity.table]
    if not given:
        return Record(entity.name, parent["id"], rows)
    record, own_id = given.here(entity.table, parent["id"]) or (parent["id"], parent["id"])
    found = {entity.table: [{**parent, "id": own_id}]}
    for child in entity.children:
        if child.table in rows:
            linked = [{**row, child.foreign_key: own_id} for row in rows[child.table]]
            found[child.table] = [_with_own_id(child, row, record, given) for row in linked]
    return Record(entity.name, record, found, parent["id"])


def _with_own_id(child: Child, row: Row, record: RecordId, given: GivenIds) -> Row:
    owner = given.here(child.table, row.get("id"))
    return row if owner is None or owner[0] != record else {**row, "id": owner[1]}


def orphans(source: Source, entity: Entity) -> Iterator[BadRow]:
    """Children that belong to no parent, which therefore cannot be moved."""
    for child in entity.children:
        if not _is_readable(source, child) or entity.table not in source.shapes:
            continue
        for row in source.stream(_orphans_of(child, entity.table)):
            reason = f"{child.foreign_key} {row['parent']} is the id of none of the {entity.table}"
            yield BadRow(child.table, row_id(child.table, row), reason)


def owner_of(source: Source, entity: Entity, bad: BadRow) -> RecordId:
    """The record that a bad row keeps from moving: itself, or the parent of a child's row."""
    for child in entity.children:
        if child.table == bad.table and source.has(child.table, "id", child.foreign_key):
            parent = sql("SELECT {} AS id FROM {} WHERE id = %s", child.foreign_key, child.table)
            (row,) = source.query(parent, bad.id)
            return int(row["id"])
    return bad.id if isinstance(bad.id, int) else str(bad.id)


class _Groups:
    """A child's rows, ordered by the parent that they belong to and then by their own key."""

    def __init__(self, source: Source, child: Child, after: int | None) -> None:
        self.table = child.table
        self._foreign_key = child.foreign_key
        keys = [key for key in TABLES[child.table].primary_key if key != child.foreign_key]
        self._rows = source.checked_rows(child.table, order=[child.foreign_key, *keys], after=after)
        self._next = next(self._rows, None)

    def take(self, parent: int) -> tuple[list[Row], list[BadRow]]:
        """The rows of `parent`, and what is wrong with them; rows of lower ids, which no parent has, go."""
        taken: list[Row] = []
        faults: list[BadRow] = []
        while self._next is not None:
            row, bad = self._next
            owner = row[self._foreign_key]
            # NULL sorts last.
            if owner is None or owner > parent:
                break
            if owner == parent:
                taken.append(row)
                faults += [bad] if bad else []
            self._next = next(self._rows, None)
        return taken, faults


def _is_readable(source: Source, child: Child) -> bool:
    """A child's table can be missing; one with rows but without the parent's id is refused."""
    is_there = source.has(child.table, child.foreign_key)
    other = source.shapes[child.table].differing.get(child.foreign_key) if is_there else None
    if is_there and not other:
        return True
    if source.count(child.table):
        what = f"{child.foreign_key} of the type {other[1]}" if other else f"no column {child.foreign_key}"
        raise ToolError(f"The table {child.table} has rows and {what}")
    return False


def _orphans_of(child: Child, parent: str) -> str:
    keys = ", ".join(f"child.{quoted(key)}" for key in TABLES[child.table].primary_key)
    foreign_key, table = quoted(child.foreign_key), quoted(child.table)
    words = ["SELECT", keys, f", child.{foreign_key} AS parent FROM", table, "child WHERE NOT EXISTS"]
    words += ["(SELECT FROM", quoted(parent), f"parent WHERE parent.id = child.{foreign_key}) ORDER BY", keys]
    return " ".join(words)
