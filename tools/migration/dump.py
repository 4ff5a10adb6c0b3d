"""A plain `pg_dump` file as a source: loaded into a scratch PostgreSQL that ends with the reading."""

import hashlib
import os
import secrets
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.engines import postgresql
from tools.errors import ToolError
from tools.migration import dump_text, opening
from tools.migration.columns import Table, quoted, sql
from tools.migration.dump_text import Contents, Name
from tools.migration.schema import TABLES
from tools.migration.source import Source, connect

if TYPE_CHECKING:
    from psycopg import Connection

_SHOWN = 1500
_NO_ROLES = frozenset({"PUBLIC", "CURRENT_USER", "SESSION_USER"})
_OTHER_FORMATS = {
    b"PGDMP": "is an archive of pg_dump's own; make it plain: pg_restore -f plain.sql ",
    b"\x1f\x8b": "is compressed; unpack it first: gunzip ",
}


@contextmanager
def open_source(
    where: str, scratch: postgresql.Server | None = None, *, for_writing: bool = False
) -> Iterator[Source]:
    """The source at a libpq URL or connection string, or in a plain dump file.

    A dump is loaded into `scratch`, or into a server started for it; `for_writing` is for databases. Raises
    ToolError for what is neither, cannot be reached, or cannot be loaded.
    """
    path = Path(where)
    if "://" not in where and path.is_file():
        with (
            nullcontext(scratch) if scratch else postgresql.start() as server,
            _dumped(path, server) as source,
        ):
            yield source
    elif "://" in where or "=" in where:
        with connect(where, for_writing=for_writing) as source:
            yield source
    else:
        raise ToolError(f"{where} is neither a file nor a libpq URL (postgresql://user@host/database)")


@contextmanager
def _dumped(path: Path, server: postgresql.Server) -> Iterator[Source]:
    _check_format(path)
    brought = dump_text.contents(_lines(path))
    _check_contents(path, brought)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    database = f"dump_{secrets.token_hex(8)}"
    url = server.create_database(database)
    try:
        _prepare(url, brought)
        _load(path, server, database, brought)
        _use_schemas(url, database, brought)
        with connect(url, identity=f"dump:{digest}", name=path.name) as source:
            yield source
    finally:
        server.drop_database(database)


def _lines(path: Path) -> Iterator[str]:
    # Bytes of any encoding go through unchanged; psql is told which it is by the dump itself.
    with path.open(encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        yield from file


def _check_format(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(5)
    for magic, advice in _OTHER_FORMATS.items():
        if start.startswith(magic):
            raise ToolError(f"{path} {advice}{path}")


def _check_contents(path: Path, brought: Contents) -> None:
    if not _own(brought):
        raise ToolError(f"{path} brings none of the shop's tables ({', '.join(TABLES)})")
    for _, table in _own(brought) if brought.is_data_only else ():
        if None in {columns for (_, name), columns in brought.filled.items() if name == table}:
            raise ToolError(
                f"{path} fills {table} without naming its columns, which may stand in another order here: "
                "make the dump with --column-inserts, or without any option for inserts"
            )


def _own(brought: Contents) -> list[Name]:
    """The shop's tables that the dump speaks of; an empty one leaves only its sequence behind."""
    sequences = {(schema, name.removesuffix("_id_seq")) for schema, name in brought.sequences}
    return sorted(name for name in brought.created | set(brought.filled) | sequences if name[1] in TABLES)


def _schemas(brought: Contents) -> list[str]:
    return sorted({schema for schema, _ in _own(brought)}, key=lambda schema: (schema != "public", schema))


def _prepare(url: str, brought: Contents) -> None:
    """Create what the dump takes for granted: roles, and for a data-only dump schemas and tables."""
    import psycopg

    with opening.explained("The scratch database cannot be prepared"), psycopg.connect(url) as connection:
        there = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for role in sorted(brought.roles - there - _NO_ROLES):
            _run(connection, sql("CREATE ROLE {}", role))
        if brought.is_data_only:
            _create_all(connection, brought)


def _create_all(connection: "Connection[Any]", brought: Contents) -> None:
    """Create all of the shop's tables, of which those that the dump does not fill are empty."""
    for schema, _ in {*brought.filled, *brought.sequences}:
        _run(connection, sql("CREATE SCHEMA IF NOT EXISTS {}", schema))
    filled = {name for _, name in brought.filled}
    for table in TABLES.values():
        if table.name not in filled:
            _create(connection, _schemas(brought)[0], table)
    for (schema, name), columns in brought.filled.items():
        _create(connection, schema, TABLES.get(name, Table(name, (), ())), columns or ())
    for schema, name in brought.sequences:
        _run(connection, sql("CREATE SEQUENCE IF NOT EXISTS {}.{}", schema, name))


def _create(connection: "Connection[Any]", schema: str, table: Table, columns: tuple[str, ...] = ()) -> None:
    """Create a table with room for whatever comes, columns that the schema does not know as text."""
    _run(connection, sql("SET LOCAL search_path TO {}", schema))
    _run(connection, table.ddl(roomy=True))
    for column in columns:
        if column not in table.column_names:
            _run(connection, sql("ALTER TABLE {} ADD COLUMN {} text", table.name, column))


def _load(path: Path, server: postgresql.Server, database: str, brought: Contents) -> None:
    """Have psql run the dump; what it refuses is named with its statement."""
    import psycopg

    with psycopg.connect(server.url(database)) as connection:
        known = {name for (name,) in connection.execute("SELECT name FROM pg_settings")}
    lines = dump_text.without(_lines(path), brought.settings - known)
    program = str(postgresql.program("psql"))
    command = [program, "-X", "-q", "-b", "-1", "-v", "ON_ERROR_STOP=1", "-o", os.devnull]
    environment = _environment(server, database)
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=said, env=environment)
        _feed(process, chain(_shield(program), lines))
        if process.wait():
            said.seek(0)
            text = said.read().decode("utf-8", "replace").strip()
            raise ToolError(f"{path} cannot be loaded:\n{text[:_SHOWN]}")


def _feed(process: subprocess.Popen[bytes], lines: Iterable[str]) -> None:
    # A broken pipe: psql has ended early, and says why elsewhere.
    with suppress(BrokenPipeError), process.stdin as pipe:  # type: ignore[union-attr]
        for line in lines:
            pipe.write(line.encode("utf-8", "surrogateescape"))


def _environment(server: postgresql.Server, database: str) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        "PGHOST": postgresql.HOST,
        "PGPORT": str(server.port),
        "PGUSER": postgresql.USER,
        "PGPASSWORD": server.password,
        "PGDATABASE": database,
        # The scratch server is asked for times as the dump means them.
        "PGTZ": "UTC",
    }


def _shield(program: str) -> list[str]:
    """Forbid psql's own commands in the dump, `\\!` of a shell among them, where it knows how to."""
    done = subprocess.run([program, "--help=commands"], capture_output=True, text=True, check=False)
    return [f"\\restrict {secrets.token_hex(16)}\n"] if "\\restrict" in done.stdout else []


def _use_schemas(url: str, database: str, brought: Contents) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        path = ", ".join(map(quoted, _schemas(brought)))
        _run(connection, f"ALTER DATABASE {database} SET search_path TO {path}")
        _run(connection, "ANALYZE")


def _run(connection: "Connection[Any]", statement: str) -> None:
    connection.execute(statement.encode())
