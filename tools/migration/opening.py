"""Opens a database for reading and says in one sentence why one cannot be read."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tools.errors import ToolError
from tools.migration import loading

if TYPE_CHECKING:
    from psycopg import Connection

OLDEST = 12
CONNECT_TIMEOUT_S = 15

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
def opened(url: str) -> Iterator["Connection[Any]"]:
    """A connection whose reads all see one moment of the database and that can change nothing.

    Raises ToolError when it cannot be made.
    """
    from psycopg import IsolationLevel

    connection = _connected(url)
    try:
        connection.read_only = True
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        if connection.info.server_version < OLDEST * 10000:
            raise ToolError(f"PostgreSQL {OLDEST} or newer is needed, not {connection.info.server_version}")
        with explained("The database cannot be read"):
            connection.execute(_SESSION.encode())
            loading.register(connection, _codec(connection))
        yield connection
    finally:
        connection.close()


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
    """Turn an error of PostgreSQL's into a ToolError that says `what` failed and what the server said."""
    from psycopg import Error

    try:
        yield
    except Error as error:
        raise ToolError(f"{what}: {str(error).strip() or type(error).__name__}") from error


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


def _codec(connection: "Connection[Any]") -> str:
    """Have the server send texts as they are stored, so that one that is broken is one row's trouble.

    Gives Python's name of that encoding. A database without an encoding (SQL_ASCII) is read as UTF-8.
    """
    from psycopg import NotSupportedError

    encoding = server_encoding(connection)
    connection.execute(f"SET client_encoding TO '{encoding}'".encode())
    try:
        return "utf-8" if encoding == "SQL_ASCII" else codecs.lookup(connection.info.encoding).name
    except NotSupportedError as error:
        raise ToolError(f"The database's encoding {encoding} is not supported: convert it to UTF8") from error
