"""Times callables side by side."""

import gc
import time
from collections.abc import Callable, Sequence

Ask = Callable[[], object]

ROUNDS = 30


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
