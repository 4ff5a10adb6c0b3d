"""Dumps for tests: of a real database by PostgreSQL's own programs, or written by hand."""

import os
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from migration.dump.opening import open_source
from migration.mapping.records import BadRow, Row
from migration.postgres.source import Source
from migration.schema.tables import TABLES
from tools.engines import postgresql as engine

Dump = Callable[..., Path]
Opened = Callable[[str | Path], AbstractContextManager[Source]]
Script = Callable[[str | bytes], Path]

MARK = b"-- PostgreSQL database dump"
DONE = MARK + b" complete"
HEAD = b"--\n" + MARK + b"\n--\n\nSET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n"
FOOT = b"\n--\n" + DONE + b"\n--\n\n"


@pytest.fixture
def dump(postgresql_database: str, tmp_path: Path) -> Dump:
    """Dump the test's database with pg_dump's options into a file, or a folder."""

    def write(*options: str, url: str = postgresql_database, name: str = "shop.sql") -> Path:
        path = tmp_path / name
        subprocess.run(
            [engine.program("pg_dump"), f"--file={path}", *options, url], check=True, capture_output=True
        )
        return path

    return write


@pytest.fixture
def opened(postgresql: engine.Server) -> Opened:
    """Open a dump in the server that the tests have, which is quicker than one for each."""
    return lambda path: open_source(str(path), postgresql)


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Write statements by hand between pg_dump's marks, and give the file's path."""

    def write(text: str | bytes) -> Path:
        path = tmp_path / "written.sql"
        path.write_bytes(HEAD + (text if isinstance(text, bytes) else text.encode()) + FOOT)
        return path

    return write


def dump_all(server: engine.Server, *options: str) -> bytes:
    """What pg_dumpall says of a server."""
    done = subprocess.run(
        [engine.program("pg_dumpall"), "--dbname", server.url(), *options],
        check=True,
        capture_output=True,
        env=os.environ | {"PGPASSWORD": server.password},
    )
    return done.stdout


def everything(source: Source) -> dict[str, list[Row]]:
    """All rows with times as UTC, as a dump has them with or without a zone."""
    found: dict[str, list[Row]] = {}
    for table in TABLES:
        rows = [row for row in source.rows(table) if not isinstance(row, BadRow)]
        assert len(rows) == source.count(table)
        found[table] = [{name: _in_utc(value) for name, value in row.items()} for row in rows]
    return found


def _in_utc(value: object) -> object:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
