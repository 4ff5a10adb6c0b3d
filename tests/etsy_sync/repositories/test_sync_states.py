"""The state of a shop's synchronisation, and two runs that want to begin at once."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from common.clock import iso
from common.dynamodb import put_item
from etsy_sync.repositories.sync_states import (
    COMPLETED,
    ERROR,
    PARTIAL,
    SYNCS,
    Kind,
    RunOutcome,
    SyncState,
    begin_sync,
    finish_sync,
    record_rate_limit,
    sync_state,
)

NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)
END = NOW + timedelta(minutes=1)
STALE = timedelta(minutes=15)
KINDS: tuple[Kind, ...] = get_args(Kind)


def stored() -> SyncState:
    state = sync_state("12345")
    assert state is not None
    return state


def begin(kind: Kind = "product", now: datetime = NOW) -> bool:
    return begin_sync("12345", kind, now, STALE)


def finish(
    outcome: RunOutcome, *, kind: Kind = "product", began: datetime = NOW, error: str | None = None
) -> bool:
    return finish_sync("12345", kind, began, END, outcome, {"synced": 3, "failed": 1}, error)


def test_a_state_is_read_as_it_was_written() -> None:
    moment = iso(NOW)
    plain = SyncState(shop_id="12345", created_at=moment, updated_at=moment)
    full = SyncState(
        shop_id="12345",
        created_at=moment,
        updated_at=moment,
        last_receipt_sync=moment,
        sync_error="",
        receipt_counts={"synced": 0},
        rate_limit_remaining=0,
        legacy_id=1,
    )
    assert [SYNCS.of(SYNCS.item(state)) for state in (plain, full)] == [plain, full]


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_succeeded_moves_the_time_of_its_kind_to_its_beginning(table: str, kind: Kind) -> None:
    assert sync_state("12345") is None
    assert begin(kind)
    under_way = stored()
    assert (under_way.sync_status, getattr(under_way, f"{kind}_sync_started_at")) == ("in_progress", iso(NOW))
    assert finish(COMPLETED, kind=kind)
    done = stored()
    times = {each: getattr(done, f"last_{each}_sync") for each in KINDS}
    assert times == {each: iso(NOW) if each == kind else None for each in KINDS}
    assert getattr(done, f"{kind}_sync_started_at") is None
    assert getattr(done, f"{kind}_counts") == {"synced": 3, "failed": 1}
    assert (done.sync_status, done.created_at, done.updated_at) == ("completed", iso(NOW), iso(END))


@pytest.mark.parametrize("outcome", [PARTIAL, ERROR])
def test_a_run_that_did_not_succeed_says_why_and_moves_no_time(table: str, outcome: RunOutcome) -> None:
    assert begin()
    assert finish(outcome, error="Etsy is down")
    done = stored()
    assert (done.sync_status, done.sync_error, done.last_product_sync) == (outcome, "Etsy is down", None)
    assert begin(now=END)
    assert finish(COMPLETED, began=END)
    assert stored().sync_error is None


def test_two_runs_of_one_kind_do_not_begin_at_once_but_two_kinds_do(table: str) -> None:
    assert begin()
    assert not begin(now=NOW + STALE - timedelta(milliseconds=1))
    assert begin("inventory")


def test_a_run_that_died_is_followed_by_the_next_and_cannot_end_it(table: str) -> None:
    assert begin()
    assert begin(now=NOW + STALE)
    assert not finish(ERROR, error="late")
    assert (stored().sync_status, stored().product_sync_started_at) == ("in_progress", iso(NOW + STALE))
    assert finish(COMPLETED, began=NOW + STALE)
    assert not finish(COMPLETED, began=NOW + STALE)


def test_the_limit_is_kept_beside_a_moved_state(table: str) -> None:
    moment = "2025-11-21T08:30:15.123Z"
    put_item(
        SYNCS.item(SyncState(shop_id="12345", created_at=moment, updated_at=moment, legacy_id=1, version=1))
    )
    record_rate_limit("12345", 99, iso(END), NOW)
    state = stored()
    assert (state.rate_limit_remaining, state.rate_limit_reset_at) == (99, iso(END))
    assert (state.legacy_id, state.created_at, state.version) == (1, moment, 2)
    record_rate_limit("12345", 98, None, NOW)
    assert (stored().rate_limit_remaining, stored().rate_limit_reset_at) == (98, None)
