"""Columns and tables of PostgreSQL as data, and the statements that create them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

# What a column of a type holds without a limit of length or scale, for data whose types are not known.
_ROOMY = {"serial": "bigserial", "int": "bigint", "json": "text", "jsonb": "text", "timestamp": "timestamptz"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `type` and `default` as SQL writes them; `references` names the table whose id it holds."""

    name: str
    type: str
    null: bool = False
    default: str | None = None
    unique: bool = False
    references: str | None = None
    cascade: bool = False

    @property
    def is_json(self) -> bool:
        """True for `json` and `jsonb`."""
        return self.type in {"json", "jsonb"}

    @property
    def is_timestamp(self) -> bool:
        """True for a point in time."""
        return self.type == "timestamp"

    @property
    def scale(self) -> int | None:
        """The decimals of a `numeric(p,s)`; None for every other type."""
        return int(self.type.rstrip(")").partition(",")[2]) if self.type.startswith("numeric") else None

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
        base = self.type.partition("(")[0]
        return f"{quoted(self.name)} {_ROOMY.get(base, {'varchar': 'text'}.get(base, base))}"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns in order and the columns of its primary key.

    `earlier` gives what some columns were called in an earlier schema of the shop's, old name to present
    one; `given_up` are columns of that schema that have no successor, and of which the shop has a use.
    """

    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ("id",)
    earlier: Mapping[str, str] = field(default_factory=dict)
    given_up: tuple[Column, ...] = ()

    @property
    def by_name(self) -> Mapping[str, Column]:
        """The columns by name, those that were given up among them."""
        return {column.name: column for column in (*self.columns, *self.given_up)}

    @property
    def column_names(self) -> Sequence[str]:
        """The names of all columns, in order."""
        return tuple(column.name for column in self.columns)

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


def quoted(name: str) -> str:
    """`name` as an SQL identifier, whatever characters it has."""
    return '"' + name.replace('"', '""') + '"'


def sql(template: str, *names: str) -> str:
    """`template` with its `{}` filled with names as identifiers; values go into parameters instead."""
    return template.format(*map(quoted, names))
