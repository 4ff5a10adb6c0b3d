"""Percentiles of what was measured, by the nearest-rank method."""

from collections.abc import Sequence
from typing import TypeVar

Number = TypeVar("Number", int, float)


def percentile(durations: Sequence[Number], percent: int) -> Number:
    """The smallest duration that `percent` (1 to 100) of all do not exceed.

    ValueError without durations.
    """
    if not durations:
        raise ValueError("nothing was measured")
    rank = -(-len(durations) * percent // 100)
    return sorted(durations)[max(rank, 1) - 1]
