"""Tests of marks: what was done once is not done again, for as long as its mark is kept."""

from datetime import timedelta

import pytest

from common.clock import epoch, utc_now
from common.dynamodb import Item, UnitOfWork, attr, get_item
from common.once import AlreadyDone, Mark, Marks, add, found, is_first, renew
from tests.support.races import just_before
from tests.support.wire import lose_answer, without_waiting

NOW = utc_now()
WEEK = timedelta(days=7)
REPORTS = Marks("REPORT", WEEK)
MARK = REPORTS.of("etsy", "1")
COMMIT = "common.dynamodb.transaction.UnitOfWork.commit"

pytestmark = pytest.mark.usefixtures("table")


class Repeated(Exception):
    """What was done before, as the mark remembers it."""


def do(mark: Mark, result: Item | None = None) -> None:
    """Does a thing once."""
    with UnitOfWork() as work:
        add(work, mark, NOW, result)


def test_a_mark_is_found_with_what_came_of_it_for_as_long_as_it_is_kept() -> None:
    assert found(MARK, NOW) is None
    do(MARK, {"order_id": 7})
    row = {"PK": "REPORT#etsy#1", "SK": "METADATA", "order_id": 7, "expires_at": epoch(NOW + WEEK)}
    assert found(MARK, NOW) == row
    assert found(MARK, NOW + WEEK - timedelta(seconds=1)) == row
    assert found(MARK, NOW + WEEK) is None


def test_what_was_done_is_not_done_again_and_nothing_else_of_its_unit_of_work_is() -> None:
    do(MARK)
    with pytest.raises(AlreadyDone), UnitOfWork() as work:
        add(work, MARK, NOW + WEEK - timedelta(seconds=1))
        work.put({"PK": "EFFECT", "SK": "METADATA"})
    assert get_item(("EFFECT", "METADATA")) is None


def test_of_two_who_do_it_at_once_the_second_learns_what_the_first_has_done() -> None:
    def repeated(row: Item | None) -> Exception:
        return Repeated((row or {})["order_id"])

    first = just_before(COMMIT, lambda: do(MARK, {"order_id": 7}))
    with pytest.raises(Repeated, match="7"), first, UnitOfWork() as work:
        add(work, MARK, NOW, {"order_id": 8}, repeated=repeated)
    assert (found(MARK, NOW) or {})["order_id"] == 7


def test_a_mark_that_expired_counts_no_more_though_its_row_is_still_there() -> None:
    do(MARK)
    with UnitOfWork() as work:
        add(work, MARK, NOW + WEEK)
    row = get_item(MARK.key, now=0)
    assert row is not None
    assert row["expires_at"] == epoch(NOW + 2 * WEEK)


def test_a_mark_without_an_end_counts_for_good() -> None:
    lasting = Marks("ORDER_OF").of("etsy", "7")
    do(lasting)
    assert found(lasting, NOW + 100 * WEEK) == {"PK": "ORDER_OF#etsy#7", "SK": "METADATA"}
    with pytest.raises(AlreadyDone), UnitOfWork() as work:
        add(work, lasting, NOW + 100 * WEEK)


def test_a_mark_that_the_caller_has_met_may_be_replaced_and_another_one_not() -> None:
    do(MARK, {"said": 1})
    for _ in range(2):
        with UnitOfWork() as work:
            add(work, MARK, NOW, {"said": 2}, unless_met=attr("said").eq(1) | attr("said").eq(2))
    with pytest.raises(AlreadyDone), UnitOfWork() as work:
        add(work, MARK, NOW, {"said": 3}, unless_met=attr("said").eq(1))
    assert (found(MARK, NOW) or {})["said"] == 2


def test_things_with_other_names_are_their_own() -> None:
    marks = [REPORTS.of(*names) for names in (("etsy", "1"), ("etsy", "2"), ("shopify", "1"), ("etsy",))]
    assert [is_first(mark, NOW) for mark in marks] == [True] * 4


def test_a_mark_at_once_is_the_first_ones_alone() -> None:
    assert is_first(MARK, NOW)
    assert not is_first(MARK, NOW + WEEK - timedelta(seconds=1))
    assert is_first(MARK, NOW + WEEK)


def test_a_mark_at_once_whose_answer_was_lost_is_still_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    without_waiting(monkeypatch)
    lose_answer("PutItem")
    assert is_first(MARK, NOW)
    assert not is_first(MARK, NOW)


def test_a_mark_is_renewed_for_its_whole_time() -> None:
    for moment in (NOW, NOW + timedelta(days=6)):
        with UnitOfWork() as work:
            renew(work, MARK, moment)
    assert found(MARK, NOW + WEEK) is not None
