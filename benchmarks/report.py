"""Renders the measurements as Markdown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from benchmarks.calls import Budget
from benchmarks.catalogue.measure import CatalogueSample
from benchmarks.catalogue.report import render_catalogue
from benchmarks.channel_report import render_channels
from benchmarks.channels import ChannelSample
from benchmarks.floor.report import Floor, render_floor
from benchmarks.measure import Comparison, Sample
from benchmarks.migration import MigrationSample
from benchmarks.migration_report import render_migration
from benchmarks.order_measure import OrderSample
from benchmarks.order_report import render_orders
from benchmarks.packages import Package
from benchmarks.people import PersonSample
from benchmarks.people_report import render_people
from benchmarks.startup import BUDGET_NS, Entry, Startup
from benchmarks.tables import NONE, limits, milliseconds, table, verdict

CATALOG, CATALOGUE, ORDERS, PEOPLE, CHANNELS, MIGRATION, FLOOR, STARTUP, PACKAGES = PARTS = (
    "catalog", "catalogue", "orders", "people", "channels", "migration", "floor", "startup", "packages",
)  # fmt: skip
"""What can be measured alone; the first brings the report's introduction along."""

_TITLES = {
    CATALOGUE: "Lists and searches by the number of products",
    ORDERS: "Carts and orders",
    PEOPLE: "People",
    CHANNELS: "Channels",
    MIGRATION: "Moving in from PostgreSQL",
    FLOOR: "The floor",
    STARTUP: "Cold import",
    PACKAGES: "Package size",
}

_HEAD = """\
# Benchmark results

Measured with {python} on {engine}: {requests} timed requests of each
call, warm, through the Lambda handler, each an API Gateway event. *Replaced* is what the Lambdas did that
this shop replaces: their reads on plain boto3 and a plain Chalice app, replayed in the same run, on the
same engine, with the same goods, in turns with ours. Milliseconds depend on the machine and on what
else it does, ratios far less, round trips and units not at all.

To repeat: `make bench`; `python -m benchmarks --help` names the options, `--quick` and `--only` among
them.
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
A fresh interpreter imports boto3 and chalice and builds one client, as a plain Lambda does; what `app`
adds with one domain mounted is compared with the budget of {budget} ms. Everything is byte-compiled, and the
figures are medians of {runs} interpreters. A function that serves requests makes no such client: what it
takes up to its first row stands under *The floor*.
"""


@dataclass(frozen=True)
class Results:
    """What one run measured; `comparisons` is by the number of products, `measured` names the parts."""

    python: str
    engine: str
    requests: int
    runs: int
    comparisons: Mapping[int, Sequence[Comparison]]
    orders: Sequence[OrderSample]
    startups: Sequence[Startup]
    packages: Sequence[Package] | None
    measured: Sequence[str] = PARTS
    migration: MigrationSample | None = None
    channels: ChannelSample | None = None
    people: Sequence[PersonSample] = ()
    floor: Floor | None = None
    catalogue: CatalogueSample | None = None


def render(results: Results, before: str = "") -> str:
    """The report in Markdown; parts that were not measured stay as they are in `before`, an older report."""
    kept, fresh = _split(before), _split(_fresh(results))
    parts = {part: (fresh if part in results.measured else kept).get(part, "") for part in PARTS}
    if not parts[CATALOG]:
        parts[CATALOG] = _head(results)
    return "\n".join(text.strip("\n") + "\n" for text in parts.values() if text)


def _fresh(results: Results) -> str:
    writers = {
        CATALOG: _catalog,
        CATALOGUE: _catalogue,
        ORDERS: _orders,
        PEOPLE: _people,
        CHANNELS: _channels,
        MIGRATION: _migration,
        FLOOR: _floor,
        STARTUP: _cold_import,
        PACKAGES: _weights,
    }
    return "\n".join(
        (f"## {_TITLES[part]}\n\n" if part in _TITLES else "") + write(results)
        for part, write in writers.items()
        if part in results.measured
    )


