"""Turns what a run or a verification found into a report."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from common.dynamodb import table_name
from migration.inspecting.oddities import Finding
from migration.reports import Report, Section
from migration.table.state import BAD, DIFFERENT, GONE, MARKER, Conflict
from migration.verifying.verification import Verdict
from migration.writing.rehearsal import Result

_KINDS = {
    BAD: "Rows that cannot be moved",
    DIFFERENT: "Rows that the table has with other values; they were left as they are",
    GONE: "Rows that were moved before and have been deleted from the table since; they stay deleted",
    MARKER: "Names that two rows of the source claim; the first has it",
}


def of_run(result: Result, *, is_dry: bool = False) -> Report:
    """The report of a run, or of what one would do."""
    outcome = result.outcome
    if is_dry or result.was_stopped:
        verb = "would become" if is_dry else "were looked at before writing, and would become"
        summary = [f"{_sum(result.records)} records {verb} {_sum(result.rows)} rows of {table_name()}"]
        summary.append("nothing was written")
    else:
        summary = [
            f"{outcome.written:,} rows written to {table_name()}, {outcome.unchanged:,} were there already"
            + (f", {outcome.overwritten:,} overwritten" if outcome.overwritten else ""),
            f"{outcome.write_units:,f} write units and {outcome.read_units:,f} read units",
        ]
    summary += _counted_shape(result)
    summary += _counted(result.bad, result.conflicts)
    summary += [
        f"tally not set: {sentence}; run again when the shop is at rest" for sentence in result.moved_tallies
    ]
    heads = ("entity", "records", "rows of the table")
    rows = [(name, count, result.rows[name]) for name, count in result.records.items()]
    sections = [Section("What was read", heads, rows), *_shape(result.shape)]
    sections += _by_kind([*result.bad, *result.conflicts])
    return Report(
        "run",
        "Moving from PostgreSQL",
        result.passed,
        summary,
        sections,
        _figures(result),
    )


def _figures(result: Result) -> dict[str, Any]:
    outcome = result.outcome
    return {
        "as_of": result.state.as_of.isoformat(),
        "source": result.state.source,
        "stopped_before_writing": result.was_stopped,
        "written": outcome.written,
        "unchanged": outcome.unchanged,
        "overwritten": outcome.overwritten,
        "write_units": str(outcome.write_units),
        "read_units": str(outcome.read_units),
        "bad": len(result.bad),
        "missing_tables": list(result.missing_tables),
        "conflicts": len(result.conflicts),
    }


def of_verification(verdict: Verdict, source: str) -> Report:
    """The report of a verification."""
    differences = verdict.differences
    summary = [
        f"{_sum(verdict.compared)} records of {source} with {_sum(verdict.rows)} rows compared with "
        f"{table_name()}: " + (f"{len(differences):,} differences" if differences else "no difference"),
    ]
    if verdict.missing_tables:
        summary.append(f"{', '.join(verdict.missing_tables)}: not in the source, which counts as empty")
    if verdict.new:
        summary.append(f"{_sum(verdict.new)} rows of the table have come since and are no difference")
    if verdict.expired:
        summary.append(f"{_sum(verdict.expired)} records are over and the table has dropped them")
    if verdict.shared:
        summary.append(f"{len(verdict.shared)} names are claimed by two rows; the run has listed them")
    return Report(
        "verify",
        "Verification",
        verdict.passed,
        summary,
        [_compared(verdict), _differences(verdict), _new(verdict)],
        {
            "differences": len(differences),
            "records": verdict.compared,
            "rows": verdict.rows,
            "asked_for_every": verdict.asked,
            "queried_every": verdict.queried,
            "missing_tables": list(verdict.missing_tables),
            "expired": verdict.expired,
            "new_since": verdict.new,
            "claimed_twice": verdict.shared,
        },
    )


def _counted_shape(result: Result) -> Iterator[str]:
    for table in result.missing_tables:
        yield f"the source has no table {table}"
    columns = len(result.shape) - len(result.missing_tables)
    if columns:
        yield f"{columns:,} findings about columns, missing or unknown ones among them: `plan` lists them too"


def _shape(found: Sequence[Finding]) -> Iterator[Section]:
    if found:
        rows = [(it.table, it.what, it.count, ", ".join(it.examples)) for it in found]
        yield Section("Tables and columns that are not as expected", ("table", "what", "rows", "names"), rows)


def _compared(verdict: Verdict) -> Section:
    heads = ("entity", "records", "PostgreSQL rows", "asked for one of", "queried one of", "over and dropped")
    rows = [
        (
            name,
            count,
            verdict.rows[name],
            verdict.asked[name],
            verdict.queried[name],
            verdict.expired.get(name, 0),
        )
        for name, count in verdict.compared.items()
    ]
    note = (
        "Every record was compared column by column, and every row was looked for in a reading of each index "
        "that it is in. Of each entity the first of so many records was also asked for as the shop does it, "
        "and the first of so many in every index by a query of its own."
    )
    return Section("What was compared", heads, rows, [note])


def _differences(verdict: Verdict) -> Section:
    heads = ("entity", "id", "where", "what", "in the source", "in the table")
    return Section("Differences", heads, [difference.cells for difference in verdict.differences])


def _new(verdict: Verdict) -> Section:
    rows = [
        (kind, count, ", ".join(" / ".join(key) for key in verdict.new_keys[kind]))
        for kind, count in verdict.new.items()
    ]
    return Section("New since the move", ("kind", "rows", "the first of them"), rows)


def _counted(bad: Iterable[Conflict], conflicts: Iterable[Conflict]) -> list[str]:
    found: dict[str, int] = {}
    for conflict in [*bad, *conflicts]:
        found[conflict.kind] = found.get(conflict.kind, 0) + 1
    return [f"{count:,}: {_KINDS[kind][0].lower()}{_KINDS[kind][1:]}" for kind, count in found.items()]


def _by_kind(conflicts: Iterable[Conflict]) -> list[Section]:
    listed: dict[str, list[tuple[object, ...]]] = {}
    for conflict in conflicts:
        for what, text in conflict.details.items():
            cells = (conflict.entity, conflict.id, " / ".join(conflict.key), what, text)
            listed.setdefault(conflict.kind, []).append(cells)
    heads = ("entity", "id", "key", "what", "finding")
    return [Section(_KINDS[kind], heads, rows) for kind, rows in listed.items()]


def _sum(counts: dict[str, int]) -> str:
    return f"{sum(counts.values()):,}"
