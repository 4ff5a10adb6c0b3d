"""The report's section on the floor."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.floor.measure import BLOCK, CLIENT, HANDLER, WIRE, FloorSample
from benchmarks.floor.start import StartSample
from benchmarks.tables import milliseconds, table, verdict

MOST_OF_CLIENT, MOST_OF_WIRE, MOST_OF_START = 1.0, 2.0, 1.0

_WARM_NOTE = """\
How near the handler comes to what cannot be spared, in one process and in turns: *handler* is the whole
request through the handler, as in Lambda; *client* the same calls to DynamoDB by boto3's own client with
nothing set, and each answer written by `json.dumps`; *raw* the same bytes by `http.client` on a connection
that stays open. There were {rounds} rounds of {block} calls of each; a ratio is the median over the rounds.
*Processor* is the time of this process; the engine, which shares the machine, takes most of *raw*.
Measured with {python} on {engine}.

To repeat: `python -m benchmarks --only floor`.
"""

_START_NOTE = """\
Processor time of a fresh interpreter up to its first row, less that of one that does nothing: `import app`
with one domain and a read through the access layer, as a function of Lambda's does it, beside the same read
by a bare client of boto3 and by one of botocore alone. Byte-compiled, medians of {runs} turns, over HTTP
without TLS: on AWS both sides read the certificates besides.
"""


@dataclass(frozen=True, slots=True)
class Floor:
    """All that was measured of it."""

    calls: Sequence[FloorSample]
    starts: Sequence[StartSample]


def render_floor(floor: Floor, runs: int, python: str, engine: str) -> str:
    """What follows the section's heading, in Markdown."""
    rounds = len(floor.calls[0].rounds) if floor.calls else 0
    note = _WARM_NOTE.format(rounds=rounds, block=BLOCK, python=python, engine=engine)
    return "\n".join([note, _warm(floor.calls), _START_NOTE.format(runs=runs), _starts(floor.starts)])


def _warm(calls: Sequence[FloorSample]) -> str:
    heads = (
        "call", "trips", "handler: ms", "client: ms", "raw: ms",
        f"handler/client ≤ {MOST_OF_CLIENT}", "holds", f"handler/raw ≤ {MOST_OF_WIRE}", "holds",
        "processor: handler, ms", "handler/client",
    )  # fmt: skip
    return table(heads, [_row(found) for found in calls])


def _row(found: FloorSample) -> tuple[object, ...]:
    to_client, to_wire = found.ratio(HANDLER, CLIENT), found.ratio(HANDLER, WIRE)
    return (
        found.call.name,
        found.trips,
        *(milliseconds(found.wall(side)) for side in (HANDLER, CLIENT, WIRE)),
        f"{to_client:.2f}",
        verdict(to_client <= MOST_OF_CLIENT),
        f"{to_wire:.2f}",
        verdict(to_wire <= MOST_OF_WIRE),
        milliseconds(found.cpu(HANDLER)),
        f"{found.cpu_ratio(HANDLER, CLIENT):.2f}",
    )


def _starts(starts: Sequence[StartSample]) -> str:
    rows = [
        (found.name, milliseconds(found.cpu, 0), f"{found.ratio:.2f}", verdict(found.ratio <= MOST_OF_START))
        for found in starts
    ]
    return table(("start", "processor: ms", f"of a bare boto3 client ≤ {MOST_OF_START}", "holds"), rows)
