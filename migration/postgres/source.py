"""The PostgreSQL database that the shop moves from: one consistent, read-only view of it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any

from migration.mapping.records import BadRow, Row
from migration.postgres import opening
from migration.postgres.loading import Unreadable, read_json
from migration.postgres.rights import demand_rights
from migration.postgres.shape import TableShape, shape_of
from migration.schema.columns import quoted, sql
from migration.schema.tables import TABLES
from migration.table.given_ids import GivenIds
from tools.errors import ToolError

if TYPE_CHECKING:
    from psycopg import Connection

FETCHED_AT_ONCE = 2000

_names = count(1)

_COLUMNS = """
    SELECT c.relname::text, n.nspname::text, a.attname::text, format_type(a.atttypid, a.atttypmod)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relname = ANY(%s) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND pg_table_is_visible(c.oid)
    ORDER BY c.relname, a.attnum
"""


@dataclass(frozen=True, slots=True)
class Source:
    """One snapshot of a database; everything read through it is as it was when the snapshot was taken.

    `identity` tells one database, or one dump, from another; `shapes` has the tables that are there, `given`
    the ids that going back has given to rows, once they are recalled.
    """

    identity: str
    database: str
    version: int
    encoding: str
    shapes: Mapping[str, TableShape]
    connection: "Connection[Any]" = field(repr=False)
    given: GivenIds = field(default_factory=GivenIds, repr=False)

    @property
    def missing_tables(self) -> tuple[str, ...]:
        """The shop's tables that the database lacks."""
        return tuple(name for name in TABLES if name not in self.shapes)

    @property
    def codec(self) -> str:
        """Python's name of the encoding that texts come and go in."""
        return opening.codec(self.connection)

    def has(self, table: str, *columns: str) -> bool:
        """True when the database has the table with all of these columns."""
        return table in self.shapes and self.shapes[table].has(*columns)

    def count(self, table: str) -> int:
        """The number of rows, soft-deleted ones included; 0 for a missing table."""
        if table not in self.shapes:
            return 0
        return int(self.query(sql("SELECT count(*) AS n FROM {}", table))[0]["n"])

    def max_id(self, table: str) -> int:
        """The highest id; 0 for an empty or missing table, or one without ids."""
        if not self.has(table, "id"):
            return 0
        return int(self.query(sql("SELECT coalesce(max(id), 0) AS id FROM {}", table))[0]["id"])

    def query(self, statement: str, *parameters: object) -> list[Row]:
        """All rows of a statement of our own, with values as they are stored.

        Raises ToolError when the server refuses it.
        """
        from psycopg.rows import dict_row

        with opening.explained("PostgreSQL refused a query"):
            cursor = self.connection.cursor(row_factory=dict_row)
            return list(cursor.execute(self._in_todays_names(statement), parameters or None))

    def rows(
        self, table: str, *, order: Sequence[str] | None = None, after: object = None
    ) -> Iterator[Row | BadRow]:
        """All rows of a table in the order of its primary key or of `order`, streamed.

        Those come whose first column of the order is greater than `after`. A row has the columns that both
        the schema and the table know. A row with a value that cannot be kept comes as BadRow.
        """
        for row, bad in self.checked_rows(table, order=order, after=after):
            yield bad or row

    def checked_rows(
        self, table: str, *, order: Sequence[str] | None = None, after: object = None
    ) -> Iterator[tuple[Row, BadRow | None]]:
        """The same, each row as far as it can be read, with what is wrong with it."""
        shape = self.shapes[table]
        keys = order or shape.table.primary_key
        words = ["SELECT", ", ".join(map(quoted, shape.columns)), "FROM", quoted(table)]
        words += [] if after is None else ["WHERE", quoted(keys[0]), "> %s"]
        words += ["ORDER BY", ", ".join(map(quoted, keys))]
        texts, differing = shape.json_texts, shape.differing
        for row in self.stream(" ".join(words), *([] if after is None else [after])):
            reason = _cleaned(row, texts) or _foreign(shape, row, differing)
            yield row, BadRow(table, row_id(table, row), reason) if reason else None

    def stream(self, statement: str, *parameters: object) -> Iterator[Row]:
        """The rows of a statement by a cursor of the server's, so that memory stays flat."""
        from psycopg.rows import dict_row

        with opening.explained("PostgreSQL stopped answering"):
            cursor = self.connection.cursor(f"artshop_{next(_names)}", row_factory=dict_row)
            cursor.itersize = FETCHED_AT_ONCE
            with cursor:
                cursor.execute(self._in_todays_names(statement), parameters or None)
                yield from cursor

    def commit(self) -> None:
        """Keep what was changed. Raises ToolError when the answer does not arrive."""
        from psycopg import Error, OperationalError

        try:
            self.connection.commit()
        except OperationalError as error:
            raise ToolError(
                f"PostgreSQL stopped answering while {self.database} was changed: all of it was written, or "
                f"nothing. Repeat the command, which says what is left to do. ({opening.said(error)})"
            ) from error
        except Error as error:
            raise ToolError(f"PostgreSQL refused, and nothing was changed: {opening.said(error)}") from error

    def _in_todays_names(self, statement: str) -> bytes:
        """A SELECT that sees the columns of an earlier schema under the names that they have today."""
        views = {name: shape.in_todays_names for name, shape in self.shapes.items()}
        renamed = [f"{quoted(name)} AS NOT MATERIALIZED ({view})" for name, view in views.items() if view]
        return " ".join(["WITH", ", ".join(renamed), statement] if renamed else [statement]).encode()


