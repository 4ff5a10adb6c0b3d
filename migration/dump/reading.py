"""Reads a dump through before anything of it is loaded: what it brings, and whether it is whole."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from migration.dump.contents import Contents, filled_by
from migration.dump.statements import Kind, Piece
from migration.schema.tables import TABLES
from tools.errors import ToolError

_HEADS = ("-- PostgreSQL database dump", "-- PostgreSQL database cluster dump")
_ENDS = tuple(f"{head} complete" for head in _HEADS)
_CONNECT = re.compile(
    r"""\\connect\ +(?:-reuse-previous=on\ +)?
    (?:"dbname='(?P<odd>.*)'"|"(?P<quoted>(?:[^"]|"")+)"|(?P<plain>[^\s"']+))""",
    re.VERBOSE,
)
_NOTHING = re.compile(r"\\(?:un)?restrict \w+|\\encoding \w+")
_AGAIN = "Dump it again, or copy it again and compare the sizes"


def read_through(path: Path, pieces: Iterable[Piece]) -> tuple[str, Contents]:
    """The database in the dump that has the shop's tables, and what the dump brings of it.

    The name is empty in a dump that connects to none. Raises ToolError for a dump that was cut off at either
    end, lacks what it announces or goes on behind pg_dump's end mark, for commands of psql's, and when not
    just one database has the shop's tables.
    """
    reading = _Reading(path)
    for piece in pieces:
        reading.add(piece)
    reading.conclude()
    having = {name: it for name, it in reading.found.items() if it.own}
    if not having:
        raise ToolError(f"{path} brings none of the shop's tables ({', '.join(TABLES)})")
    if len(having) > 1:
        raise ToolError(
            f"{path} has the shop's tables in several databases ({', '.join(sorted(having))}): "
            "dump the one that is meant with pg_dump"
        )
    ((name, brought),) = having.items()
    _check(path, brought)
    return name, brought


def in_database(name: str, pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The statements that the dump has for a database, of which `read_through` has given the name."""
    current = ""
    for piece in pieces:
        if piece.kind is Kind.COMMAND:
            current = _connected(piece) or current
        elif piece.kind is Kind.STATEMENT and current == name:
            yield piece


class _Reading:
    """What was read so far, and which of pg_dump's marks."""

    def __init__(self, path: Path) -> None:
        self.found: dict[str, Contents] = {"": Contents()}
        self._path = path
        self._current = self.found[""]
        self._begun: list[str] = []  # dumps whose end mark has not come; pg_dumpall's has others in it
        self._has_ended = False
        self._is_restricted = False  # \\unrestrict has to come, behind the end mark
        self._unfinished: Piece | None = None

    def add(self, piece: Piece) -> None:
        match piece.kind:
            case Kind.COMMENT:
                self._add_mark(piece.text.decode("utf-8", "replace"))
                self._current.add(piece)
            case Kind.COMMAND:
                self._add_command(piece)
            case Kind.STATEMENT:
                if self._has_ended and not self._begun:
                    raise ToolError(
                        f"{self._path} goes on behind pg_dump's end mark, in line {piece.line}: take that out"
                    )
                self._current.add(piece)
            case Kind.UNFINISHED:
                self._unfinished = piece

    def conclude(self) -> None:
        """Raise ToolError unless the dump has come to its end."""
        if self._unfinished or self._begun or self._is_restricted:
            raise ToolError(f"{self._path} is cut off: {self._where()}. {self._not_come()}{_AGAIN}.")
        if not self._has_ended:
            self._refuse_unmarked()

    def _add_mark(self, comment: str) -> None:
        if comment in _HEADS:
            self._begun.append(comment)
        elif comment in _ENDS:
            if not self._begun:
                self._refuse_unmarked()
            self._begun.pop()
            self._has_ended = True

    def _add_command(self, piece: Piece) -> None:
        try:
            name = _connected(piece)
        except ToolError as error:
            raise ToolError(f"{self._path}, line {piece.line}: {error}") from None
        if name is not None:
            self._current = self.found.setdefault(name, Contents())
        elif b"restrict" in piece.text:
            self._is_restricted = piece.text.startswith(b"\\r")

    def _refuse_unmarked(self) -> None:
        raise ToolError(
            f"{self._path} was not made by pg_dump, or its beginning is missing: there is no line "
            f"`{_HEADS[0]}`, without which nobody knows whether it is whole. Dump again with "
            "pg_dump --file=shop.sql; where comments were taken out of a dump that is known to be whole, "
            f"put `{_HEADS[0]}` above it and `{_ENDS[0]}` below it"
        )

    def _where(self) -> str:
        mark = f"pg_dump's end mark `{_HEADS[0]} complete`"
        if self._unfinished is None:
            return f"it ends without {mark}" if self._begun else "it ends without \\unrestrict"
        line, table = self._unfinished.line, filled_by(self._unfinished.text)
        inside = f"the data of {table}" if table else "a statement"
        return f"it ends in the middle of {inside} (from line {line} on), without {mark}"

    def _not_come(self) -> str:
        came = {name for contents in self.found.values() for _, name in contents.filled}
        missing = [table for table in TABLES if table not in came]
        there = ", ".join(sorted(came & set(TABLES))) or "no table"
        return f"Rows have come of {there}; none of {', '.join(missing)}. "


def _connected(piece: Piece) -> str | None:
    """The database that psql's `\\connect` names; None for commands that do nothing here.

    Raises ToolError for all others: psql would run programs and touch files for some.
    """
    text = piece.text.decode("utf-8", "surrogateescape")
    if _NOTHING.fullmatch(text):
        return None
    found = _CONNECT.fullmatch(text)
    if found is None:
        raise ToolError(f"psql's command {text.split()[0]} is not carried out, and no dump of data needs it")
    return found["plain"] or found["odd"] or found["quoted"].replace('""', '"')


def _check(path: Path, brought: Contents) -> None:
    if brought.lost:
        raise ToolError(f"{path} has lost what its comments announce: {', '.join(brought.lost)}. {_AGAIN}.")
    created = {name for _, name in brought.created} & set(TABLES)
    if created and len(brought.without_data) == len(created):
        raise ToolError(f"{path} has tables and no rows: dump again without --schema-only")
    if brought.split:
        tables = ", ".join(sorted(brought.split))
        raise ToolError(
            f"{path} has line ends of Windows (CRLF), also within values of {tables}, and nobody can tell "
            "which of those were in the database: dump again with pg_dump --file=shop.sql, which changes "
            "none (a terminal, as of docker exec -t, does)"
        )
    for _, table in brought.own if brought.is_data_only else ():
        if None in {columns for (_, name), columns in brought.filled.items() if name == table}:
            raise ToolError(
                f"{path} fills {table} without naming its columns, which may stand in another order here: "
                "make the dump with --column-inserts, or without any option for inserts"
            )
