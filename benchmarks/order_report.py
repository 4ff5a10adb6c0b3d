"""The report's section on carts and orders."""

from collections.abc import Sequence

from benchmarks.order_measure import OrderSample
from benchmarks.tables import NONE, limits, milliseconds, table, verdict

_NOTE = """\
{requests} timed requests of each call with {python} on {engine}, not
replayed with the replaced Lambdas. Each request that writes finds a cart of its own that was stored
beforehand; pieces never run out. A checkout takes its lines and a discount code from the cart, empties
the cart, and carries an Idempotency-Key of its own. *In full* is in a shop with mail,
shipping rates, taxes by country and invoices that are issued when an order is placed; the first line is a
piece of a numbered edition, and the buyer is in Austria.

*AWS* is what AWS counts for the transaction of a checkout: two units for each started kilobyte of a row
and one for each started kilobyte of an index entry. DynamoDB Local counts actions that cost the same only
once. A budget for writes has to hold by both.
"""


def render_orders(samples: Sequence[OrderSample], requests: int, python: str, engine: str) -> str:
    """What follows the section's heading, in Markdown."""
    note = _NOTE.format(requests=requests, python=python, engine=engine)
    return "\n".join([_costs(samples), _latencies(samples), note])


def _costs(samples: Sequence[OrderSample]) -> str:
    rows = [
        (
            found.call.name,
            found.trips,
            found.read,
            found.write,
            NONE if found.aws_write is None else found.aws_write,
            limits(found.call.budget),
            verdict(found.holds),
        )
        for found in samples
    ]
    return table(("call", "trips", "read units", "write units", "AWS: write units", "budget", "holds"), rows)


def _latencies(samples: Sequence[OrderSample]) -> str:
    rows = [
        (found.call.name, found.rows, milliseconds(found.p50), milliseconds(found.p99), NONE)
        for found in samples
    ]
    return table(("call", "rows", "p50 ms", "p99 ms", "replaced: p50 ms"), rows)
