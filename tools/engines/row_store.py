"""Rows by key in one SQLite file, whole and readable however the process that wrote them ends."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

# What a row is, then its name in parts.
Key = tuple[str, ...]

FORM = 1
_SCHEMA = "CREATE TABLE rows (kind TEXT, name TEXT, content TEXT NOT NULL, PRIMARY KEY (kind, name))"
# A row that is written again keeps its place, so that rows are read in the order in which they came.
_PUT = (
    "INSERT INTO rows (kind, name, content) VALUES (?, ?, ?) "
    "ON CONFLICT (kind, name) DO UPDATE SET content = excluded.content"
)
_DELETE = "DELETE FROM rows WHERE kind = ? AND name = ?"


class UnknownForm(Exception):
    """The file was written by a later version of this project."""


class RowStore:
    """The rows in the file at `path`, for one process; raises sqlite3.Error for a file that is damaged.

    A row's content is any JSON value. Text need not be valid Unicode: JSON's escapes carry what is not.
    """

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        try:
            self._form = self._take(path)
        except BaseException:
            # Whoever is told why must not hold the file's lock by it.
            self._connection.close()
            raise

    def _take(self, path: Path) -> int:
        """Lock the file; the form that it has."""
        # One process alone needs no shared memory, which not every file system offers.
        self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._connection.execute("PRAGMA journal_mode = WAL")
        # What is handed to the operating system outlives kill -9; the disk is waited for at checkpoints only.
        self._connection.execute("PRAGMA synchronous = NORMAL")
        form = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
        if form > FORM:
            raise UnknownForm(f"{path} has form {form}, and {FORM} is the last that is known here")
        return form

    @property
    def is_new(self) -> bool:
        """True until the first save."""
        return self._form == 0

    def save(self, changes: Mapping[Key, Any | None]) -> None:
        """Write all of them or none; None deletes. Raises sqlite3.Error when the file cannot take them."""
        rows = [(key[0], _name(key), content) for key, content in changes.items()]
        put = [(kind, name, _encoded(content)) for kind, name, content in rows if content is not None]
        deleted = [(kind, name) for kind, name, content in rows if content is None]
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            if self.is_new:
                self._connection.execute(_SCHEMA)
                self._connection.execute(f"PRAGMA user_version = {FORM}")
            self._connection.executemany(_PUT, put)
            self._connection.executemany(_DELETE, deleted)
            self._connection.execute("COMMIT")
        except BaseException:
            # A full disk has rolled back already.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        self._form = FORM

    def rows(self, kind: str) -> Iterator[tuple[Key, Any]]:
        """The rows of a kind by key, in the order in which they were first written."""
        if self.is_new:
            return
        found = self._connection.execute(
            "SELECT name, content FROM rows WHERE kind = ? ORDER BY rowid", (kind,)
        )
        for name, content in found:
            yield (kind, *json.loads(name)), json.loads(content)

    def close(self) -> None:
        """Close the file; what was saved needs no closing."""
        self._connection.close()


def _name(key: Key) -> str:
    return json.dumps(key[1:], separators=(",", ":"))


def _encoded(content: Any) -> str:
    return json.dumps(content, separators=(",", ":"))
