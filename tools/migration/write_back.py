"""Writes changes into PostgreSQL, all in one transaction."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, LiteralString

import simplejson

from tools.errors import ToolError
from tools.migration.columns import quoted
from tools.migration.entity import Entity, RecordId
from tools.migration.going_back import DELETE, INSERT, UPDATE, Change
from tools.migration.opening import explained
from tools.migration.progress import Advance, Progress
from tools.migration.records import Row
from tools.migration.schema import TABLES
from tools.migration.source import Source

if TYPE_CHECKING:
    from psycopg import Connection, Cursor
    from psycopg.sql import Composable

# What a `serial` column holds; the shop makes larger numbers where nobody has to remember them.
LARGEST_ID = 2**31 - 1

_SESSION = "SET TIME ZONE 'UTC'; SET DateStyle TO ISO"
_RAISE: LiteralString = """
    SELECT setval(pg_get_serial_sequence(%s, 'id'), greatest(
        %s, (SELECT max(id) FROM {}), pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass)))
"""


def write_back(
    url: str, source: Source, entities: Sequence[Entity], changes: Sequence[Change], progress: Progress
) -> None:
    """Make these changes in the database at `url`, all or none.

    Raises ToolError when a row is not as it was read any more, or PostgreSQL refuses one.
    """
    import psycopg

    with (
        explained("PostgreSQL refused to go back, and nothing was changed"),
        psycopg.connect(url, application_name="artshop migrate rollback") as connection,
    ):
        connection.execute(_SESSION.encode())
        _Writing(connection, source, entities).all(changes, progress)


class _Writing:
    """One transaction of changes."""

    def __init__(self, connection: "Connection[Any]", source: Source, entities: Sequence[Entity]) -> None:
        self._connection, self._source = connection, source
        self._order = {table: place for place, table in enumerate(_tables(entities))}
        self._parents = {
            child.table: (entity.table, child.foreign_key) for entity in entities for child in entity.children
        }
        self._new_ids: dict[tuple[str, RecordId], int] = {}

    def all(self, changes: Sequence[Change], progress: Progress) -> None:
        """Lock the tables, delete, change and add, and let the sequences go on above all ids."""
        tables = sorted({change.table for change in changes}, key=lambda table: self._order[table])
        for table in tables:
            # Stops the old shop from changing what was read before it is written.
            self._run("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", [_name(table)])
            self._raise_sequence(table, [change.row for change in changes if change.table == table])
        with progress("Writing back", len(changes)) as advance:
            self._until_done(sorted(changes, key=self._turn), advance)

    def _turn(self, change: Change) -> tuple[int, int]:
        place = self._order[change.table]
        return (0, -place) if change.kind == DELETE else (1, place)

    def _until_done(self, changes: list[Change], advance: Advance) -> None:
        """Rows may need each other in any order, so what is refused is tried again after the others."""
        from psycopg import errors

        while changes:
            refused: list[tuple[Change, Exception]] = []
            for change in changes:
                try:
                    with self._connection.transaction():
                        self._one(change)
                except (errors.ForeignKeyViolation, errors.UniqueViolation) as error:
                    refused.append((change, error))
                else:
                    advance(1)
            if len(refused) == len(changes):
                first, reason = refused[0]
                raise ToolError(
                    f"PostgreSQL refuses to {first.kind} {first.table} {first.row.get('id', '')}, and "
                    f"nothing was changed: {str(reason).strip()}"
                )
            changes = [change for change, _ in refused]

    def _one(self, change: Change) -> None:
        if change.kind == INSERT:
            self._insert(change)
        elif change.kind == UPDATE:
            self._update(change)
        else:
            where, values = self._where(change)
            self._exactly_one("DELETE FROM {} WHERE {}", [_name(change.table), where], values, change)

    def _update(self, change: Change) -> None:
        from psycopg.sql import SQL

        where, found = self._where(change)
        setting = SQL(", ").join(SQL("{} = %s").format(_name(name)) for name in change.columns)
        values = [self._value(change.table, name, change.row[name]) for name in change.columns]
        parts = [_name(change.table), setting, where]
        self._exactly_one("UPDATE {} SET {} WHERE {}", parts, [*values, *found], change)

    def _insert(self, change: Change) -> None:
        from psycopg.sql import SQL

        table, row = change.table, self._linked(change)
        known = self._source.shapes[table].columns
        names = [name for name in known if name in row and (name != "id" or _is_id(row["id"]))]
        has_id = "id" in TABLES[table].primary_key
        parts = [
            _name(table),
            SQL(", ").join(map(_name, names)),
            SQL(", ").join([SQL("%s")] * len(names)),
            _name("id") if has_id else SQL("NULL"),
        ]
        values = [self._value(table, name, row[name]) for name in names]
        given = self._run("INSERT INTO {} ({}) VALUES ({}) RETURNING {}", parts, values).fetchone()
        if given and has_id and table not in self._parents:
            self._new_ids[change.entity, change.record] = int(given[0])

    def _linked(self, change: Change) -> Row:
        """The row, with the id that its parent was given."""
        parent = self._parents.get(change.table)
        given = self._new_ids.get((change.entity, change.record))
        if parent is None or given is None:
            return change.row
        return {**change.row, parent[1]: given}

    def _where(self, change: Change) -> tuple["Composable", list[Any]]:
        """The row as it was read: one that was changed since is another one."""
        from psycopg.sql import SQL

        before = change.before or change.row
        names = list(TABLES[change.table].primary_key)
        if "updated_at" in before:
            names.append("updated_at")
        conditions = [SQL("{} IS NOT DISTINCT FROM %s").format(_name(name)) for name in names]
        return SQL(" AND ").join(conditions), [before[name] for name in names]

    def _exactly_one(
        self, statement: LiteralString, parts: Sequence["Composable"], values: Sequence[Any], change: Change
    ) -> None:
        if self._run(statement, parts, values).rowcount != 1:
            raise ToolError(
                f"{change.table} {change.row.get('id', '')} was changed in PostgreSQL while it was read; "
                "nothing was changed. Stop the old shop and repeat the command."
            )

    def _value(self, table: str, name: str, value: Any) -> Any:
        if value is None or not TABLES[table].by_name[name].is_json:
            return value
        text = simplejson.dumps(value, use_decimal=True, ensure_ascii=False)
        if name in self._source.shapes[table].json_texts:
            return text
        from psycopg.types.json import Jsonb

        return Jsonb(value, dumps=lambda _value: text)

    def _raise_sequence(self, table: str, rows: Iterable[Row]) -> None:
        """Let the sequence go on above what it gave out, the highest id that is there, and what comes now."""
        if "id" not in TABLES[table].primary_key:
            return
        name = f"{quoted(self._source.shapes[table].schema)}.{quoted(table)}"
        highest = max((row["id"] for row in rows if _is_id(row.get("id"))), default=1)
        self._run(_RAISE, [_name(table)], [name, highest, name])

    def _run(
        self, statement: LiteralString, parts: Sequence["Composable"], values: Sequence[Any] = ()
    ) -> "Cursor[Any]":
        from psycopg.sql import SQL

        return self._connection.execute(SQL(statement).format(*parts), list(values) or None)


def _tables(entities: Sequence[Entity]) -> Iterator[str]:
    """The tables in the order in which rows can be added."""
    for entity in entities:
        yield from entity.tables


def _name(name: str) -> "Composable":
    from psycopg.sql import Identifier

    return Identifier(name)


def _is_id(value: object) -> bool:
    return isinstance(value, int) and 0 < value <= LARGEST_ID
