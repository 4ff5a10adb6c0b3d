"""The report's section on the move from PostgreSQL."""

from decimal import Decimal

from benchmarks.aws_prices import READ_PRICE, REGION, WRITE_PRICE
from benchmarks.migration import ITEMS, MEMORY_BUDGET, MigrationSample, Step
from benchmarks.tables import table, verdict

_MEGABYTE = 1_000_000
_NOTE = """\
{orders:,} orders with {items} items each, {rows:,} rows of a PostgreSQL on this machine, moved into {engine}
by `artshop migrate run` and compared by `artshop migrate verify`, each as one process with {python} and
4 requests at once. Time and memory are those of the whole process, start-up and the first look at every
row included. `verify` found {differences:,} differences.

On AWS a million rows of PostgreSQL like these would cost {total} US dollars: {writes} for the writes and
{reads} for looking for each row beforehand. It is worked out from the units above, at {write_price} dollars
for a million write and {read_price} for a million read request units (on-demand, {region}).
"""


def render_migration(sample: MigrationSample | None, python: str, engine: str) -> str:
    """What follows the section's heading, in Markdown."""
    if sample is None:
        return "Not measured.\n"
    return "\n".join([_speeds(sample), _units(sample), _words(sample, python, engine)])


def _speeds(sample: MigrationSample) -> str:
    heads = ("command", "seconds", "PostgreSQL rows/s", "orders/s", "peak memory: MB", "budget", "holds")
    steps = (("migrate run", sample.run), ("migrate verify", sample.verify))
    return table(heads, [_speed(sample, name, step) for name, step in steps])


def _speed(sample: MigrationSample, name: str, step: Step) -> tuple[object, ...]:
    seconds = Decimal(step.spent) / 1_000_000_000
    rates = (f"{sample.rows / seconds:,.0f}", f"{sample.orders / seconds:,.0f}")
    budget = f"< {MEMORY_BUDGET // _MEGABYTE}"
    return name, f"{seconds:.1f}", *rates, f"{step.peak / _MEGABYTE:.0f}", budget, verdict(step.holds)


def _units(sample: MigrationSample) -> str:
    heads = ("rows written", "write units", "per row", "read units")
    per_row = f"{sample.write_units / sample.written:.2f}"
    row = (f"{sample.written:,}", f"{sample.write_units:,.0f}", per_row, f"{sample.read_units:,.0f}")
    return table(heads, [row])


def _words(sample: MigrationSample, python: str, engine: str) -> str:
    writes, reads = sample.dollars_for_a_million()
    return _NOTE.format(
        orders=sample.orders,
        items=ITEMS,
        rows=sample.rows,
        engine=engine,
        python=python,
        differences=sample.verify.found["differences"],
        total=f"{writes + reads:.2f}",
        writes=f"{writes:.2f}",
        reads=f"{reads:.2f}",
        write_price=WRITE_PRICE,
        read_price=READ_PRICE,
        region=REGION,
    )
