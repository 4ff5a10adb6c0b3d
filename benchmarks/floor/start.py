"""Measures the cold start of one domain: its import and client beside a bare client, in processor time."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.startup import ROOT

BARE, BARE_OF_BOTOCORE = "a bare boto3 client", "a bare botocore client"
NOTHING = "the interpreter"

_MADE = 'create_client("dynamodb", region_name="eu-west-1")'
_PROGRAMS = {
    NOTHING: "pass",
    BARE: 'import boto3; boto3.client("dynamodb", region_name="eu-west-1")',
    BARE_OF_BOTOCORE: f"import botocore.session; botocore.session.get_session().{_MADE}",
}
_OURS = "import app; from common.dynamodb import get_client; get_client()"
_SPENT = """
from resource import RUSAGE_SELF, getrusage
used = getrusage(RUSAGE_SELF)
print(used.ru_utime + used.ru_stime)
"""


@dataclass(frozen=True, slots=True)
class StartSample:
    """What a program takes of the processor, in ns without the interpreter itself.

    `ratio` is that to the bare boto3 client of the same turn. Both are medians.
    """

    name: str
    cpu: int
    ratio: float


def measure_starts(domains: Sequence[str], runs: int) -> list[StartSample]:
    """The two bare clients, and import and client of each domain; medians of `runs` turns, byte-compiled."""
    programs = {name: (program, "") for name, program in _PROGRAMS.items()}
    programs |= {domain: (_OURS, domain) for domain in domains}
    with tempfile.TemporaryDirectory() as cache:
        for program, domain in programs.values():
            _run(program, domain, cache)
        turns = [
            {name: _run(program, domain, cache) for name, (program, domain) in programs.items()}
            for _ in range(runs)
        ]
    return [_sample(name, turns) for name in programs if name != NOTHING]


def _run(program: str, domain: str, cache: str) -> int:
    """The processor time of a fresh interpreter in ns."""
    environment = os.environ | {"PYTHONPYCACHEPREFIX": cache} | ({"SHOP_DOMAINS": domain} if domain else {})
    command = [sys.executable, "-c", program + _SPENT]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    return int(float(done.stdout.split()[-1]) * 1_000_000_000)


def _sample(name: str, turns: Sequence[dict[str, int]]) -> StartSample:
    own = [turn[name] - turn[NOTHING] for turn in turns]
    ratios = [(turn[name] - turn[NOTHING]) / (turn[BARE] - turn[NOTHING]) for turn in turns]
    return StartSample(name, int(median(own)), median(ratios))
