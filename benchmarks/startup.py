"""Measures cold imports: what each domain adds to chalice, boto3 and one client in a fresh interpreter."""

import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUDGET_NS = 60_000_000
SHOWN = 5
TRACES = 3
OURS = ("app", "common", "catalog", "orders", "content", "shop", "etsy_sync")

_MARK = "-- what Lambda's runtime brings ends here --"
_PROGRAM = f"""
import sys, time
started = time.perf_counter_ns()
import boto3, chalice
boto3.client("dynamodb", region_name="eu-west-1")
ready = time.perf_counter_ns()
print({_MARK!r}, file=sys.stderr, flush=True)
import app
print(ready - started, time.perf_counter_ns() - ready)
"""

Entry = tuple[str, int]
"""A name and its own import time in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Startup:
    """What every domain has to import, what this one adds, and what that consists of, in ns.

    `base` and `added` are medians; `quickest` is what was added when the machine was disturbed least.
    `modules` are the most expensive modules of ours, `brought` the most expensive packages that they
    bring; both by their own time without what they import in turn.
    """

    domain: str
    base: int
    added: int
    quickest: int
    modules: tuple[Entry, ...]
    brought: tuple[Entry, ...]

    @property
    def holds(self) -> bool:
        """Whether the import stays within the budget."""
        return self.added <= BUDGET_NS


def measure_startup(domains: Sequence[str], runs: int) -> list[Startup]:
    """The cold imports of `domains`, each the median of `runs` interpreters, byte-compiled."""
    with tempfile.TemporaryDirectory() as cache:
        for domain in domains:
            _run(domain, cache)
        timed: dict[str, list[tuple[int, int]]] = {domain: [] for domain in domains}
        for _ in range(runs):
            for domain in domains:
                base, added = _run(domain, cache).stdout.split()
                timed[domain].append((int(base), int(added)))
        traces = {domain: [_trace(domain, cache) for _ in range(TRACES)] for domain in domains}
    return [_startup(domain, timed[domain], traces[domain]) for domain in domains]


def read_trace(lines: Iterable[str]) -> dict[str, int]:
    """The own time in ns of each module in the output of `-X importtime`, from the mark on."""
    found: dict[str, int] = {}
    marked = False
    for line in lines:
        marked = marked or line.startswith(_MARK)
        text, _, fields = line.partition(":")
        parts = fields.split("|")
        if marked and text == "import time" and len(parts) == 3 and parts[0].strip().isdigit():
            found[parts[2].strip()] = int(parts[0]) * 1000
    return found


def _trace(domain: str, cache: str) -> dict[str, int]:
    return read_trace(_run(domain, cache, "-X", "importtime").stderr.splitlines())


def _run(domain: str, cache: str, *options: str) -> subprocess.CompletedProcess[str]:
    # A cache of its own: compiled once for all runs, and nothing is left in the project.
    environment = os.environ | {"SHOP_DOMAINS": domain, "PYTHONPYCACHEPREFIX": cache}
    command = [sys.executable, *options, "-c", _PROGRAM]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)


def _startup(domain: str, timed: Sequence[tuple[int, int]], traces: Sequence[Mapping[str, int]]) -> Startup:
    modules: dict[str, int] = {}
    brought: dict[str, int] = defaultdict(int)
    for name in traces[0]:
        own_time = int(statistics.median(trace.get(name, 0) for trace in traces))
        package = name.partition(".")[0]
        if package in OURS:
            modules[name] = own_time
        else:
            brought[package] += own_time
    return Startup(
        domain=domain,
        base=int(statistics.median(base for base, _ in timed)),
        added=int(statistics.median(added for _, added in timed)),
        quickest=min(added for _, added in timed),
        modules=_dearest(modules),
        brought=_dearest(brought),
    )


def _dearest(times: Mapping[str, int]) -> tuple[Entry, ...]:
    return tuple(sorted(times.items(), key=lambda entry: (-entry[1], entry[0]))[:SHOWN])
