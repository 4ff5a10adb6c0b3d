"""Tests of leases: one worker at a time, and a lost answer takes nobody's lease."""

from datetime import timedelta

import pytest

from common.clock import utc_now
from common.leases import LeaseTaken, acquire, held, release
from tests.support.wire import lose_answer, without_waiting

NOW = utc_now()

pytestmark = pytest.mark.usefixtures("table")


def test_a_lease_is_one_workers() -> None:
    assert acquire("job", "a", NOW, 60)
    assert not acquire("job", "b", NOW, 60)
    assert acquire("job", "b", NOW + timedelta(seconds=60), 60)


def test_a_lost_answer_neither_loses_nor_keeps_a_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    without_waiting(monkeypatch)
    lose_answer("UpdateItem")
    assert acquire("job", "a", NOW, 60)
    lose_answer("DeleteItem")
    release("job", "a")
    assert acquire("job", "b", NOW, 60)


def test_a_lease_that_ended_is_not_ended_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    without_waiting(monkeypatch)
    assert acquire("job", "a", NOW, 60)
    # The next worker takes it between the deletion and its repetition.
    lose_answer("DeleteItem", then=lambda: acquire("job", "b", NOW, 60))
    release("job", "a")
    assert not acquire("job", "c", NOW, 60)


def test_a_lease_that_another_took_after_the_lost_answer_is_not_ones_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without_waiting(monkeypatch)
    later = NOW + timedelta(seconds=120)
    lose_answer("UpdateItem", then=lambda: acquire("job", "b", later, 60))
    assert not acquire("job", "a", NOW, 60)
    assert not acquire("job", "c", later, 60)


def test_a_block_runs_once_under_its_lease() -> None:
    with held("job", NOW, 60):
        assert not acquire("job", "b", NOW, 60)
        with pytest.raises(LeaseTaken), held("job", NOW, 60):
            pytest.fail("ran beside the other")
    assert acquire("job", "b", NOW, 60)
