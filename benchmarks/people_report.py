"""The report's section on people."""

from collections.abc import Sequence

from benchmarks.people import USERS, PersonSample
from benchmarks.tables import limits, milliseconds, table, verdict

_NOTE = """\
{requests} timed requests of an administrator for each call, of {users:,} accounts, with {python}
on {engine}. Each request reads the standing of its token besides: one trip and one unit,
which are left out.
"""


def render_people(samples: Sequence[PersonSample], requests: int, python: str, engine: str) -> str:
    """What follows the section's heading, in Markdown."""
    rows = [
        (
            found.call.name,
            found.trips,
            found.read,
            found.write,
            limits(found.call.budget),
            verdict(found.holds),
            milliseconds(found.p50),
            milliseconds(found.p99),
        )
        for found in samples
    ]
    heads = ("call", "trips", "read units", "write units", "budget", "holds", "p50 ms", "p99 ms")
    note = _NOTE.format(requests=requests, users=USERS, python=python, engine=engine)
    return "\n".join([table(heads, rows), note])
