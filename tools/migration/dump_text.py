"""Reads a plain dump as text: what it brings, and the lines that the scratch server is to see of it.

A dump is no format of lines: a line may belong to a text value, to the body of a function, or to COPY's
data, and looks like a statement there.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

_NAME = r'"(?:[^"]|"")+"|\w+'
_TABLE = rf"(?:({_NAME})\.)?({_NAME})"
_CREATE = re.compile(rf"CREATE (?:UNLOGGED |FOREIGN )?TABLE (?:IF NOT EXISTS )?{_TABLE}")
_DATA = re.compile(rf"(INSERT INTO|COPY) (?:ONLY )?{_TABLE}\s*(?:\(([^)]*)\))?")
_SETVAL = re.compile(rf"SELECT (?:pg_catalog\.)?setval\('{_TABLE}'")
_SETTING = re.compile(r"SET (\w+) ?= ")
_ROLES = (
    re.compile(rf"ALTER .* OWNER TO ({_NAME});"),
    re.compile(rf"GRANT .* TO ({_NAME})(?: WITH GRANT OPTION)?;"),
    re.compile(rf"REVOKE .* FROM ({_NAME});"),
    re.compile(rf"ALTER DEFAULT PRIVILEGES FOR ROLE ({_NAME}) "),
    re.compile(rf"SET SESSION AUTHORIZATION ({_NAME});"),
)
_BODY = re.compile(r"\s*AS (\$\w*\$)")
_RESTRICT = re.compile(r"\\(?:un)?restrict \w+\s*$")

Name = tuple[str, str]  # schema, name


class Place(Enum):
    """Where a line begins."""

    STATEMENT = auto()
    INSIDE = auto()  # a text value or a function's body
    COPY = auto()


@dataclass(slots=True)
class Contents:
    """What a dump brings: tables that it creates, the columns of those that it fills (None where it does
    not name them), sequences that it sets, settings that it makes, and roles that it speaks of.
    """

    created: set[Name] = field(default_factory=set)
    filled: dict[Name, tuple[str, ...] | None] = field(default_factory=dict)
    sequences: set[Name] = field(default_factory=set)
    settings: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)

    @property
    def is_data_only(self) -> bool:
        """True when the dump fills tables that somebody else has to create."""
        return not self.created

    def add(self, line: str) -> None:
        """Take note of what a statement's first line says."""
        match line[:2]:
            case "CR":
                self._note(_CREATE.match(line), self.created)
            case "IN" | "CO":
                self._note_data(_DATA.match(line))
            case "SE":
                self._note(_SETVAL.match(line), self.sequences)
                setting = _SETTING.match(line)
                self.settings |= {setting.group(1)} if setting else set()
        for pattern in _ROLES:
            role = pattern.match(line)
            self.roles |= {_unquoted(role.group(1))} if role else set()

    def _note(self, found: re.Match[str] | None, names: set[Name]) -> None:
        if found:
            names.add(_name(found.group(1), found.group(2)))

    def _note_data(self, found: re.Match[str] | None) -> None:
        if found is None:
            return
        columns = found.group(4)
        if columns is None:
            self.filled[_name(found.group(2), found.group(3))] = None
            return
        names = tuple(_unquoted(name) for name in re.findall(_NAME, columns))
        self.filled.setdefault(_name(found.group(2), found.group(3)), names)


def contents(lines: Iterable[str]) -> Contents:
    """What the dump of these lines brings."""
    found = Contents()
    for line, place in placed(lines):
        if place is Place.STATEMENT:
            found.add(line)
    return found


def without(lines: Iterable[str], settings: set[str]) -> Iterator[str]:
    """The lines for a server that does not know these settings.

    `\\restrict` and `\\unrestrict`, which only newer programs know, are left out.
    """
    for line, place in placed(lines):
        if place is Place.STATEMENT:
            setting = _SETTING.match(line)
            if _RESTRICT.match(line) or (setting and setting.group(1) in settings):
                continue
        yield line


def placed(lines: Iterable[str]) -> Iterator[tuple[str, Place]]:
    """Each line with the place in which it begins."""
    ending = ""  # what ends the value, body or data that the line before left open
    for line in lines:
        if ending == "\\.":
            yield line, Place.COPY
            ending = "" if line.rstrip("\r\n") == "\\." else ending
        elif ending:
            yield line, Place.INSIDE
            ending = _still_open(line, ending)
        else:
            yield line, Place.STATEMENT
            ending = _opened(line)


def _opened(line: str) -> str:
    if line.startswith("--"):
        return ""
    if line.startswith("COPY ") and line.rstrip().endswith("FROM stdin;"):
        return "\\."
    body = _BODY.match(line)
    if body:
        return body.group(1) if line.count(body.group(1)) % 2 else ""
    return "'" if line.count("'") % 2 else ""


def _still_open(line: str, ending: str) -> str:
    return ending if line.count(ending) % 2 == 0 else ""


def _name(schema: str | None, name: str) -> Name:
    return _unquoted(schema or "public"), _unquoted(name)


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name
