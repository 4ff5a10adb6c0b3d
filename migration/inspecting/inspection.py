"""A look at the database before anything moves: what is there, what it becomes, and what is odd about it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from migration.findings import Finding
from migration.inspecting.column_oddities import column_questions, is_empty_text, is_finer_than_kept
from migration.inspecting.oddities import (
    ATTENTION,
    BLOCKING,
    INFORMATION,
    QUESTIONS,
    Question,
    oddity,
)
from migration.inspecting.row_oddities import EXAMPLES, row_findings
from migration.inspecting.shape_oddities import shape_findings
from migration.postgres.source import Source
from migration.reports import Report, Section
from migration.schema.columns import Column, quoted, sql
from migration.schema.tables import TABLES

_TALLIES: Mapping[str, Callable[[Column], str | None]] = {
    "empty texts, by column; they stay empty texts": is_empty_text,
    "times finer than a millisecond, by column; what is finer is cut off": is_finer_than_kept,
}
_KINDS = (BLOCKING, ATTENTION, INFORMATION)
_HEADS = ("table", "rows", "soft-deleted", "highest id", "becomes")


def inspect(source: Source) -> Report:
    """Count, read every row once, and ask what could be odd; blocking findings would stop the move.

    Raises ToolError when the reading fails.
    """
    counts = [_count(source, table) for table in TABLES]
    questions = chain(QUESTIONS, column_questions())
    found = [*shape_findings(source), *row_findings(source), *_answers(source, questions), *_tallies(source)]
    return Report(
        name="plan",
        title="What would be moved",
        passed=not any(finding.kind is BLOCKING for finding in found),
        summary=(
            f"Source: {source.database}, PostgreSQL {source.version // 10000}, encoding {source.encoding}",
            f"{sum(rows for _, rows, *_ in counts):,} rows in {len(source.shapes)} tables",
        ),
        tables=[Section("Tables", _HEADS, counts)],
        figures={"source": source.identity},
        findings=found,
        kinds=_KINDS,
    )


def _count(source: Source, table: str) -> tuple[str, int, int, int, str]:
    """How much a table holds, the soft-deleted among its rows, and what it becomes."""
    deleted = 0
    if source.has(table, "deleted_at"):
        statement = sql("SELECT count(*) AS n FROM {} WHERE deleted_at IS NOT NULL", table)
        deleted = int(source.query(statement)[0]["n"])
    return table, source.count(table), deleted, source.max_id(table), TABLES[table].stored_as


def _answers(source: Source, questions: Iterable[Question]) -> Iterator[Finding]:
    for question in questions:
        if all(_is_as_known(source, table, columns) for table, columns in question.needs.items()):
            words = ["SELECT found, count(*) OVER () AS total FROM (", question.sql, ") AS odd"]
            rows = source.query(" ".join([*words, "ORDER BY length(found), found LIMIT", str(EXAMPLES)]))
            if rows:
                examples = [str(row["found"]) for row in rows]
                total = int(rows[0]["total"])
                yield oddity(question.kind, question.table, question.what, total, examples)


def _is_as_known(source: Source, table: str, columns: Sequence[str]) -> bool:
    return source.has(table, *columns) and not set(columns) & set(source.shapes[table].differing)


def _tallies(source: Source) -> Iterator[Finding]:
    for name, shape in source.shapes.items():
        columns = [column for column in shape.table.columns if _is_as_known(source, name, [column.name])]
        for what, condition in _TALLIES.items():
            conditions = {column.name: text for column in columns if (text := condition(column))}
            counts = _counted(source, name, conditions) if conditions else {}
            examples = [f"{column} {count}" for column, count in counts.items() if count]
            if examples:
                yield oddity(INFORMATION, name, what, sum(counts.values()), examples)


def _counted(source: Source, table: str, conditions: Mapping[str, str]) -> dict[str, int]:
    """How many rows fulfil each condition, all of them counted in one pass."""
    counts = [f"count(*) FILTER (WHERE {text}) AS {quoted(name)}" for name, text in conditions.items()]
    words = ["SELECT", ", ".join(counts), "FROM", quoted(table)]
    return {name: int(count) for name, count in source.query(" ".join(words))[0].items()}
