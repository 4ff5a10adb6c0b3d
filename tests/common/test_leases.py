"""Tests of leases: one worker at a time, and a lost answer takes nobody's lease."""

from datetime import timedelta

import pytest

from common.clock import iso, utc_now
from common.dynamodb import Item, Update, attr, get_item
from common.leases import Lease, LeaseTaken, acquire, change, give_up, held, release, take
from tests.support.races import just_before
from tests.support.wire import lose_answer, without_waiting

NOW = utc_now()

pytestmark = pytest.mark.usefixtures("table")

ROW = ("REFUND#1", "METADATA")
CLAIM = Lease(stamp="claimed_until", written=iso, lasts=timedelta(seconds=60))
RUN = Lease(stamp="started_at", written=iso, lasts=timedelta(minutes=20), tells_start=True)
OWNED = Lease(stamp="lease_until", written=iso, lasts=timedelta(seconds=60), owner="lease_owner")


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


def stored() -> Item:
    """The row that leases stand in, without its keys."""
    row = get_item(ROW, consistent=True) or {}
    return {name: value for name, value in row.items() if name not in ("PK", "SK")}


@pytest.mark.parametrize("lease", [CLAIM, RUN])
def test_a_lease_without_an_owner_is_told_by_its_stamp(lease: Lease[str]) -> None:
    assert take(ROW, lease, NOW, Update().set("status", "pending"))
    assert stored() == {"status": "pending", lease.stamp: lease.stamp_at(NOW)}
    assert not take(ROW, lease, NOW), "not even by who asks twice in one moment"
    assert not take(ROW, lease, NOW + lease.lasts - timedelta(milliseconds=1))
    assert take(ROW, lease, NOW + lease.lasts)
    ended = lease.ended(Update())
    assert change(ROW, ended, lease.held_by(lease.stamp_at(NOW))) is None, "it is another's by now"
    assert change(ROW, ended, lease.held_by(lease.stamp_at(NOW + lease.lasts))) is not None
    assert stored() == {"status": "pending"}


@pytest.mark.parametrize("lease", [CLAIM, RUN])
def test_a_row_tells_who_reads_it_whether_its_lease_is_free(lease: Lease[str]) -> None:
    stamp = lease.stamp_at(NOW)
    assert lease.is_free(None, NOW)
    assert not lease.is_free(stamp, NOW)
    assert not lease.is_free(stamp, NOW + lease.lasts - timedelta(milliseconds=1))
    assert lease.is_free(stamp, NOW + lease.lasts)


def test_a_lease_in_a_row_is_given_up_by_its_owner_and_leaves_the_row() -> None:
    assert take(ROW, OWNED, NOW, Update().set("version", 1), owner="a")
    give_up(ROW, OWNED, "b")
    assert stored()["lease_owner"] == "a"
    give_up(ROW, OWNED, "a")
    assert stored() == {"version": 1}


def test_a_lease_of_a_row_that_is_not_what_was_read_is_not_taken() -> None:
    assert take(ROW, OWNED, NOW, Update().set("version", 2), owner="a")
    later = NOW + OWNED.lasts
    assert not take(ROW, OWNED, later, owner="b", only_if=attr("version").eq(1))
    assert take(ROW, OWNED, later, owner="b", only_if=attr("version").eq(2))


def test_of_two_who_take_a_free_lease_at_once_one_has_it() -> None:
    with just_before("common.leases.update_item", lambda: take(ROW, CLAIM, NOW)):
        assert not take(ROW, CLAIM, NOW + timedelta(seconds=1))
    assert stored()["claimed_until"] == CLAIM.stamp_at(NOW)
