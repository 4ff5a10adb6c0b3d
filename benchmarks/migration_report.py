"""The report's section on the move from PostgreSQL."""

from decimal import Decimal

from benchmarks.aws_prices import READ_PRICE, REGION, WRITE_PRICE
from benchmarks.migration import ITEMS, MEMORY_BUDGET, MigrationSample, Step
from benchmarks.tables import table, verdict

_MEGABYTE = 1_000_000
_NOTE = """\
{orders:,} orders with {items} items each, {rows:,} rows of a PostgreSQL on this machine, moved into
{engine} by `artshop migrate run` and compared by
`artshop migrate verify`, each as one process with {python} and 4 requests at once. Time and memory are
those of the whole process, with its start and the first look at every row; the engine and PostgreSQL share
the machine with it. `verify` found {differences:,} differences.

*On AWS*: a million rows of PostgreSQL like these cost {dollars} US dollars to move, worked out from these
units at {write_price} dollars for a million write and {read_price} for a million read units (on-demand,
{region}). Each row is looked for before it is written, which AWS counts as one read unit for each row that
is not there, and DynamoDB Local does not count.
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
    heads = ("rows written", "write units", "per row", "AWS: read units", "AWS: a million PostgreSQL rows")
    per_row, dollars = sample.write_units / sample.written, _dollars(sample)
    units = (f"{sample.write_units:,.0f}", f"{per_row:.2f}", f"{sample.read_units:,.0f}")
    return table(heads, [(f"{sample.written:,}", *units, f"{dollars} USD")])


def _dollars(sample: MigrationSample) -> str:
    return f"{sample.dollars_for_a_million:.2f}"


def _words(sample: MigrationSample, python: str, engine: str) -> str:
    return _NOTE.format(
        orders=sample.orders,
        items=ITEMS,
        rows=sample.rows,
        engine=engine,
        python=python,
        differences=sample.verify.found["differences"],
        dollars=_dollars(sample),
        write_price=WRITE_PRICE,
        read_price=READ_PRICE,
        region=REGION,
    )
