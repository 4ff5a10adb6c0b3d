"""What is odd about the tables themselves: those that are missing, and columns that are not as expected."""

from collections.abc import Collection, Iterator

from migration.findings import Finding
from migration.inspecting.oddities import ATTENTION, BLOCKING, INFORMATION, oddity
from migration.postgres.source import Source
from migration.schema.columns import quoted, sql
from migration.schema.tables import TABLES


def shape_findings(source: Source, tables: Collection[str] = TABLES) -> Iterator[Finding]:
    """Every table of these that is missing, and each column that is missing, unknown or of another type."""
    for name in tables:
        if not source.has(name):
            yield oddity(BLOCKING, name, "the table is missing", 1)
            continue
        shape = source.shapes[name]
        if shape.missing:
            what = "columns that are missing; they count as empty"
            yield oddity(ATTENTION, name, what, len(shape.missing), shape.missing)
        for column, (expected, kind) in shape.differing.items():
            what = f"{column}: has the type {kind} instead of {expected}"
            yield oddity(ATTENTION, name, what, source.count(name))
        for column in shape.extra:
            yield _extra(source, name, column)
        for column, old in shape.earlier.items():
            yield _earlier(source, name, column, old)


def _extra(source: Source, table: str, column: str) -> Finding:
    statement = sql("SELECT count({}) AS n FROM {}", column, table)
    count = int(source.query(statement)[0]["n"])
    kind = ATTENTION if count else INFORMATION
    return oddity(kind, table, f"{column}: a column that the shop does not know; it is not moved", count)


def _earlier(source: Source, table: str, column: str, old: str) -> Finding:
    """A column under the name of an earlier schema, and the rows of which the present one says otherwise."""
    shape = source.shapes[table]
    if column not in shape.own:
        what = f"{old}: an earlier name of {column}, which is read and written there"
        return oddity(INFORMATION, table, what, source.count(table))
    key = " || '/' || ".join(f"{quoted(name)}::text" for name in shape.table.primary_key)
    words = ["SELECT", key, "AS found, count(*) OVER () AS total FROM", quoted(table), "WHERE"]
    words += [quoted(old), "IS NOT NULL AND", quoted(column), "IS DISTINCT FROM", quoted(old)]
    rows = source.query(" ".join([*words, "ORDER BY", key, "LIMIT 10"]))
    what = f"{old}: an earlier name of {column}, which is there too and counts where it is not NULL"
    kind = ATTENTION if rows else INFORMATION
    examples = [f"{row['found']} says otherwise" for row in rows]
    return oddity(kind, table, what, int(rows[0]["total"]) if rows else 0, examples)
