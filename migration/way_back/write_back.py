"""Writes changes into PostgreSQL, all in the transaction in which they were planned.

The tables are locked before anything is read (`connect` of `postgres.source`), so the rows are as they were
read, and the rows that come out satisfy what the tables demand (`final_state`). In between,
names that rows hand to each other are set aside, and references to rows that come later are left open.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, LiteralString
from uuid import uuid4

import simplejson

from migration.mapping.entity import Entity
from migration.mapping.records import Row
from migration.postgres import opening
from migration.postgres.constraints import Constraints, constraints_of
from migration.postgres.source import Source
from migration.schema.tables import TABLES
from migration.way_back.changes import DELETE, INSERT, UPDATE, Change
from migration.way_back.fitting_rows import parent_column, text_lengths
from migration.way_back.new_ids import NewIds
from tools.errors import ToolError
from tools.progress import Advance, Progress

if TYPE_CHECKING:
    from psycopg import Error
    from psycopg.sql import Composable

# Few enough that what is said of the progress is true.
_AT_ONCE = 100
_PLACES = {INSERT: 1, UPDATE: 2, DELETE: 3}


def write_back(
    source: Source, entities: Sequence[Entity], changes: Sequence[Change], ids: NewIds, progress: Progress
) -> None:
    """Make these changes in the source's transaction, which is not committed.

    Raises ToolError, which names table and row, when PostgreSQL refuses one.
    """
    with (
        opening.explained("PostgreSQL refused to go back, and nothing was changed"),
        progress("Writing back", len(changes)) as advance,
    ):
        _Writing(source, entities, ids).all(changes, advance)


class _Writing:
    """One transaction of changes."""

    def __init__(self, source: Source, entities: Sequence[Entity], ids: NewIds) -> None:
        self._source, self._ids = source, ids
        self._constraints: Constraints = constraints_of(source)
        self._lengths = text_lengths(source)
        self._order = {table: place for place, table in enumerate(_tables(entities))}
        self._parents = {
            table: (entity.table, column)
            for entity in entities
            for table in entity.tables
            if (column := parent_column(entity, table)) is not None
        }

    def all(self, changes: Sequence[Change], advance: Advance) -> None:
        """Add, change and delete, what is referred to before what refers to it, and the other way round."""
        self._set_aside(changes)
        turns = sorted([*changes, *self._closing(changes)], key=self._turn)
        for (kind, table, names), found in groupby(turns, key=self._kind_of):
            rows = list(found)
            for start in range(0, len(rows), _AT_ONCE):
                chunk = rows[start : start + _AT_ONCE]
                self._write(kind, table, names, chunk)
                advance(len(chunk))
        # What is checked at the end only is checked now, so that a rehearsal hears of it too.
        self._run("SET CONSTRAINTS ALL IMMEDIATE", [])

    def _turn(self, change: Change) -> tuple[Any, ...]:
        place = self._order[change.table]
        return _PLACES[change.kind], -place if change.kind == DELETE else place, self._names(change)

    def _kind_of(self, change: Change) -> tuple[str, str, tuple[str, ...]]:
        return change.kind, change.table, self._names(change)

    def _names(self, change: Change) -> tuple[str, ...]:
        """The columns that a change writes."""
        if change.kind != INSERT:
            return change.columns
        return tuple(name for name in self._source.shapes[change.table].columns if name in change.row)

    def _set_aside(self, changes: Sequence[Change]) -> None:
        """Free the unique values that another row is going to have: PostgreSQL checks them row by row."""
        wanted = {
            (change.table, name, change.row.get(name))
            for change in changes
            if change.kind != DELETE
            for name in self._constraints.unique.get(change.table, ())
        }
        for change in changes:
            for name in self._constraints.unique.get(change.table, ()) if change.before else ():
                value = (change.before or {}).get(name)
                is_given_up = change.kind == DELETE or name in change.columns
                if is_given_up and value is not None and (change.table, name, value) in wanted:
                    self._update(change.table, [name], [({name: self._aside(change, name, value)}, change)])

    def _aside(self, change: Change, name: str, value: object) -> object:
        if isinstance(value, str):
            return uuid4().hex[: self._lengths.get((change.table, name))]
        return -int(str(value))

    def _closing(self, changes: Sequence[Change]) -> Iterator[Change]:
        """The references of new rows to rows of their own table, which may come after them."""
        for change in changes:
            names = self._open_references(change.table)
            found = tuple(name for name in names if change.row.get(name) is not None)
            if change.kind == INSERT and found:
                yield Change(
                    UPDATE, change.entity, change.record, change.table, change.row, found, change.row
                )

    def _open_references(self, table: str) -> list[str]:
        references = self._constraints.references.get(table, {})
        required = self._constraints.required.get(table, ())
        return [name for name, target in references.items() if target == table and name not in required]

    def _write(self, kind: str, table: str, names: Sequence[str], changes: Sequence[Change]) -> None:
        from psycopg import Error

        try:
            with self._source.connection.transaction():
                self._write_all(kind, table, names, changes)
        except Error as error:
            self._find(kind, table, names, changes, error)

    def _find(
        self, kind: str, table: str, names: Sequence[str], changes: Sequence[Change], error: "Error"
    ) -> None:
        """Name the row that PostgreSQL refuses: it does not say which of many it was."""
        from psycopg import Error

        if opening.is_gone(error):
            raise error
        for change in changes:
            try:
                with self._source.connection.transaction():
                    self._write_all(kind, table, names, [change])
            except Error as refusal:
                what = f"{kind} {table} {change.label}, and nothing was changed"
                raise ToolError(f"PostgreSQL refuses to {what}: {opening.said(refusal)}") from refusal

    def _write_all(self, kind: str, table: str, names: Sequence[str], changes: Sequence[Change]) -> None:
        if kind == INSERT:
            self._insert(table, names, changes)
        elif kind == UPDATE:
            self._update(table, names, [(change.row, change) for change in changes])
        else:
            self._delete(table, changes)

    def _insert(self, table: str, names: Sequence[str], changes: Sequence[Change]) -> None:
        from psycopg.sql import SQL

        later = self._open_references(table)
        columns = self._columns(table, names)
        there = SQL(", ").join(_name(column) for column, _ in columns)
        parts = [_name(table), there, SQL(", ").join([SQL("%s")] * len(columns))]
        rows = [self._there(change.record, table, change.row) for change in changes]
        values = [
            [None if name in later else self._value(table, name, row[name]) for _, name in columns]
            for row in rows
        ]
        self._run_all("INSERT INTO {} ({}) VALUES ({})", parts, values)

    def _update(self, table: str, names: Sequence[str], rows: Sequence[tuple[Row, Change]]) -> None:
        from psycopg.sql import SQL

        columns = self._columns(table, names)
        setting = SQL(", ").join(SQL("{} = %s").format(_name(column)) for column, _ in columns)
        values = []
        for row, change in rows:
            there = self._there(change.record, table, {**change.row, **row})
            written = [self._value(table, name, there[name]) for _, name in columns]
            values.append([*written, *self._key(change)])
        self._run_all("UPDATE {} SET {} WHERE {}", [_name(table), setting, self._where(table)], values)

    def _delete(self, table: str, changes: Sequence[Change]) -> None:
        """Delete rows, in one statement where they may refer to each other."""
        keys = [self._key(change) for change in changes]
        if TABLES[table].primary_key == ("id",):
            self._run("DELETE FROM {} WHERE id = ANY(%s)", [_name(table)], [[key for (key,) in keys]])
        else:
            self._run_all("DELETE FROM {} WHERE {}", [_name(table), self._where(table)], keys)

    def _key(self, change: Change) -> list[Any]:
        row = self._there(change.record, change.table, change.before or change.row)
        return [row[name] for name in TABLES[change.table].primary_key]

    def _where(self, table: str) -> "Composable":
        from psycopg.sql import SQL

        shape = self._source.shapes[table]
        keys = [shape.written(name)[0] for name in TABLES[table].primary_key]
        return SQL(" AND ").join(SQL("{} = %s").format(_name(column)) for column in keys)

    def _columns(self, table: str, names: Sequence[str]) -> list[tuple[str, str]]:
        """Each column that values are written into, and the name that the value has today."""
        shape = self._source.shapes[table]
        return [(column, name) for name in names for column in shape.written(name)]

    def _there(self, record: int | str, table: str, row: Row) -> Row:
        """The row with the ids that it and its parent have in PostgreSQL."""
        found = {**row, "id": self._ids.there(table, record, row["id"])} if "id" in row else row
        parent = self._parents.get(table)
        if parent is None or parent[1] not in row:
            return found
        return {**found, parent[1]: self._ids.there(parent[0], record, row[parent[1]])}

    def _value(self, table: str, name: str, value: Any) -> Any:
        if value is None or not TABLES[table].by_name[name].is_json:
            return value
        text = simplejson.dumps(value, use_decimal=True, ensure_ascii=False)
        if name in self._source.shapes[table].json_texts:
            return text
        from psycopg.types.json import Json, Jsonb

        kind = Json if self._source.shapes[table].columns[name] == "json" else Jsonb
        return kind(value, dumps=lambda _value: text)

    def _run(
        self, statement: LiteralString, parts: Sequence["Composable"], values: Sequence[Any] = ()
    ) -> None:
        from psycopg.sql import SQL

        self._source.connection.execute(SQL(statement).format(*parts), list(values) or None)

    def _run_all(
        self, statement: LiteralString, parts: Sequence["Composable"], values: Sequence[Sequence[Any]]
    ) -> None:
        from psycopg.sql import SQL

        with self._source.connection.cursor() as cursor:
            cursor.executemany(SQL(statement).format(*parts), values)
            if cursor.rowcount != len(values):
                raise ToolError(f"PostgreSQL changed {cursor.rowcount} rows instead of {len(values)}")


def _tables(entities: Iterable[Entity]) -> Iterator[str]:
    """The tables in the order in which rows can be added."""
    for entity in entities:
        yield from entity.tables


def _name(name: str) -> "Composable":
    from psycopg.sql import Identifier

    return Identifier(name)
