"""The report's section on the move from PostgreSQL."""

from decimal import Decimal

from benchmarks.migration import ITEMS, REGION, MigrationSample, Step
from benchmarks.tables import table, verdict
from tools.costs.prices import prices_of

_MEGABYTE = 1_000_000
_NOTE = """\
{orders:,} orders with {items} items each, {rows:,} rows of a PostgreSQL on this machine, moved into
{engine} by `artshop migrate run` and compared by
`artshop migrate verify`, each as one process with {python} and up to 4 requests at once. Time and memory are
those of the whole process, with its start and the first look at every row; the engine and PostgreSQL share
the machine with it. `verify` found {differences:,} differences.

The naive writer puts the items that `run` has written into an empty table, by boto3's own batch writer in one
thread, from memory: it reads no PostgreSQL, maps and checks nothing and keeps no checkpoint. `run` has
{ratio} times its rate.

*On AWS*: a million rows of PostgreSQL like these cost {dollars} US dollars to move, worked out from these
units at {write_price} dollars for a million write and {read_price} for a million read units (on-demand,
{region}). A first run does not look for orders before it writes them, which AWS would count as a read unit
each.
"""


def render_migration(sample: MigrationSample | None, python: str, engine: str) -> str:
    """What follows the section's heading, in Markdown."""
    if sample is None:
        return "Not measured.\n"
    return "\n".join([_speeds(sample), _units(sample), _words(sample, python, engine)])


def _speeds(sample: MigrationSample) -> str:
    heads = ("command", "seconds", "PostgreSQL rows/s", "orders/s", "peak memory: MB", "budget", "holds")
    steps = (("migrate run", sample.run), ("migrate verify", sample.verify))
    naive = ("naive writer", *_rates(sample, sample.naive), "", "", "")
    return table(heads, [*(_speed(sample, name, step) for name, step in steps), naive])


def _speed(sample: MigrationSample, name: str, step: Step) -> tuple[object, ...]:
    budget = f"< {step.budget // _MEGABYTE}"
    return name, *_rates(sample, step.spent), f"{step.peak / _MEGABYTE:.0f}", budget, verdict(step.holds)


def _rates(sample: MigrationSample, spent: int) -> tuple[str, ...]:
    seconds = Decimal(spent) / 1_000_000_000
    return f"{seconds:.1f}", f"{sample.rows / seconds:,.0f}", f"{sample.orders / seconds:,.0f}"


def _units(sample: MigrationSample) -> str:
    heads = ("rows written", "write units", "per row", "AWS: read units", "AWS: a million PostgreSQL rows")
    per_row, dollars = sample.write_units / sample.written, _dollars(sample)
    units = (f"{sample.write_units:,.0f}", f"{per_row:.2f}", f"{sample.read_units:,.0f}")
    return table(heads, [(f"{sample.written:,}", *units, f"{dollars} USD")])


def _dollars(sample: MigrationSample) -> str:
    return f"{sample.dollars_for_a_million:.2f}"


def _words(sample: MigrationSample, python: str, engine: str) -> str:
    prices = prices_of(REGION)
    return _NOTE.format(
        orders=sample.orders,
        items=ITEMS,
        rows=sample.rows,
        engine=engine,
        python=python,
        differences=sample.verify.found["differences"],
        dollars=_dollars(sample),
        ratio=f"{sample.ratio:.1f}",
        write_price=prices["write_requests"].usd,
        read_price=prices["read_requests"].usd,
        region=REGION,
    )
