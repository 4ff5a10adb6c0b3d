"""Renders the measurements as Markdown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from benchmarks.calls import Budget
from benchmarks.measure import Comparison, Sample
from benchmarks.packages import Package
from benchmarks.startup import BUDGET_NS, Entry, Startup

NONE = "–"

_HEAD = """\
# Benchmark results

Measured with {python} on {engine}: {requests} timed requests of each
call, warm, through the Lambda handler, each an API Gateway event. *Replaced* is what the Lambdas did that
this shop replaces: their reads on plain boto3 and a plain Chalice app, replayed in the same run, on the
same engine, with the same goods, in turns with ours. Milliseconds depend on the machine and on what
else it does, ratios far less, round trips and units not at all.

To repeat: `make bench`; `python -m benchmarks --help` names the options, `--quick` among them.
"""

_COST_NOTE = """\
Units are those of DynamoDB Local. A product has three images, three variants, two categories and texts
of 80 and 400 characters; there are 10 personaggi, 5 fumetti and 6 categories.
"""

_REPLACED_NOTE = """\
*Ratio* is the p50 of the replaced divided by ours, *rows* what was answered of what was said to match. The
replaced Lambdas ignored sorts and these filters and answered their plain list, whose time stands there;
their free text looked through the first 20 titles only, and their categories were the roots alone. For
those the ratio compares with a quicker answer to another question.
"""

_STARTUP_NOTE = """\
A fresh interpreter imports boto3 and chalice and builds one client, which Lambda has to do anyway; what
`app` adds with one domain mounted is compared with the budget of {budget} ms. Everything is byte-compiled,
and the figures are medians of {runs} interpreters.
"""


@dataclass(frozen=True)
class Results:
    """Everything that one run measured; `comparisons` is by the number of products."""

    python: str
    engine: str
    requests: int
    runs: int
    comparisons: Mapping[int, Sequence[Comparison]]
    startups: Sequence[Startup]
    packages: Sequence[Package] | None


def render(results: Results) -> str:
    """The whole report, in Markdown."""
    parts = [_HEAD.format(python=results.python, engine=results.engine, requests=results.requests)]
    for size, comparisons in results.comparisons.items():
        parts.append(f"## {size:,} published products\n")
        parts.append(_costs(size, comparisons))
        parts.append(_latencies(comparisons))
    parts += [_COST_NOTE, _REPLACED_NOTE]
    parts += ["## Cold import\n", _STARTUP_NOTE.format(budget=_ms(BUDGET_NS, 0), runs=results.runs)]
    parts += [_startups(results.startups), _imports(results.startups)]
    parts += ["## Package size\n", _packages(results.packages)]
    return "\n".join(parts)


def verdict(holds: bool | None) -> str:
    """How a table says whether a limit holds; None where there is no limit."""
    return NONE if holds is None else ("yes" if holds else "**no**")


def within(sample: Sample, budget: Budget | None) -> bool | None:
    """Whether a sample stays within its budget; None without one."""
    return None if budget is None else sample.trips <= budget.trips and sample.read <= budget.read


def fast_enough(found: Comparison) -> bool | None:
    """Whether a call reaches the wanted ratio; None where nothing was replayed."""
    return None if found.ratio is None else found.ratio >= found.call.wanted


def _costs(size: int, comparisons: Sequence[Comparison]) -> str:
    rows = []
    for found in comparisons:
        ours, old = found.ours, found.replaced
        budget = found.call.budgets.get(size)
        limit = f"trips ≤ {budget.trips}, read ≤ {budget.read}" if budget else NONE
        verdicts = (limit, verdict(within(ours, budget)))
        replaced = (old.trips, old.read) if old else (NONE, NONE)
        rows.append((found.call.name, ours.trips, ours.read, ours.write, *verdicts, *replaced))
    heads = ("call", "trips", "read units", "write units", "budget", "holds", "replaced: trips", "read units")
    return _table(heads, rows)


def _latencies(comparisons: Sequence[Comparison]) -> str:
    rows = []
    for found in comparisons:
        wanted = NONE if found.ratio is None else f"≥ {found.call.wanted}"
        ratio = NONE if found.ratio is None else _ratio(found.ratio)
        verdicts = (ratio, wanted, verdict(fast_enough(found)))
        rows.append((found.call.name, *_times(found.ours), *_times(found.replaced), *verdicts))
    heads = (
        "call",
        "rows",
        "p50 ms",
        "p99 ms",
        "replaced: rows",
        "p50 ms",
        "p99 ms",
        "ratio",
        "wanted",
        "holds",
    )
    return _table(heads, rows)


def _ratio(ratio: Decimal) -> str:
    return f"{ratio:.2f}" if ratio >= Decimal("0.01") else "< 0.01"


def _times(sample: Sample | None) -> tuple[str, str, str]:
    if sample is None:
        return NONE, NONE, NONE
    return f"{sample.rows} of {sample.total}", _ms(sample.p50), _ms(sample.p99)


def _startups(startups: Iterable[Startup]) -> str:
    rows = [
        (
            found.domain,
            _ms(found.base, 0),
            _ms(found.added, 1),
            _ms(found.quickest, 1),
            verdict(found.holds),
        )
        for found in startups
    ]
    return _table(("domain", "boto3, chalice, client: ms", "added: ms", "quickest run", "holds"), rows)


def _imports(startups: Iterable[Startup]) -> str:
    rows = [(found.domain, _entries(found.modules), _entries(found.brought)) for found in startups]
    heads = ("domain", "our dearest modules, own ms under -X importtime", "the dearest packages they bring")
    return _table(heads, rows)


def _entries(entries: Iterable[Entry]) -> str:
    return ", ".join(f"{name} {_ms(spent, 1)}" for name, spent in entries)


def _packages(packages: Sequence[Package] | None) -> str:
    if packages is None:
        return "Not measured: the packages were not built in this run (`--no-packages`).\n"
    rows = [(package.stage, f"{Decimal(package.size) / 1_000_000:.2f}") for package in packages]
    return _table(("stage", "zip: MB"), rows)


def _ms(nanoseconds: int, digits: int = 2) -> str:
    return f"{Decimal(nanoseconds) / 1_000_000:.{digits}f}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines) + "\n"
