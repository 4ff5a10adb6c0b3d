"""Columns and tables of PostgreSQL as data: what each becomes, and the statements that create them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from migration.schema.conversions import MEDIA, Conversion
from migration.schema.kinds import KINDS, Kind
from migration.schema.vocabularies import Words

ELSEWHERE = ""
"""`becomes` of a column that code of its table's own maps, and no rule."""
NOW = "now()"


@dataclass(frozen=True)
class Column:
    """A column, and which attribute it becomes.

    `type` and `default` are as SQL writes them; `references` names the table whose id it holds. `earlier` is
    what the column was called in an earlier schema of the shop's.

    `becomes` names the attribute, the column's own name unless it is said, and `part` the row that has it,
    where a record has several; `convert` says how, by its type unless it is said. A row is found by what
    `is_key`, which has to be there. `stands_in` names the column that counts where this one has no value.

    `words` are those that it may have. `is_media` says that it holds the address of a file, or JSON with
    some, `is_address` that a part of its text is worth nothing, `is_secret` that nobody may see its value.
    """

    name: str
    type: str
    null: bool = False
    default: str | None = None
    unique: bool = False
    references: str | None = None
    cascade: bool = False
    earlier: str | None = None
    becomes: str | None = None
    part: str = ""
    convert: Conversion | None = None
    is_key: bool = False
    stands_in: str | None = None
    words: Words | None = None
    is_media: bool = False
    is_address: bool = False
    is_secret: bool = False

    @cached_property
    def attribute(self) -> str:
        """The attribute that it becomes; empty where code maps it."""
        return self.name if self.becomes is None else self.becomes

    @cached_property
    def kind(self) -> Kind:
        """What its type is."""
        return KINDS[self.type.partition("(")[0]]

    @cached_property
    def conversion(self) -> Conversion:
        """How its value becomes that of its attribute, and back."""
        return self.convert or self.kind.conversion

    @cached_property
    def is_json(self) -> bool:
        """True for `json` and `jsonb`."""
        return self.type in {"json", "jsonb"}

    @cached_property
    def is_text(self) -> bool:
        """True for a text of any length."""
        return self.kind.held == (str,)

    @cached_property
    def is_timestamp(self) -> bool:
        """True for a point in time."""
        return self.type == "timestamp"

    @cached_property
    def is_always_set(self) -> bool:
        """True where the shop has a value whatever PostgreSQL has."""
        return not self.null or self.stands_in is not None

    @cached_property
    def scale(self) -> int | None:
        """The decimals of a `numeric(p,s)`; None for every other type."""
        return int(self.type.rstrip(")").partition(",")[2]) if self.type.startswith("numeric") else None

    @cached_property
    def literal(self) -> Any:
        """Its default as a value; None where it has none, and where that is the time of writing."""
        if self.default is None or self.default == NOW:
            return None
        if self.is_text:
            return self.default.strip("'")
        return self.default == "true" if self.type == "boolean" else int(self.default)

    def ddl(self) -> str:
        """The column's line of `CREATE TABLE`."""
        words = [quoted(self.name), self.type]
        words += [] if self.null else ["NOT NULL"]
        words += [f"DEFAULT {self.default}"] if self.default else []
        words += ["UNIQUE"] if self.unique else []
        words += [f"REFERENCES {quoted(self.references)}(id)"] if self.references else []
        words += ["ON UPDATE CASCADE ON DELETE CASCADE"] if self.cascade else []
        return " ".join(words)

    def roomy_ddl(self) -> str:
        """The same column without constraints, wide enough for whatever a data-only dump brings."""
        return f"{quoted(self.name)} {self.kind.roomy}"


