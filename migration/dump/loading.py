"""Carries out the statements of a dump, but for those that do not concern its data."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migration.dump.statements import Piece
from tools.errors import ToolError

if TYPE_CHECKING:
    from psycopg import Connection, Error

_AT_ONCE = 100_000
_SHOWN, _QUOTED_SHOWN = 120, 30

# Whose a thing is and who may use it, what is no part of one database, what acts by itself, and what the
# empty database has or lacks already. Much of it needs rights or roles that the scratch database has not.
_UNCONCERNED = re.compile(
    rb"""
    ALTER\s[^']*\sOWNER\sTO\s
    |(?:GRANT|REVOKE|DROP|COMMENT\sON|SECURITY\sLABEL|(?:RE)?SET\s(?:SESSION\sAUTHORIZATION|ROLE))\b
    |(?:CREATE|ALTER)\s(?:ROLE|USER|GROUP|DATABASE|TABLESPACE|(?:EVENT\s|CONSTRAINT\s)?TRIGGER|PUBLICATION
        |SUBSCRIPTION|POLICY|SERVER|FOREIGN\s(?:DATA\sWRAPPER|TABLE)|STATISTICS|DEFAULT\sPRIVILEGES)\b
    |CREATE\s(?:OR\sREPLACE\s)?(?:TRUSTED\s)?(?:PROCEDURAL\s)?LANGUAGE\b
    |CREATE\sSCHEMA\spublic\s*;
    |SET\sdefault_tablespace\b
    |ALTER\sTABLE\s[^']*\s(?:ENABLE|DISABLE|FORCE)\s[^']*(?:TRIGGER|SECURITY|RULE)\b
    |ALTER\sTABLE\s[^']*\sDROP\s(?:CONSTRAINT|DEFAULT)\b
    |SELECT\s(?:pg_catalog\.)?(?:lo_(?:create|open|close|unlink)|lowrite)\(
    |SELECT\s\*\sFROM\spg_catalog\.pg_restore_
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SETTING = re.compile(rb"SET (?:SESSION |LOCAL )?(\w+) (?:=|TO) ", re.IGNORECASE)
_EXTENSION = re.compile(rb'CREATE EXTENSION (?:IF NOT EXISTS )?"?([\w-]+)"?', re.IGNORECASE)
_VALUE = re.compile(r'(: |value )".*"', re.DOTALL)
_QUOTED = re.compile(r'"([^"]*)("|$)')
_AS_USUAL = "SET TIME ZONE 'UTC'; SET DateStyle TO ISO; SET client_encoding TO 'UTF8'"


def load(path: Path, url: str, statements: Iterable[Piece]) -> None:
    """Carry the statements of the dump at `path` out in the database at `url`.

    Left out are rights and owners, triggers, what belongs to the server, and settings and extensions that
    the server does not have or allow. Raises ToolError, which names the statement and no value of the
    data, for what PostgreSQL refuses.
    """
    import psycopg

    try:
        with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
            connection.execute(_AS_USUAL.encode())
            allowed = _Allowed(connection)
            concerning = (statement for statement in statements if allowed.concerns(statement.text))
            for batch in _batches(concerning):
                _execute_all(path, connection, batch)
            if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                raise ToolError(f"{path} ends within a transaction: its BEGIN has no COMMIT")
    except psycopg.Error as error:
        raise ToolError(f"{path} cannot be loaded: {_reason(error)}") from None


class _Allowed:
    """Which statements the server is to see."""

    def __init__(self, connection: "Connection[Any]") -> None:
        settings = connection.execute("SELECT name FROM pg_settings WHERE context = 'user'")
        self._settings = {name.encode() for (name,) in settings}
        # Servers before 13 know no trusted extensions.
        extensions = connection.execute(
            "SELECT name FROM pg_available_extension_versions v WHERE to_jsonb(v) ->> 'trusted' = 'true'"
        )
        self._extensions = {name.encode() for (name,) in extensions}

    def concerns(self, statement: bytes) -> bool:
        """True for one that the data may need."""
        # Most are rows, whose values are not to be searched.
        if statement.startswith((b"INSERT ", b"COPY ")):
            return True
        if _UNCONCERNED.match(statement):
            return False
        if setting := _SETTING.match(statement):
            return setting.group(1).lower() in self._settings
        extension = _EXTENSION.match(statement)
        return extension is None or extension.group(1) in self._extensions


def _batches(statements: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Rows that follow each other in one request, as an answer for each takes longer than the row itself."""
    batch: list[Piece] = []
    size = 0
    for statement in statements:
        is_row = statement.text.startswith(b"INSERT ")
        if batch and (not is_row or size > _AT_ONCE):
            yield batch
            batch, size = [], 0
        if is_row:
            batch.append(statement)
            size += len(statement.text)
        else:
            yield [statement]
    if batch:
        yield batch


def _execute_all(path: Path, connection: "Connection[Any]", batch: Sequence[Piece]) -> None:
    from psycopg import Error

    together = b"\n".join(statement.text for statement in batch)
    if len(batch) > 1 and b"\0" not in together:
        # They are one transaction; when it is taken back, the statement that is wrong is looked for.
        with suppress(Error):
            connection.execute(together)
            return
    for statement in batch:
        _execute(path, connection, statement)


def _execute(path: Path, connection: "Connection[Any]", statement: Piece) -> None:
    from psycopg import Error

    try:
        if b"\0" in statement.text:
            raise ToolError(f"{path} has a zero byte in line {statement.line} or behind: it is damaged")
        if not statement.data:
            connection.execute(statement.text)
            return
        with connection.cursor() as cursor, cursor.copy(statement.text) as copy:
            for row in statement.data:
                copy.write(row)
    except Error as error:
        shown = _without_values(statement.text)
        reason = f"{_reason(error)}\nSTATEMENT (line {statement.line}): {shown}"
        raise ToolError(f"{path} cannot be loaded: {reason}") from None


def _reason(error: "Error") -> str:
    """What PostgreSQL says, without values, which may be somebody's address."""
    said = error.diag
    text = said.message_primary or str(error).strip() or type(error).__name__
    is_about_a_value = (said.sqlstate or "").startswith("22")
    text = _VALUE.sub(r'\1"…"', text) if is_about_a_value else text
    text = _QUOTED.sub(lambda it: f'"{_shortened(it[1], _QUOTED_SHOWN)}"', text)
    place = re.match(r"COPY [^,:]+, line \d+(?:, column [^:]+)?", said.context or "")
    return _shortened(text, _SHOWN) + (f" ({place.group()})" if place else "")


def _without_values(statement: bytes) -> str:
    text = statement.decode("utf-8", "replace")
    text = text.partition(" VALUES ")[0] if text.startswith("INSERT") else re.sub(r"'[^']*'?", "'…'", text)
    return _shortened(" ".join(text.split()), _SHOWN)


def _shortened(text: str, size: int) -> str:
    return text if len(text) <= size else f"{text[:size]}…"
