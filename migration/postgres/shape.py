"""What a database really has of the shop's tables: columns missing, unknown, of another type or name."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from migration.schema.columns import Column, Table, quoted
from migration.schema.kinds import MERGED, TEXTS, base_type


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table as it is: the type of each column that the schema knows, by name, and what differs from it.

    `schema` is the schema that the table was found in; `differing` gives (expected, found) types. `earlier`
    names the column of an earlier schema that stands for one of today's, or beside it; `own` are those
    of today's that are there themselves.
    """

    table: Table
    schema: str
    columns: Mapping[str, str]
    extra: Mapping[str, str]
    earlier: Mapping[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()

    def written(self, name: str) -> tuple[str, ...]:
        """The columns that a value is written into: both where the table has an earlier one beside it."""
        return tuple(it for it in (name if name in self.own else None, self.earlier.get(name)) if it)

    @property
    def in_todays_names(self) -> str | None:
        """A SELECT of the table with every column under its name of today; None where all are so already.

        Of two columns for one thing the newer one counts where it is not NULL.
        """
        if not self.earlier:
            return None
        others = [quoted(name) for name in (*self.own, *self.earlier.values(), *self.extra)]
        merged = {name: old for name, old in self.earlier.items() if name in self.own}
        plain = [name for name in others if name not in map(quoted, merged)]
        renamed = [
            f"coalesce({quoted(name)}, {quoted(old)}) AS {quoted(name)}"
            if name in merged
            else f"{quoted(old)} AS {quoted(name)}"
            for name, old in self.earlier.items()
        ]
        return " ".join(["SELECT", ", ".join([*plain, *renamed]), "FROM", quoted(self.table.name)])

    @property
    def missing(self) -> tuple[str, ...]:
        """Columns of the schema that the table lacks."""
        return tuple(name for name in self.table.column_names if name not in self.columns)

    @property
    def differing(self) -> Mapping[str, tuple[str, str]]:
        """Columns whose type holds something else than the schema's."""
        return {
            column.name: (column.type, self.columns[column.name])
            for column in self.table.by_name.values()
            if column.name in self.columns and not _is_alike(column, self.columns[column.name])
        }

    def is_foreign(self, name: str, value: object) -> bool:
        """True when the value of a column is none that its type in the schema could have."""
        held = self.table.by_name[name].kind.held
        is_held = isinstance(value, held) and (bool in held or not isinstance(value, bool))
        return value is not None and not is_held

    @property
    def json_texts(self) -> tuple[str, ...]:
        """JSON columns that are kept as plain text, which nobody has checked."""
        return tuple(
            column.name
            for column in self.table.columns
            if column.is_json and base_type(self.columns.get(column.name, "")) in TEXTS
        )

    def has(self, *columns: str) -> bool:
        """True when the table has all of these columns."""
        return all(column in self.columns for column in columns)


def shape_of(table: Table, schema: str, found: Mapping[str, str]) -> TableShape:
    """The shape of a table that has the columns `found`, name to type as `format_type` writes it."""
    known = table.by_name
    own = {name: kind for name, kind in found.items() if name in known}
    earlier = {
        name: old
        for old, name in table.earlier.items()
        if old in found and _stands_for(known[name], found[old], own.get(name))
    }
    return TableShape(
        table=table,
        schema=schema,
        columns=own | {name: found[old] for name, old in earlier.items() if name not in own},
        extra={name: it for name, it in found.items() if name not in known and name not in earlier.values()},
        earlier=earlier,
        own=frozenset(own),
    )


def _stands_for(column: Column, earlier: str, own: str | None) -> bool:
    """Whether a column of an earlier schema holds what `column` does, also beside it where it is there."""
    if not _is_alike(column, earlier):
        return False
    kinds = {base_type(earlier), base_type(own or earlier)}
    return len(kinds) == 1 or any(kinds <= merged for merged in MERGED)


def _is_alike(column: Column, found: str) -> bool:
    return base_type(found) in column.kind.alike
