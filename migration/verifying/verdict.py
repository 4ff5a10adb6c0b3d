"""What a verification compared and found, and the report of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from common.dynamodb import Key, table_name
from migration.findings import Finding, Kind
from migration.reports import Report, Section
from migration.verifying.differences import DIFFERENCE

NEW = Kind("new", "New since the move", {"kind": "entity", "rows": "count", "the first of them": "names"})


@dataclass(slots=True)
class Verdict:
    """What was compared and what differs.

    `compared` counts the records of each entity, `rows` the rows of PostgreSQL; `asked` and `queried` say of
    how many records one was looked for as the shop does it, and in each index by a query; `expired` counts
    records that the table dropped when they were over; `new` has the keys that no row of the source
    explains, by kind; `missing_tables` are those that the source lacks.
    """

    missing_tables: Sequence[str] = ()
    differences: list[Finding] = field(default_factory=list)
    compared: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    queried: dict[str, int] = field(default_factory=dict)
    expired: dict[str, int] = field(default_factory=dict)
    shared: list[str] = field(default_factory=list)
    new: dict[str, int] = field(default_factory=dict)
    new_keys: dict[str, list[Key]] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


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
        [_compared(verdict)],
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
        [*differences, *_new(verdict)],
        (DIFFERENCE, NEW),
    )


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


def _new(verdict: Verdict) -> Iterator[Finding]:
    for kind, count in verdict.new.items():
        first = [" / ".join(key) for key in verdict.new_keys[kind]]
        yield Finding(NEW, kind, count=count, examples=first)


def _sum(counts: Mapping[str, int]) -> str:
    return f"{sum(counts.values()):,}"
