"""`python -m benchmarks`: measures everything on DynamoDB Local and writes the report."""

import importlib
import os
import platform
from pathlib import Path

import click

from benchmarks.calls import SIZES
from benchmarks.environment import isolate
from benchmarks.measure import measure
from benchmarks.packages import measure_packages
from benchmarks.report import Results, render
from benchmarks.startup import measure_startup
from tools.engines import dynamodb_local

RESULTS = Path(__file__).with_name("results.md")
RUNS, QUICK_RUNS, QUICK_REQUESTS = 7, 3, 20


@click.command()
@click.option("--requests", default=300, show_default=True, type=click.IntRange(1), help="Timed, per call.")
@click.option(
    "--output",
    default=RESULTS,
    show_default="benchmarks/results.md",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the report is written.",
)
@click.option("--quick", is_flag=True, help=f"{QUICK_REQUESTS} requests per call and fewer interpreters.")
@click.option("--packages/--no-packages", default=True, help="Whether to build and weigh the packages.")
def main(requests: int, output: Path, quick: bool, packages: bool) -> None:
    """Measure round trips, units, latency, import time and package size."""
    if quick:
        requests = min(requests, QUICK_REQUESTS)
    results = run(requests, QUICK_RUNS if quick else RUNS, packages=packages)
    text = render(results)
    output.write_text(text, encoding="utf-8")
    click.echo(text)
    click.echo(f"Written to {output}.", err=True)


def run(requests: int, runs: int, *, packages: bool) -> Results:
    """Everything measured, with `requests` per call and `runs` interpreters per domain."""
    _say("starting DynamoDB Local")
    with dynamodb_local.start() as engine:
        isolate(os.environ, engine.endpoint)
        application = importlib.import_module("app")
        comparisons = {size: measure(application.app, size, requests, _say) for size in SIZES}
    _say("cold imports")
    startups = measure_startup(application.DOMAINS, runs)
    if packages:
        _say("building the packages")
    return Results(
        python=f"{platform.python_implementation()} {platform.python_version()}",
        engine=f"DynamoDB Local ({dynamodb_local.PACKAGE})",
        requests=requests,
        runs=runs,
        comparisons=comparisons,
        startups=startups,
        packages=measure_packages(application.DOMAINS) if packages else None,
    )


def _say(text: str) -> None:
    click.echo(f"{text} ...", err=True)


if __name__ == "__main__":
    main()