def _split(report: str) -> dict[str, str]:
    """The parts of a report; that of the catalogue is all that no other's heading begins."""
    by_heading = {f"## {title}": part for part, title in _TITLES.items()}
    parts: dict[str, str] = {}
    current = CATALOG
    for line in report.splitlines(keepends=True):
        if line.startswith("## "):
            current = by_heading.get(line.rstrip(), CATALOG)
        parts[current] = parts.get(current, "") + line
    return parts


def _head(results: Results) -> str:
    return _HEAD.format(python=results.python, engine=results.engine, requests=results.requests)


def _catalog(results: Results) -> str:
    parts = [_head(results)]
    for size, comparisons in results.comparisons.items():
        parts += [f"## {size:,} published products\n", _costs(size, comparisons), _latencies(comparisons)]
    return "\n".join([*parts, _COST_NOTE, _REPLACED_NOTE])


def _catalogue(results: Results) -> str:
    return render_catalogue(results.catalogue, results.requests, results.python, results.engine)


def _orders(results: Results) -> str:
    return render_orders(results.orders, results.requests, results.python, results.engine)


def _people(results: Results) -> str:
    return render_people(results.people, results.requests, results.python, results.engine)


def _channels(results: Results) -> str:
    return render_channels(results.channels, results.python, results.engine)


def _migration(results: Results) -> str:
    return render_migration(results.migration, results.python, results.engine)


def _floor(results: Results) -> str:
    return render_floor(results.floor or Floor((), ()), results.runs, results.python, results.engine)


def _cold_import(results: Results) -> str:
    note = _STARTUP_NOTE.format(budget=milliseconds(BUDGET_NS, 0), runs=results.runs)
    return "\n".join([note, _startups(results.startups), _imports(results.startups)])


def _weights(results: Results) -> str:
    return _packages(results.packages)


def within(sample: Sample, budget: Budget | None) -> bool | None:
    """Whether a sample stays within its budget; None without one."""
    return None if budget is None else budget.holds(sample.trips, sample.read, sample.write)


def fast_enough(found: Comparison) -> bool | None:
    """Whether a call reaches the wanted ratio; None where nothing was replayed."""
    return None if found.ratio is None else found.ratio >= found.call.wanted


def _costs(size: int, comparisons: Sequence[Comparison]) -> str:
    rows = []
    for found in comparisons:
        ours, old = found.ours, found.replaced
        budget = found.call.budgets.get(size)
        verdicts = (limits(budget), verdict(within(ours, budget)))
        replaced = (old.trips, old.read) if old else (NONE, NONE)
        rows.append((found.call.name, ours.trips, ours.read, ours.write, *verdicts, *replaced))
    heads = ("call", "trips", "read units", "write units", "budget", "holds", "replaced: trips", "read units")
    return table(heads, rows)


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
    return table(heads, rows)


def _ratio(ratio: Decimal) -> str:
    return f"{ratio:.2f}" if ratio >= Decimal("0.01") else "< 0.01"


def _times(sample: Sample | None) -> tuple[str, str, str]:
    if sample is None:
        return NONE, NONE, NONE
    return f"{sample.rows} of {sample.total}", milliseconds(sample.p50), milliseconds(sample.p99)


def _startups(startups: Iterable[Startup]) -> str:
    rows = [
        (
            found.domain,
            milliseconds(found.base, 0),
            milliseconds(found.added, 1),
            milliseconds(found.quickest, 1),
            verdict(found.holds),
        )
        for found in startups
    ]
    return table(("domain", "boto3, chalice, client: ms", "added: ms", "quickest run", "holds"), rows)


def _imports(startups: Iterable[Startup]) -> str:
    rows = [(found.domain, _entries(found.modules), _entries(found.brought)) for found in startups]
    heads = ("domain", "our dearest modules, own ms under -X importtime", "the dearest packages they bring")
    return table(heads, rows)


def _entries(entries: Iterable[Entry]) -> str:
    return ", ".join(f"{name} {milliseconds(spent, 1)}" for name, spent in entries)


def _packages(packages: Sequence[Package] | None) -> str:
    if packages is None:
        return "Not measured: the packages were not built in this run (`--no-packages`).\n"
    rows = [(package.stage, f"{Decimal(package.size) / 1_000_000:.2f}") for package in packages]
    return table(("stage", "zip: MB"), rows)
