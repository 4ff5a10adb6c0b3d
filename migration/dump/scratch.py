"""A scratch database whose owner may do nothing but own it, so that a dump can do no more either.

A dump is a program: `COPY ... FROM PROGRAM`, functions in C, large objects from files. PostgreSQL allows none
of these to an ordinary role, whatever their spelling; statements, defaults and views that run while the dump
is loaded, or while its tables are read, reach nothing outside of the scratch database.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from migration.dump.contents import Contents
from migration.postgres import opening
from migration.schema.columns import Table, sql
from migration.schema.tables import TABLES
from tools.engines import postgresql

if TYPE_CHECKING:
    from psycopg import Connection

# A partitioned table has its rows in others.
_EMPTY = """
    SELECT c.oid::regclass::text FROM pg_class c WHERE c.oid = to_regclass(%s) AND c.relkind = 'r'
    AND NOT EXISTS (SELECT 1 FROM pg_inherits WHERE inhparent = c.oid)
"""


@contextmanager
def database(server: postgresql.Server) -> Iterator[str]:
    """The URL of a fresh database with the name and the password of a role that owns it and nothing else."""
    import psycopg

    name, password = f"dump_{secrets.token_hex(8)}", secrets.token_hex(16)
    with opening.explained("The scratch database cannot be made"):
        server.create_owned_database(name, password)
    try:
        yield server.url(name, name, password)
    finally:
        # What went wrong before matters more than a server that is gone for it, as on a full disk.
        with suppress(psycopg.Error):
            server.drop_database(name, owner=name)


def prepare(url: str, brought: Contents) -> None:
    """Create what a data-only dump takes for granted: schemas, tables and sequences."""
    import psycopg

    if brought.is_data_only:
        with opening.explained("The scratch database cannot be prepared"), psycopg.connect(url) as connection:
            _create_all(connection, brought)


def finish(url: str, brought: Contents) -> None:
    """Make what was loaded ready for reading, without tables whose rows the dump never had.

    They are missing and not empty, as after `pg_dump --exclude-table-data`.
    """
    import psycopg

    with (
        opening.explained("The scratch database cannot be read"),
        psycopg.connect(url, autocommit=True) as connection,
    ):
        for table in (sql("{}.{}", *name) for name in brought.without_data):
            for (name,) in connection.execute(_EMPTY, [table]).fetchall():
                _run(connection, f"DROP TABLE {name} CASCADE")
        path = sql(", ".join(["{}"] * len(brought.schemas)), *brought.schemas)
        _run(connection, sql("ALTER DATABASE {}", connection.info.dbname) + f" SET search_path TO {path}")
        _run(connection, "SET client_min_messages TO error")
        _run(connection, "ANALYZE")


def _create_all(connection: "Connection[Any]", brought: Contents) -> None:
    """Create the tables that the dump speaks of; one that it leaves out stays missing."""
    for schema, _ in {*brought.filled, *brought.sequences, *brought.own}:
        _run(connection, sql("CREATE SCHEMA IF NOT EXISTS {}", schema))
    for schema, name in brought.own:
        if (schema, name) not in brought.filled:
            _create(connection, schema, TABLES[name])
    for (schema, name), columns in brought.filled.items():
        _create(connection, schema, TABLES.get(name, Table(name, (), primary_key=())), columns or ())
    for schema, name in brought.sequences:
        _run(connection, sql("CREATE SEQUENCE IF NOT EXISTS {}.{}", schema, name))


def _create(connection: "Connection[Any]", schema: str, table: Table, columns: tuple[str, ...] = ()) -> None:
    """Create a table with room for whatever comes, columns that the schema does not know as text."""
    _run(connection, sql("SET LOCAL search_path TO {}", schema))
    _run(connection, table.ddl(roomy=True))
    for column in columns:
        if column not in table.column_names:
            _run(connection, sql("ALTER TABLE {} ADD COLUMN ", table.name) + table.roomy_ddl_of(column))


def _run(connection: "Connection[Any]", statement: str) -> None:
    connection.execute(statement.encode("utf-8", "surrogateescape"))
