"""Opens a database for reading and says in one sentence why one cannot be read."""

import codecs
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from migration.postgres import loading
from migration.schema.columns import quoted
from tools.errors import Interrupted, ToolError

if TYPE_CHECKING:
    from psycopg import Connection, Error

OLDEST = 12
CONNECT_TIMEOUT_S = 15
LOCK_TIMEOUT_S = 10

# The server's own limits would end a long read; row security would hide rows without a word. A database that
# was loaded a moment ago has no statistics, and is joined by nested loops that take hours.
_SESSION = """
    SET TIME ZONE 'UTC';
    SET DateStyle TO ISO;
    SET statement_timeout TO 0;
    SET idle_in_transaction_session_timeout TO 0;
    SET row_security TO off;
    SET enable_nestloop TO off;
"""


@contextmanager
def opened(url: str, *, for_writing: bool = False) -> Iterator["Connection[Any]"]:
    """A connection whose reads all see one moment of the database; it changes nothing unless `for_writing`.

    What is not committed when the block ends is taken back. Raises ToolError when it cannot be made.
    """
    from psycopg import IsolationLevel

    connection = _connected(url)
    try:
        connection.read_only = not for_writing
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        if connection.info.server_version < OLDEST * 10000:
            raise ToolError(f"PostgreSQL {OLDEST} or newer is needed, not {connection.info.server_version}")
        with explained("The database cannot be read"):
            connection.execute(_SESSION.encode())
            _read_as_stored(connection)
        yield connection
    finally:
        connection.close()


def lock(connection: "Connection[Any]", tables: Sequence[str]) -> None:
    """Begin a new transaction that alone may change these tables; others can still read them.

    Raises ToolError when somebody else is changing one of them.
    """
    from psycopg import errors

    connection.commit()
    names = ", ".join(map(quoted, tables))
    try:
        # Before the first reading, so that what is read is what will be changed.
        connection.execute(f"SET LOCAL lock_timeout TO '{LOCK_TIMEOUT_S * 1000:.0f}ms'".encode())
        connection.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE".encode())
        connection.execute(b"SET LOCAL lock_timeout TO 0")
    except errors.LockNotAvailable as error:
        raise ToolError(
            f"Somebody is writing into {connection.info.dbname}, and nothing was changed: stop the old shop "
            "and whatever else uses the database, then repeat the command."
        ) from error


def identity(connection: "Connection[Any]") -> str:
    """What tells this database from every other: its cluster's identifier and its name."""
    from psycopg import Error

    try:
        with connection.transaction():
            row = connection.execute("SELECT system_identifier FROM pg_control_system()").fetchone()
    except Error:
        # Some hosts forbid it; the address is the next best.
        row = (f"{connection.info.host}:{connection.info.port}",)
    return f"{row[0] if row else ''}/{connection.info.dbname}"


def server_encoding(connection: "Connection[Any]") -> str:
    """The encoding of the database, as PostgreSQL names it."""
    return connection.info.parameter_status("server_encoding") or "UTF8"


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Turn an error of PostgreSQL's into a ToolError that says `what` failed and what the server said.

    It is Interrupted where the connection is gone.
    """
    from psycopg import Error

    try:
        yield
    except Error as error:
        if is_gone(error):
            raise Interrupted(f"{what}, for PostgreSQL is gone: {said(error)}") from error
        raise ToolError(f"{what}: {said(error)}") from error


def said(error: "Error") -> str:
    """What the server said, and which constraint, without its details: they are values of a row."""
    text = error.diag.message_primary or str(error).strip() or type(error).__name__
    name = error.diag.constraint_name
    return text if name is None or name in text else f"{text} ({name})"


def is_gone(error: "Error") -> bool:
    """Whether there is no connection any more: it broke, or the server ended it."""
    from psycopg import OperationalError

    if not isinstance(error, OperationalError):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))


def _connected(url: str) -> "Connection[Any]":
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        given = conninfo_to_dict(url)
        timeout = given.get("connect_timeout") or CONNECT_TIMEOUT_S
        return psycopg.connect(url, connect_timeout=int(timeout), application_name="artshop migrate")
    except (psycopg.ProgrammingError, ValueError):
        # Its text may hold the password.
        raise ToolError("The source is no libpq URL: postgresql://user:password@host:5432/database") from None
    except psycopg.OperationalError as error:
        raise ToolError(f"PostgreSQL cannot be reached: {str(error).strip()}") from error


def codec(connection: "Connection[Any]") -> str:
    """Python's name of the encoding that texts come and go in; without one (SQL_ASCII) it is UTF-8."""
    is_any = server_encoding(connection) == "SQL_ASCII"
    return "utf-8" if is_any else codecs.lookup(connection.info.encoding).name


def _read_as_stored(connection: "Connection[Any]") -> None:
    """Have the server send texts as they are stored, so that one that is broken is one row's trouble."""
    from psycopg import NotSupportedError

    encoding = server_encoding(connection)
    connection.execute(f"SET client_encoding TO '{encoding}'".encode())
    try:
        loading.register(connection, codec(connection))
    except NotSupportedError as error:
        raise ToolError(f"The database's encoding {encoding} is not supported: convert it to UTF8") from error
