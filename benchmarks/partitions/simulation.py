"""Replays recorded journeys second by second, and finds at which rate a partition reaches its limit.

Every recorded journey comes by itself, as a Poisson process. The numbers that it is drawn from are fixed: the
same input gives the same output.
"""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, sqrt
from statistics import NormalDist

from benchmarks.partitions.accesses import Access
from benchmarks.partitions.traces import SHARES, Trace

READ_LIMIT, WRITE_LIMIT = 3000, 1000
"""Units a second of one partition
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html)."""
BURST_S = 300
"""How many seconds of unused provisioned capacity a table keeps
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html)."""
PAGE_S = 10
"""How long a visitor stays on a page, in seconds: assumed."""
HOUR_S = 3600
WINDOW_S = 300
# What belongs to one buyer or one order: as many partitions as there are of them, so none gets hot.
OWN = (
    "CART#", "ORDER#", "ORDER_EMAIL#", "IDEMPOTENCY#", "RATE_LIMIT#", "STOCK_MOVEMENT#", "NOTIFICATION#",
    "PAYMENT_EVENT#",
)  # fmt: skip
_FEW = 30

READ, WRITE = "read", "write"
Place = tuple[str, str, str]
"""The table or an index, the partition key, READ or WRITE."""
Units = Mapping[int, float]
"""By the second since the journey began."""


@dataclass(frozen=True, slots=True)
class Visits:
    """One recorded journey: its share of all visits, and what it asks of one place."""

    share: float
    units: Units


def places(traces: Sequence[Trace], *, with_own: bool = False) -> dict[Place, list[Visits]]:
    """What the journeys ask of each partition that all share, or of all of them by table and index."""
    found: dict[Place, list[Visits]] = defaultdict(list)
    for trace in traces:
        share = SHARES[trace.kind] / sum(each.kind == trace.kind for each in traces)
        for place, units in _asked(trace, with_own=with_own).items():
            found[place].append(Visits(share, units))
    return dict(found)


def _asked(trace: Trace, *, with_own: bool) -> dict[Place, dict[int, float]]:
    asked: dict[Place, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for number, page in enumerate(trace.pages):
        for access in page:
            if with_own or not access.partition.startswith(OWN):
                partition = "" if with_own else access.partition
                for kind, units in _kinds(access):
                    asked[access.where, partition, kind][number * PAGE_S] += units
    return asked


def _kinds(access: Access) -> list[tuple[str, float]]:
    return [(kind, units) for kind, units in ((READ, access.read), (WRITE, access.write)) if units]


def mean_units(visits: Sequence[Visits]) -> float:
    """Units of one visit, on average."""
    return sum(each.share * sum(each.units.values()) for each in visits)


def loads(visits: Sequence[Visits], visits_an_hour: float, seconds: int = WINDOW_S) -> list[float]:
    """Units in each of so many seconds, once as many visitors are there as come and go."""
    longest = max((second for each in visits for second in each.units), default=0)
    found = [0.0] * seconds
    for number, each in enumerate(visits):
        rate = visits_an_hour / HOUR_S * each.share
        for start, drawn in enumerate(_numbers(number, seconds + longest), -longest):
            arrivals = poisson(rate, drawn)
            if not arrivals:
                continue
            for offset, units in each.units.items():
                if 0 <= start + offset < seconds:
                    found[start + offset] += arrivals * units
    return found


@cache
def _numbers(journey: int, count: int) -> tuple[float, ...]:
    dice = random.Random(journey)  # noqa: S311 - a simulation that gives the same each time
    return tuple(dice.random() for _ in range(count))


def poisson(mean: float, drawn: float) -> int:
    """How many events a Poisson process of this mean does not exceed with probability `drawn` (0 to 1)."""
    if mean > _FEW:
        return max(0, round(mean + sqrt(mean) * NormalDist().inv_cdf(min(max(drawn, 1e-12), 1 - 1e-12))))
    count, probability = 0, exp(-mean)
    reached = probability
    while reached < drawn and count < 10 * _FEW:
        count += 1
        probability *= mean / count
        reached += probability
    return count


def first_limit(visits: Sequence[Visits], limit: float) -> float:
    """The highest number of visits an hour, to a hundredth, at which no second asks for more than `limit`.

    A partition's limit knows no burst: what AWS keeps of unused capacity does not lift it.
    """
    mean = mean_units(visits)
    low, high = 0.0, HOUR_S * limit / mean
    while high - low > high / 200:
        middle = (low + high) / 2
        if max(loads(visits, middle)) <= limit:
            low = middle
        else:
            high = middle
    return low


def throttled(asked: Sequence[float], capacity: float) -> float:
    """The share of units that provisioned capacity refuses: what is unused is kept for BURST_S seconds.

    `asked` are units by the second; the bucket is full at the beginning.
    """
    kept, refused = capacity * BURST_S, 0.0
    for units in asked:
        kept = min(kept + capacity, capacity * BURST_S)
        given = min(units, kept)
        kept -= given
        refused += units - given
    return refused / (sum(asked) or 1.0)


def split(total: int, means: Mapping[str, float]) -> dict[str, int]:
    """Whole units for table and indexes, at least one each, so that the busiest is least busy."""
    found = dict.fromkeys(means, 1)
    for _ in range(total - len(found)):
        found[max(found, key=lambda name: means[name] / found[name])] += 1
    return found
