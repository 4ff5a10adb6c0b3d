"""Reads side by side: at the same time, metered as if they were made one by one."""

from threading import Barrier

import pytest

from common.dynamodb import get_item, meter
from common.parallel import side_by_side


def test_all_calls_run_at_the_same_time() -> None:
    met = Barrier(3, timeout=10)
    with side_by_side(3) as start:
        results = [start(met.wait) for _ in range(3)]
    assert sorted(result.result() for result in results) == [0, 1, 2]


def test_what_a_call_raises_comes_with_its_result() -> None:
    def fail() -> int:
        raise LookupError("gone")

    with side_by_side(2) as start:
        failed, fine = start(fail), start(lambda: 7)
    assert fine.result() == 7
    with pytest.raises(LookupError, match="gone"):
        failed.result()


def test_the_meter_of_the_caller_counts_every_call(table: str) -> None:
    with meter() as usage, side_by_side(4) as start:
        for number in range(12):
            start(lambda number=number: get_item(("NOTHING", str(number))))  # type: ignore[misc]
    assert usage.calls == len(usage.operations) == 12