@contextmanager
def connect(url: str, *, identity: str = "", name: str = "", for_writing: bool = False) -> Iterator[Source]:
    """The database at a libpq URL or connection string, in one REPEATABLE READ, READ ONLY transaction.

    `identity` and `name` replace those of the database, for a copy of something else; `for_writing` locks the
    tables against others, and leaves it to the caller to change and to commit. Raises ToolError when it is
    unreachable, refuses the account, is older than PostgreSQL 12, has none of the shop's tables, or the
    account lacks rights.
    """
    with opening.opened(url, for_writing=for_writing) as connection:
        with opening.explained("The database cannot be read"):
            shapes = _shapes(connection)
            demand_rights(connection, shapes, for_writing=for_writing)
        if not shapes:
            raise ToolError(
                f"The database {connection.info.dbname} has none of the shop's tables "
                f"({', '.join(TABLES)}): it is another database, or they are not on its search_path"
            )
        _check_keys(connection, shapes)
        if for_writing:
            with opening.explained("The tables cannot be locked"):
                opening.lock(connection, sorted(shapes))
        yield Source(
            identity=identity or opening.identity(connection),
            database=name or connection.info.dbname,
            version=connection.info.server_version,
            encoding=opening.server_encoding(connection),
            shapes=shapes,
            connection=connection,
        )


def row_id(table: str, row: Mapping[str, Any]) -> object:
    """What names a row in a message: its id, or the ids that it links, as `4/7`."""
    key = TABLES[table].primary_key
    return row.get("id") if key == ("id",) else "/".join(str(row.get(name)) for name in key)


def _shapes(connection: "Connection[Any]") -> dict[str, TableShape]:
    found: dict[str, dict[str, str]] = {}
    schemas: dict[str, str] = {}
    for table, schema, column, kind in connection.execute(_COLUMNS, [list(TABLES)]):
        found.setdefault(table, {})[column] = kind
        schemas[table] = schema
    return {name: shape_of(TABLES[name], schemas[name], found[name]) for name in TABLES if name in found}


def _check_keys(connection: "Connection[Any]", shapes: dict[str, TableShape]) -> None:
    """A table cannot be read in order without its key; an empty one need not be."""
    for name, shape in list(shapes.items()):
        keys, differing = shape.table.primary_key, shape.differing
        missing = [column for column in keys if column not in shape.columns]
        other = [f"{column} ({differing[column][1]})" for column in keys if column in differing]
        if not missing and not other:
            continue
        if connection.execute(sql("SELECT 1 FROM {} LIMIT 1", name).encode()).fetchone():
            words = "lacks the columns that identify them" if missing else "identifies them by other types"
            raise ToolError(f"The table {name} has rows and {words}: {', '.join(missing or other)}")
        del shapes[name]


def _cleaned(row: Row, json_texts: Sequence[str]) -> str | None:
    """Read what is kept in another type than the schema's; what is wrong with the first value that is."""
    for name in json_texts:
        text = row[name]
        if isinstance(text, str):
            # An empty text says no more than NULL does.
            row[name] = read_json(text) if text.strip() else None
    for name, value in row.items():
        if isinstance(value, float):
            row[name] = Decimal(repr(value))
        reason = _why_bad(row[name])
        if reason:
            return f"{name} {reason}"
    return None


def _foreign(shape: TableShape, row: Row, differing: Mapping[str, tuple[str, str]]) -> str | None:
    """What is wrong with the first value that the type of its column in the schema cannot have."""
    for name, (expected, kind) in differing.items():
        if shape.is_foreign(name, row[name]):
            # Without the value, which may be a secret.
            return f"{name} is of the type {kind} and not {expected}, so it would be another value"
    return None


def _why_bad(value: Any) -> str | None:
    if isinstance(value, Unreadable):
        return value.reason
    if isinstance(value, Decimal) and not value.is_finite():
        return f"is {value}, which no amount can be"
    return None
