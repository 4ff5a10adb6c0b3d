"""What a run did, or would do, and the report of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from common.dynamodb import table_name
from migration.findings import Finding, cells
from migration.inspecting.oddities import BLOCKING
from migration.reports import Report, Section
from migration.table.state import State
from migration.writing.writer import Outcome

_SHAPE = {"table": "entity", "what": "what", "rows": "count", "names": "names"}


@dataclass(slots=True)
class Result:
    """What a run did; `records` counts those that were read of each entity, `rows` those of the table.

    `shape` says which tables and columns are missing, unknown or of another type.
    """

    state: State
    shape: Sequence[Finding] = ()
    records: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    bad: list[Finding] = field(default_factory=list)
    outcome: Outcome = field(default_factory=Outcome)
    conflicts: list[Finding] = field(default_factory=list)
    moved_tallies: list[str] = field(default_factory=list)
    was_stopped: bool = False

    @property
    def missing_tables(self) -> Sequence[str]:
        """The tables that should have been read and are not there."""
        return [finding.entity for finding in self.shape if finding.kind is BLOCKING]

    @property
    def passed(self) -> bool:
        """Whether everything is in the table as the source has it."""
        found = (self.bad, self.missing_tables, self.conflicts, self.moved_tallies, self.was_stopped)
        return not any(found)


def of_run(result: Result, *, is_dry: bool = False) -> Report:
    """The report of a run, or of what one would do."""
    outcome, not_written = result.outcome, [*result.bad, *result.conflicts]
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
    summary += _counted(not_written)
    summary += [
        f"tally not set: {sentence}; run again when the shop is at rest" for sentence in result.moved_tallies
    ]
    heads = ("entity", "records", "rows of the table")
    rows = [(name, count, result.rows[name]) for name, count in result.records.items()]
    tables = [Section("What was read", heads, rows), *_shape(result.shape)]
    return Report(
        "run",
        "Moving from PostgreSQL",
        result.passed,
        summary,
        tables,
        _figures(result),
        not_written,
        tuple(dict.fromkeys(finding.kind for finding in not_written)),
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


def _counted_shape(result: Result) -> Iterator[str]:
    for table in result.missing_tables:
        yield f"the source has no table {table}"
    columns = len(result.shape) - len(result.missing_tables)
    if columns:
        yield f"{columns:,} findings about columns, missing or unknown ones among them: `plan` lists them too"


def _shape(found: Sequence[Finding]) -> Iterator[Section]:
    if found:
        title = "Tables and columns that are not as expected"
        yield Section(title, tuple(_SHAPE), cells(_SHAPE, found))


def _counted(found: Iterable[Finding]) -> list[str]:
    counts: dict[str, int] = {}
    for finding in found:
        title = finding.kind.title
        counts[title] = counts.get(title, 0) + 1
    return [f"{count:,}: {title[0].lower()}{title[1:]}" for title, count in counts.items()]


def _sum(counts: Mapping[str, int]) -> str:
    return f"{sum(counts.values()):,}"
