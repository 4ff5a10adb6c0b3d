"""What a plain dump brings of a database, as its statements say and the comments above them announce."""

import re
from dataclasses import dataclass, field

from migration.dump.statements import Kind, Piece
from migration.schema.tables import TABLES

_NAME = r'"(?:[^"]|"")+"|[\w$]+'
_TABLE = rf"(?:({_NAME})\.)?({_NAME})"
_CREATE = re.compile(rf"CREATE (?:UNLOGGED |FOREIGN )?TABLE (?:IF NOT EXISTS )?{_TABLE}")
_DATA = re.compile(rf"(?:INSERT INTO|COPY) (?:ONLY )?{_TABLE}\s*(?:\(([^)]*)\))?")
_SETVAL = re.compile(rf"SELECT (?:pg_catalog\.)?setval\('{_TABLE}'")
_PATH = re.compile(rf"SET search_path = ({_NAME})")
_ANNOUNCED = re.compile(
    r"-- (?:Data for )?Name: (.*); Type: (TABLE|TABLE DATA|SEQUENCE SET); Schema: (.*?); Owner: "
)

Name = tuple[str, str]  # schema, name


@dataclass(slots=True)
class Contents:
    """What a dump brings of one database: tables that it creates, the columns of those that it fills (None
    where it does not name them), sequences that it sets; `announced` has what its comments name, by type.
    """

    created: set[Name] = field(default_factory=set)
    filled: dict[Name, tuple[str, ...] | None] = field(default_factory=dict)
    sequences: set[Name] = field(default_factory=set)
    announced: dict[str, set[Name]] = field(default_factory=dict)
    has_copy: bool = False
    split: set[str] = field(default_factory=set)  # tables with a value that goes over a line's CRLF
    _path: str = "public"  # where names without a schema are looked for

    @property
    def is_data_only(self) -> bool:
        """True when the dump fills tables that somebody else has to create."""
        return not self.created

    @property
    def own(self) -> list[Name]:
        """The shop's tables that the dump speaks of."""
        # Without comments, an empty table may leave nothing but its sequence behind.
        sequences = {(schema, name.removesuffix("_id_seq")) for schema, name in self.sequences}
        spoken = self.created | set(self.filled) | (self.announced.get("TABLE DATA") or sequences)
        return sorted(name for name in spoken if name[1] in TABLES)

    @property
    def schemas(self) -> list[str]:
        """The schemas of the shop's tables, `public` first."""
        return sorted({schema for schema, _ in self.own}, key=lambda schema: (schema != "public", schema))

    @property
    def without_data(self) -> list[Name]:
        """The shop's tables that the dump creates without a part for their data, an empty one even."""
        return sorted(
            self.created & set(self.own) - self.announced.get("TABLE DATA", set()) - set(self.filled)
        )

    @property
    def lost(self) -> list[str]:
        """What comments announce and no statement brings, in words; an empty table needs no INSERT."""
        came = {"TABLE": self.created, "SEQUENCE SET": self.sequences}
        came |= {"TABLE DATA": set(self.filled)} if self.has_copy else {}
        words = {"TABLE": "the table", "SEQUENCE SET": "the number of", "TABLE DATA": "the data of"}
        return [
            f"{words[kind]} {name}"
            for kind, there in came.items()
            for _, name in sorted(self.announced.get(kind, set()) - there)
            if name.removesuffix("_id_seq") in TABLES
        ]

    def add(self, piece: Piece) -> None:
        """Take note of what a statement says, or the comment above one."""
        line = piece.text.decode("utf-8", "surrogateescape")
        if piece.kind is Kind.COMMENT:
            if said := _ANNOUNCED.match(line):
                self.announced.setdefault(said.group(2), set()).add((said.group(3), said.group(1)))
            return
        match line[:2]:
            case "CR":
                self._note(_CREATE.match(line), self.created)
            case "IN" | "CO":
                self._note_data(piece, _DATA.match(line))
            case "SE":
                self._note(_SETVAL.match(line), self.sequences)
                path = _PATH.match(line)
                self._path = _unquoted(path.group(1)) if path else self._path

    def _note(self, found: re.Match[str] | None, names: set[Name]) -> None:
        if found:
            names.add(self._name(found))

    def _note_data(self, piece: Piece, found: re.Match[str] | None) -> None:
        if found is None:
            return
        name, columns = self._name(found), found.group(3)
        self.has_copy |= piece.text.startswith(b"CO")
        self.split |= {name[1]} if piece.splits_a_value else set()
        if columns is None:
            self.filled[name] = None
        elif name not in self.filled:
            self.filled[name] = tuple(_unquoted(column) for column in re.findall(_NAME, columns))

    def _name(self, found: re.Match[str]) -> Name:
        return _unquoted(found.group(1) or self._path), _unquoted(found.group(2))


def filled_by(statement: bytes) -> str | None:
    """The table that a statement puts rows into."""
    found = _DATA.match(statement.decode("utf-8", "surrogateescape"))
    return _unquoted(found.group(2)) if found else None


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name
