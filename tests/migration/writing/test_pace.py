"""As many requests at once as pay off, and fewer when the service refuses some."""

import threading
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from migration.writing.pace import FIRST, SAMPLE_ROWS, Pace

SAMPLES = 30


def _limits(most: int, rate: Callable[[int], float], refused: Iterator[int] | None = None) -> list[int]:
    """The number at once after each of some samples, when `rate` rows a second are written by so many."""
    now, refusals = 0.0, refused or iter([0] * (SAMPLES + 1))
    pace = Pace(most, clock=lambda: now, refusals=lambda: next(refusals))
    found = []
    for _ in range(SAMPLES):
        now += SAMPLE_ROWS / rate(pace.limit)
        with pace.request(SAMPLE_ROWS):
            pass
        found.append(pace.limit)
    return found


def test_it_grows_to_the_most_while_each_one_more_makes_it_quicker() -> None:
    found = _limits(8, lambda at_once: 1000.0 * at_once)
    assert found[0] == FIRST + 1
    # Now and then it tries whether fewer are as quick.
    assert set(found[8:]) == {7, 8}


@pytest.mark.parametrize("best", [1, 2, 4, 6])
def test_it_stays_near_the_number_beyond_which_it_becomes_slower(best: int) -> None:
    found = _limits(16, lambda at_once: 1000.0 * (at_once if at_once <= best else best / at_once))
    assert all(abs(limit - best) <= 2 for limit in found[SAMPLES // 2 :])


def test_it_is_halved_when_calls_are_refused() -> None:
    found = _limits(16, lambda at_once: 1000.0 * at_once, refused=count())
    assert found == [1] * SAMPLES


@pytest.mark.parametrize("most", [1, 2, 5])
def test_there_are_never_more_than_the_most(most: int) -> None:
    assert set(_limits(most, lambda at_once: 1000.0 * at_once)) <= set(range(1, most + 1))


def test_a_thread_waits_until_it_may_begin() -> None:
    pace = Pace(FIRST)
    inside: list[int] = []
    lock = threading.Lock()
    most = 0

    def work() -> None:
        nonlocal most
        for _ in range(50):
            with pace.request(1):
                with lock:
                    inside.append(1)
                    most = max(most, len(inside))
                with lock:
                    inside.pop()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= most <= FIRST
