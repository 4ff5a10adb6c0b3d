"""`python -m benchmarks`: measures everything on DynamoDB Local and writes the report."""

import importlib
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import click

from benchmarks.calls import SIZES
from benchmarks.catalogue import asks as catalogue
from benchmarks.catalogue.measure import measure_catalogue
from benchmarks.catalogue.report import picture
from benchmarks.channels import LISTINGS, measure_channels
from benchmarks.environment import isolate
from benchmarks.floor.measure import BLOCK, measure_floor
from benchmarks.floor.report import Floor
from benchmarks.floor.start import measure_starts
from benchmarks.measure import Comparison, measure
from benchmarks.migration import ORDERS as MOVED_ORDERS
from benchmarks.migration import measure_migration
from benchmarks.order_measure import measure_orders
from benchmarks.packages import Package, measure_packages
from benchmarks.people import measure_people
from benchmarks.report import (
    CATALOG,
    CATALOGUE,
    CHANNELS,
    FLOOR,
    MIGRATION,
    ORDERS,
    PACKAGES,
    PARTS,
    PEOPLE,
    STARTUP,
    Results,
    render,
)
from benchmarks.startup import Startup, measure_startup
from tools.engines import dynamodb_local

RESULTS = Path(__file__).with_name("results.md")
RUNS, QUICK_RUNS, QUICK_REQUESTS, QUICK_ORDERS = 7, 3, 20, 2000
QUICK_LISTINGS = 500


_EXAMPLES = """\b
Examples:
  python -m benchmarks
  python -m benchmarks --quick --no-packages --output /tmp/results.md
  python -m benchmarks --only orders
  python -m benchmarks --only catalogue --scale --requests 100
  python -m benchmarks --only channels
  python -m benchmarks --only floor
  python -m benchmarks --only migration --orders 250000
  python -m benchmarks --only startup --only packages
"""


@click.command(epilog=_EXAMPLES)
@click.option("--requests", default=300, show_default=True, type=click.IntRange(1), help="Timed, per call.")
@click.option(
    "--output",
    default=RESULTS,
    show_default="benchmarks/results.md",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the report is written.",
)
@click.option(
    "--quick", is_flag=True, help=f"{QUICK_REQUESTS} requests, fewer interpreters, {QUICK_ORDERS} orders."
)
@click.option(
    "--scale",
    is_flag=True,
    help=f"Catalogues of {' and '.join(f'{size:,}' for size in catalogue.LARGE_SIZES)} products as well.",
)
@click.option("--packages/--no-packages", default=True, help="Whether to build and weigh the packages.")
@click.option(
    "--orders",
    default=MOVED_ORDERS,
    show_default=True,
    type=click.IntRange(1),
    help="Moved from PostgreSQL.",
)
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(PARTS),
    help="Measure this part alone and leave the rest of the report as it is; may be repeated.",
)
def main(
    requests: int,
    output: Path,
    quick: bool,
    scale: bool,
    packages: bool,
    orders: int,
    only: tuple[str, ...],
) -> None:
    """Measure round trips, units, latency, channels, the move from PostgreSQL, import time, package size."""
    if quick:
        requests, orders = min(requests, QUICK_REQUESTS), min(orders, QUICK_ORDERS)
    runs = QUICK_RUNS if quick else RUNS
    listings = QUICK_LISTINGS if quick else LISTINGS
    parts = only or PARTS
    sizes = (*catalogue.SIZES, *(catalogue.LARGE_SIZES if scale else ()))
    results = run(
        requests,
        runs,
        packages=packages,
        parts=parts,
        moved_orders=orders,
        listings=listings,
        catalogue_sizes=sizes if CATALOGUE in parts else (),
    )
    text = render(results, output.read_text(encoding="utf-8") if only and output.exists() else "")
    output.write_text(text, encoding="utf-8")
    if results.catalogue:
        drawing = picture(results.catalogue)
        output.with_name(catalogue.CATALOGUE_PICTURE).write_text(drawing, encoding="utf-8")
    click.echo(text)
    click.echo(f"Written to {output}.", err=True)


def run(
    requests: int,
    runs: int,
    *,
    packages: bool,
    parts: Sequence[str] = PARTS,
    moved_orders: int = MOVED_ORDERS,
    listings: int = LISTINGS,
    catalogue_sizes: Sequence[int] = (),
) -> Results:
    """What `parts` name: so many requests a call, interpreters a domain, orders moved, sizes of catalogue."""
    _say("starting DynamoDB Local")
    with dynamodb_local.start() as engine:
        isolate(os.environ, engine.endpoint)
        application = importlib.import_module("app")
        comparisons = _comparisons(application, requests) if CATALOG in parts else {}
        by_size = measure_catalogue(_say, requests, catalogue_sizes) if catalogue_sizes else None
        orders = measure_orders(application.app, requests, _say) if ORDERS in parts else []
        people = measure_people(application.app, requests, _say) if PEOPLE in parts else []
        floor = _floor(application, requests, runs) if FLOOR in parts else Floor((), ())
        channels = measure_channels(_say, listings) if CHANNELS in parts else None
        migration = measure_migration(moved_orders, _say) if MIGRATION in parts else None
    return Results(
        python=f"{platform.python_implementation()} {platform.python_version()}",
        engine=f"DynamoDB Local ({dynamodb_local.PACKAGE})",
        requests=requests,
        runs=runs,
        comparisons=comparisons,
        orders=orders,
        startups=_startups(application.DOMAINS, runs) if STARTUP in parts else [],
        packages=_packages(application.DOMAINS) if packages and PACKAGES in parts else None,
        measured=parts,
        migration=migration,
        channels=channels,
        people=people,
        floor=floor,
        catalogue=by_size,
    )


def _comparisons(application: ModuleType, requests: int) -> dict[int, list[Comparison]]:
    return {size: measure(application.app, size, requests, _say) for size in SIZES}


def _floor(application: ModuleType, requests: int, runs: int) -> Floor:
    calls = measure_floor(application.app, -(-requests // BLOCK), _say)
    return Floor(calls, measure_starts(application.DOMAINS, runs))


def _startups(domains: Sequence[str], runs: int) -> list[Startup]:
    _say("cold imports")
    return measure_startup(domains, runs)


def _packages(domains: Sequence[str]) -> list[Package]:
    _say("building the packages")
    return measure_packages(domains)


def _say(text: str) -> None:
    click.echo(f"{text} ...", err=True)


if __name__ == "__main__":
    main()
