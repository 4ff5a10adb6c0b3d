"""`python -m benchmarks.memory`: what a function's memory costs and how long its callers wait for it.

The real package is started as Lambda starts it, asked, and its processor time is read. Lambda gives 1,769 MB
one processor and less memory so much less of it; the bill is memory times duration, the start included.
"""

import json
import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from benchmarks.cpu_share import limited_to, share_of
from benchmarks.environment import isolate
from benchmarks.shop import fill, make_shop
from benchmarks.tables import table
from common.dynamodb import create_table
from tools.engines import dynamodb_local
from tools.package.build import ZIP, build
from tools.paths import ROOT

STAGE, PRODUCTS = "prod", 500
MEMORIES = (256, 512, 1024, 1769)
# Waited for DynamoDB, during which the function needs no processor and is billed all the same.
ROUND_TRIP_S = 0.005
# A list of 20, a product's page, and the personaggi: what a visit asks for most.
CALLS: tuple[tuple[str, dict[str, list[str]], dict[str, str], int], ...] = (
    ("/api/products", {"per_page": ["20"]}, {}, 2),
    ("/api/products/{product}", {}, {"product": "1"}, 1),
    ("/api/personaggi", {}, {}, 1),
)
PROGRAM = """
import json, os, sys, time
tree, group, rounds, events = sys.argv[1], sys.argv[2], int(sys.argv[3]), json.loads(sys.argv[4])
if group:
    open(group, "w").write(str(os.getpid()))
began = time.perf_counter()
sys.path.insert(0, tree)
import app
seen = [(time.process_time(), time.perf_counter() - began)]
sys.stdout = open(os.devnull, "w")
for event in events * (rounds + 1):
    used, at = time.process_time(), time.perf_counter()
    status = app.app(event, None)["statusCode"]
    assert status == 200, (event, status)
    seen.append((time.process_time() - used, time.perf_counter() - at))
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({"seen": seen, "peak_kb": int(peak)}), file=sys.__stdout__)
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One process: processor seconds and seconds of the import and of each request, and its most memory."""

    used: list[float]
    waited: list[float]
    peak_mb: float

    @property
    def cold(self) -> float:
        """Processor seconds of the import and of the first request."""
        return self.used[0] + self.used[1]

    @property
    def warm(self) -> float:
        """Processor seconds of a request, of all that come after the first of each kind."""
        return statistics.mean(self.used[1 + len(CALLS) :])


@dataclass(frozen=True, slots=True)
class Choice:
    """What a size of memory means: seconds of a start with its first request and of a warm request."""

    memory_mb: int
    cold: float
    warm: float

    def gb_seconds(self, requests: int, starts: int) -> float:
        """What so many requests, of which so many start a function, are billed."""
        duration = starts * self.cold + (requests - starts) * self.warm
        return duration * self.memory_mb / 1024


def choose(cold: float, warm: float, memory_mb: int) -> Choice:
    """What memory makes of processor seconds."""
    share, trips = share_of(memory_mb), statistics.mean(trips for *_, trips in CALLS)
    waiting = trips * ROUND_TRIP_S
    return Choice(memory_mb, cold / share + waiting, warm / share + waiting)


def start(tree: Path, share: float, rounds: int) -> Run | None:
    """One start with so much of a processor; None where this machine cannot limit it."""
    with limited_to(share) as group:
        if group is None and share < 1:
            return None
        # Python itself, and boto3 from here, as Lambda's runtime brings it.
        environment = os.environ | {"PYTHONPATH": sysconfig.get_path("purelib")}
        arguments = [str(tree), str(group or ""), str(rounds), json.dumps([_event(*call) for call in CALLS])]
        made = subprocess.run(
            [sys.executable, "-S", "-B", "-P", "-c", PROGRAM, *arguments],
            cwd=tree,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
    said = json.loads(made.stdout)
    used, waited = zip(*said["seen"], strict=True)
    return Run(list(used), list(waited), said["peak_kb"] / 1024)


def _event(route: str, query: dict[str, list[str]], params: dict[str, str], _: int) -> dict[str, Any]:
    about = {"httpMethod": "GET", "resourcePath": route, "identity": {"sourceIp": "192.0.2.1"}}
    given = {"multiValueQueryStringParameters": query, "pathParameters": params}
    return {"path": route, "headers": {}, "requestContext": about, **given}


def report(runs: Sequence[Run], throttled: dict[int, Run | None], requests: int, starts: int) -> str:
    """The table, and what it was worked out from."""
    cold, warm = (statistics.median(getattr(run, name) for run in runs) for name in ("cold", "warm"))
    rows = [_row(choose(cold, warm, memory), throttled.get(memory), requests, starts) for memory in MEMORIES]
    heads = ["MB", "share", "cold ms", "warm ms", "cold ms, limited", "GB-s a month", "of the free 400,000"]
    peak = max(run.peak_mb for run in runs)
    about = (
        f"{cold * 1000:.0f} ms of processor time for a start with its first request, {warm * 1000:.1f} ms "
        f"for a warm one; at most {peak:.0f} MB in memory. "
        f"A month of {requests:,} requests and {starts:,} starts.\n\n"
    )
    return about + table(heads, rows)


def _row(choice: Choice, seen: Run | None, requests: int, starts: int) -> list[str]:
    billed = choice.gb_seconds(requests, starts)
    return [
        f"{choice.memory_mb:,}",
        f"{share_of(choice.memory_mb):.2f}",
        f"{choice.cold * 1000:.0f}",
        f"{choice.warm * 1000:.0f}",
        f"{(seen.waited[0] + seen.waited[1]) * 1000:.0f}" if seen else "–",
        f"{billed:,.0f}",
        f"{billed / 400_000:.1%}",
    ]


_EXAMPLES = """\b
Examples:
  python -m benchmarks.memory
  python -m benchmarks.memory --requests 3650000 --starts 20000
"""


@click.command(epilog=_EXAMPLES)
@click.option("--runs", default=5, show_default=True, type=click.IntRange(1), help="Starts of the package.")
@click.option(
    "--rounds", default=50, show_default=True, type=click.IntRange(1), help="Requests of each kind."
)
@click.option("--requests", default=365_000, show_default=True, help="In a month.")
@click.option("--starts", default=7_300, show_default=True, help="Of them, how many find no function ready.")
def main(runs: int, rounds: int, requests: int, starts: int) -> None:
    """Measure the package's processor time and memory, and work out what each size of a function costs."""
    with dynamodb_local.start() as engine, tempfile.TemporaryDirectory() as folder:
        isolate(os.environ, engine.endpoint)
        create_table()
        fill(make_shop(PRODUCTS))
        tree = unpacked(Path(folder))
        measured = [run for _ in range(runs) if (run := start(tree, 1, rounds))]
        throttled = {memory: start(tree, share_of(memory), 1) for memory in MEMORIES}
    click.echo(report(measured, throttled, requests, starts))


def unpacked(folder: Path) -> Path:
    """The stage's package, built and unpacked as Lambda unpacks it."""
    build(STAGE, folder, ROOT)
    with zipfile.ZipFile(folder / ZIP) as packed:
        packed.extractall(folder / "tree")
    return folder / "tree"


if __name__ == "__main__":
    main()
