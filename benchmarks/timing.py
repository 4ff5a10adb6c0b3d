"""Times callables side by side and reads percentiles off the durations."""

import gc
import time
from collections.abc import Callable, Sequence

Ask = Callable[[], object]

ROUNDS = 30


def percentile(durations: Sequence[int], percent: int) -> int:
    """The smallest duration that `percent` (1 to 100) of all do not exceed: the nearest-rank method.

    ValueError without durations.
    """
    if not durations:
        raise ValueError("nothing was measured")
    rank = -(-len(durations) * percent // 100)
    return sorted(durations)[max(rank, 1) - 1]


def time_in_turns(asks: Sequence[Ask], requests: int, rounds: int = ROUNDS) -> list[list[int]]:
    """The durations in nanoseconds of `requests` calls of each of `asks`, after one that does not count.

    The calls alternate in `rounds` blocks, so that a busy moment of the machine falls on all of them.
    """
    durations: list[list[int]] = [[] for _ in asks]
    for ask in asks:
        ask()
    gc.collect()
    for block in _blocks(requests, rounds):
        for ask, spent in zip(asks, durations, strict=True):
            for _ in range(block):
                started = time.perf_counter_ns()
                ask()
                spent.append(time.perf_counter_ns() - started)
    return durations


def _blocks(requests: int, rounds: int) -> list[int]:
    size, rest = divmod(requests, rounds)
    return [size + (index < rest) for index in range(rounds)]