@dataclass(frozen=True)
class Table:
    """A table: its columns in order and the columns of its primary key.

    `stored_as` says for people what its rows become, partition key / sort key. `given_up` are columns of an
    earlier schema that have no successor, and of which the shop has a use. Where it `fills_gaps`, a value
    that is missing and has no default is nothing of its type, and no reason to leave the row where it is.
    """

    name: str
    columns: tuple[Column, ...]
    stored_as: str = ""
    primary_key: tuple[str, ...] = ("id",)
    given_up: tuple[Column, ...] = ()
    fills_gaps: bool = False

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """The columns by name, those that were given up among them."""
        return {column.name: column for column in (*self.columns, *self.given_up)}

    @cached_property
    def column_names(self) -> Sequence[str]:
        """The names of all columns, in order."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def mapped(self) -> Mapping[str, Sequence[Column]]:
        """The columns that a rule maps, by the row that has them."""
        found: dict[str, list[Column]] = {"": []}
        for column in self.columns:
            if column.attribute != ELSEWHERE:
                found.setdefault(column.part, []).append(column)
        return found

    @cached_property
    def earlier(self) -> Mapping[str, str]:
        """What columns were called in an earlier schema, old name to present one."""
        return {column.earlier: column.name for column in self.columns if column.earlier}

    @cached_property
    def media(self) -> frozenset[str]:
        """The columns with the address of a file, or with JSON that holds some."""
        return frozenset(column.name for column in self.columns if column.is_media)

    @cached_property
    def secrets(self) -> frozenset[str]:
        """The columns whose values no report, message or log may show."""
        return frozenset(column.name for column in self.columns if column.is_secret)

    def roomy_ddl_of(self, name: str) -> str:
        """The line of `CREATE TABLE` for a column that data brings: text where nothing is known of it."""
        known = self.by_name.get(self.earlier.get(name, name), Column(name, "text"))
        return replace(known, name=name).roomy_ddl()

    def ddl(self, *, roomy: bool = False) -> str:
        """`CREATE TABLE` for it; `roomy` keeps only names, wide types, sequences and the primary key."""
        lines = [column.roomy_ddl() if roomy else column.ddl() for column in self.columns]
        if self.primary_key:
            lines.append(f"PRIMARY KEY ({', '.join(map(quoted, self.primary_key))})")
        return f"CREATE TABLE {quoted(self.name)} (\n    " + ",\n    ".join(lines) + "\n);\n"


def text(name: str, size: int, **options: Any) -> Column:
    """A text of at most so many characters."""
    return Column(name, f"varchar({size})", **options)


def long_text(name: str, **options: Any) -> Column:
    """A text of any length that may be missing."""
    return Column(name, "text", null=True, **options)


def media(name: str, size: int, **options: Any) -> Column:
    """The address of a file; one below /uploads/ becomes the key of the media bucket."""
    return text(name, size, is_media=True, is_address=True, convert=MEDIA, **options)


def whole(name: str, **options: Any) -> Column:
    """A whole number."""
    return Column(name, "int", **options)


def money(name: str, **options: Any) -> Column:
    """An amount with two decimals."""
    return Column(name, "numeric(10,2)", **options)


def moment(name: str, **options: Any) -> Column:
    """A point in time, in UTC."""
    return Column(name, "timestamp", **options)


def flag(name: str, **options: Any) -> Column:
    """True or false."""
    return Column(name, "boolean", **options)


def json(name: str, *, binary: bool = True, **options: Any) -> Column:
    """JSON of any shape that may be missing."""
    return Column(name, "jsonb" if binary else "json", null=True, **options)


ID = Column("id", "serial")
CREATED = moment("created_at", default=NOW)
UPDATED = moment("updated_at", default=NOW, stands_in="created_at")
DELETED = moment("deleted_at", null=True)


def quoted(name: str) -> str:
    """`name` as an SQL identifier, whatever characters it has."""
    return '"' + name.replace('"', '""') + '"'


def sql(template: str, *names: str) -> str:
    """`template` with its `{}` filled with names as identifiers; values go into parameters instead."""
    return template.format(*map(quoted, names))
