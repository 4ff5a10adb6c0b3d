"""Measures a domain's cold start up to its first row, in processor time, beside that of a bare client."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.startup import ROOT
from common.dynamodb import create_table, delete_table, reset_client, table_name

NOTHING, BARE, BARE_OF_BOTOCORE = "the interpreter", "a bare boto3 client", "a bare botocore client"

_READ = """
client.get_item(TableName="{table}", Key={{"PK": {{"S": "A"}}, "SK": {{"S": "B"}}}})
"""
_PROGRAMS = {
    NOTHING: "pass",
    BARE: """
import boto3
client = boto3.client("dynamodb", endpoint_url="{endpoint}")
""" + _READ,
    BARE_OF_BOTOCORE: """
import botocore.session
client = botocore.session.get_session().create_client("dynamodb", endpoint_url="{endpoint}")
""" + _READ,
}  # fmt: skip
_OURS = """
import app
from common.dynamodb import get_item
get_item(("A", "B"))
"""
_SPENT = """
from resource import RUSAGE_SELF, getrusage
used = getrusage(RUSAGE_SELF)
print(used.ru_utime + used.ru_stime)
"""
# What makes a process look like one of Lambda's.
_LAMBDA = {"AWS_LAMBDA_FUNCTION_NAME": "benchmarks"}
_UNKNOWN_TO_LAMBDA = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE")


@dataclass(frozen=True, slots=True)
class StartSample:
    """What a program takes of the processor, in ns without the interpreter itself.

    `ratio` is that to the bare boto3 client of the same turn. Both are medians.
    """

    name: str
    cpu: int
    ratio: float


def measure_starts(domains: Sequence[str], runs: int) -> list[StartSample]:
    """The two bare clients and each domain on the engine of the environment; medians of `runs` turns."""
    place = {"endpoint": os.environ["DYNAMODB_ENDPOINT"], "table": table_name()}
    programs = {name: (program.format(**place), "") for name, program in _PROGRAMS.items()}
    programs |= {domain: (_OURS, domain) for domain in domains}
    reset_client()
    create_table()
    try:
        with tempfile.TemporaryDirectory() as cache:
            # The first turn compiles what the others read.
            turns = [
                {name: _run(program, domain, cache) for name, (program, domain) in programs.items()}
                for _ in range(1 + runs)
            ][1:]
    finally:
        delete_table()
    return [_sample(name, turns) for name in programs if name != NOTHING]


def _run(program: str, domain: str, cache: str) -> int:
    """The processor time of a fresh interpreter in ns, as a function of Lambda's has it."""
    environment = os.environ | _LAMBDA | {"PYTHONPYCACHEPREFIX": cache}
    environment = {name: it for name, it in environment.items() if name not in _UNKNOWN_TO_LAMBDA}
    if domain:
        environment["SHOP_DOMAINS"] = domain
    command = [sys.executable, "-c", program + _SPENT]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    return int(float(done.stdout.split()[-1]) * 1_000_000_000)


def _sample(name: str, turns: Sequence[dict[str, int]]) -> StartSample:
    own = [turn[name] - turn[NOTHING] for turn in turns]
    ratios = [(turn[name] - turn[NOTHING]) / (turn[BARE] - turn[NOTHING]) for turn in turns]
    return StartSample(name, int(median(own)), median(ratios))
