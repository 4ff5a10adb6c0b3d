"""What is odd about the tables themselves: those that are missing, and columns that are not as expected."""

from collections.abc import Collection, Iterator

from tools.migration.columns import sql
from tools.migration.oddities import Finding, Severity
from tools.migration.schema import TABLES
from tools.migration.source import Source


def shape_findings(source: Source, tables: Collection[str] = TABLES) -> Iterator[Finding]:
    """Every table of these that is missing, and each column that is missing, unknown or of another type."""
    for name in tables:
        if not source.has(name):
            yield Finding(Severity.BLOCKING, name, "the table is missing", 1)
            continue
        shape = source.shapes[name]
        if shape.missing:
            what = "columns that are missing; they count as empty"
            yield Finding(Severity.ATTENTION, name, what, len(shape.missing), shape.missing)
        for column, (expected, kind) in shape.differing.items():
            what = f"{column}: has the type {kind} instead of {expected}"
            yield Finding(Severity.ATTENTION, name, what, source.count(name))
        for column in shape.extra:
            yield _extra(source, name, column)


def _extra(source: Source, table: str, column: str) -> Finding:
    statement = sql("SELECT count({}) AS n FROM {}", column, table)
    count = int(source.query(statement)[0]["n"])
    severity = Severity.ATTENTION if count else Severity.INFORMATION
    return Finding(severity, table, f"{column}: a column that the shop does not know; it is not moved", count)
