"""What a database demands of the shop's rows: unique values, references, and columns that are never NULL."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from migration.mapping.records import Row
from migration.postgres.source import Source
from migration.schema.tables import TABLES

# One column each: no other unique value and no other reference is in the schema.
_UNIQUE = """
    SELECT c.relname::text AS table_name, a.attname::text AS name
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
    WHERE c.relname = ANY(%s) AND pg_table_is_visible(c.oid) AND i.indisunique AND NOT i.indisprimary
        AND i.indnkeyatts = 1 AND i.indpred IS NULL AND i.indexprs IS NULL
"""
_REFERENCES = """
    SELECT c.relname::text AS table_name, a.attname::text AS name, other.relname::text AS target
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    JOIN pg_class other ON other.oid = k.confrelid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
    WHERE k.contype = 'f' AND cardinality(k.conkey) = 1 AND c.relname = ANY(%s) AND other.relname = ANY(%s)
        AND pg_table_is_visible(c.oid) AND pg_table_is_visible(other.oid)
"""
_REQUIRED = """
    SELECT c.relname::text AS table_name, a.attname::text AS name
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relname = ANY(%s) AND c.relkind IN ('r', 'p') AND pg_table_is_visible(c.oid) AND a.attnotnull
        AND a.attnum > 0 AND NOT a.attisdropped
"""


@dataclass(frozen=True, slots=True)
class Constraints:
    """By table: columns whose values are unique, columns with the table that they refer to, columns that are
    never NULL.
    """

    unique: Mapping[str, frozenset[str]] = field(default_factory=dict)
    references: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    required: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def referred_to(self) -> frozenset[str]:
        """The tables that others refer to."""
        return frozenset(target for columns in self.references.values() for target in columns.values())


def constraints_of(source: Source) -> Constraints:
    """What the shop's tables of this database demand."""
    tables = list(TABLES)
    references: dict[str, dict[str, str]] = {}
    for row in source.query(_REFERENCES, tables, tables):
        references.setdefault(row["table_name"], {})[_todays_name(source, row)] = row["target"]
    return Constraints(
        unique=_by_table(source, _UNIQUE), references=references, required=_by_table(source, _REQUIRED)
    )


def _by_table(source: Source, statement: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in source.query(statement, list(TABLES)):
        found.setdefault(row["table_name"], set()).add(_todays_name(source, row))
    return {table: frozenset(names) for table, names in found.items()}


def _todays_name(source: Source, row: Row) -> str:
    """The name that a column of an earlier schema has today."""
    shape = source.shapes.get(row["table_name"])
    names = {old: name for name, old in shape.earlier.items()} if shape else {}
    return names.get(row["name"], str(row["name"]))
