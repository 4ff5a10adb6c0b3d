"""What is known of orders on channels, marks of what is done with, and how far reports are."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from common.dynamodb import UnitOfWork, get_item
from common.once import found, is_first
from etsy_sync.repositories.channel_events import DONE
from etsy_sync.repositories.channel_reports import ReportState, keep_report_state, report_state
from etsy_sync.repositories.sync_states import begin_sync, finish_sync, keep_start, sync_state
from orders.repositories.channel_orders import (
    EDIT,
    LINES,
    Cancellation,
    Known,
    LineMoved,
    SoldLine,
    claim_channel_order,
    known_of,
    write_line,
)

NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)
LINE = SoldLine(channel="etsy", order_id="7", id="70")

pytestmark = pytest.mark.usefixtures("table")


def write(before: SoldLine, after: SoldLine) -> SoldLine:
    with UnitOfWork() as work:
        return write_line(work, before, after)


def test_all_that_is_known_of_an_order_is_read_at_once() -> None:
    assert known_of("etsy", "7") == Known(None, {})
    gone = {"refund:1": Cancellation(1, restocks=False), "cancel": Cancellation(2, restocks=True)}
    full = write(LINE, replace(LINE, sku="A", quantity=3, cancellations=gone, put_back=2))
    plain = write(replace(LINE, id="71"), replace(LINE, id="71", is_known=False))
    with UnitOfWork() as work:
        claim_channel_order(work, "etsy", "7", 42, "ETSY-7", NOW, taken=ValueError("taken"))
    assert known_of("etsy", "7") == Known(42, {"70": full, "71": plain})
    assert LINES.get("etsy", "7", "70") == full
    assert known_of("shopify", "7").lines == {}
    assert (full.left, full.is_cancelled, plain.left, plain.is_cancelled) == (1, True, 0, False)


def test_a_line_is_written_only_over_what_was_read() -> None:
    first = write(LINE, replace(LINE, quantity=1))
    for before in (LINE, replace(first, version=9)):
        with pytest.raises(LineMoved):
            write(before, replace(before, quantity=2))
    assert write(first, replace(first, put_back=1)).version == 2


def test_an_order_is_claimed_once() -> None:
    for number in (1, 2):
        work = UnitOfWork()
        claim_channel_order(work, "etsy", "7", number, "ETSY-7", NOW, taken=ValueError("taken"))
        if number == 1:
            work.commit()
            continue
        with pytest.raises(ValueError, match="taken"):
            work.commit()
    assert known_of("etsy", "7").order_id == 1


def test_of_one_name_the_larger_number_holds() -> None:
    two, one = {"cancel": Cancellation(2, restocks=True)}, {"cancel": Cancellation(1, restocks=True)}
    assert (
        LINE.cancelling(two).cancelling(one) == LINE.cancelling(one).cancelling(two) == LINE.cancelling(two)
    )


def test_a_report_that_is_done_with_is_known_for_a_week() -> None:
    mark, week = DONE.of("etsy", "a"), timedelta(days=7)
    assert found(mark, NOW) is None
    firsts = (is_first(mark, NOW), is_first(mark, NOW), is_first(DONE.of("shopify", "a"), NOW))
    assert firsts == (True, False, True)
    assert found(mark, NOW + week - timedelta(seconds=1))
    assert found(mark, NOW + week) is None
    assert is_first(mark, NOW + week)


def test_how_far_a_report_is_stands_beside_the_state_of_its_channel() -> None:
    assert report_state("amazon", "fba") == ReportState()
    state = ReportState(pending="r-1", until="2026-01-31T10:00:00.000Z")
    keep_report_state("amazon", "fba", state, NOW)
    assert (report_state("amazon", "fba"), report_state("amazon", "merchant")) == (state, ReportState())
    assert sync_state("main", channel="amazon") is None


def test_each_channel_has_a_state_of_its_own() -> None:
    stale = timedelta(hours=1)
    assert begin_sync("main", "order", NOW, stale, channel="shopify")
    assert begin_sync("main", "order", NOW, stale, channel="amazon")
    assert not begin_sync("main", "order", NOW, stale, channel="shopify")
    assert finish_sync("main", "order", NOW, NOW, "completed", {"taken": 1}, channel="shopify")
    state = sync_state("main", channel="shopify")
    assert state is not None
    assert (state.last_order_sync, state.order_counts) == ("2026-01-31T10:00:00.000Z", {"taken": 1})
    assert sync_state("main") is None


def test_from_when_on_sales_count_is_said_once() -> None:
    first = keep_start("main", NOW, NOW, channel="amazon")
    assert keep_start("main", NOW - timedelta(days=1), NOW, channel="amazon") == first
    assert first == "2026-01-31T10:00:00.000Z"


def test_a_line_is_stored_under_the_names_that_its_rows_always_had() -> None:
    gone = {"refund:1": Cancellation(1, restocks=False)}
    write(LINE, replace(LINE, sku="A", quantity=3, cancellations=gone, put_back=2))
    assert get_item(("CHANNEL_ORDER#etsy#7", "LINE#70")) == {
        "PK": "CHANNEL_ORDER#etsy#7",
        "SK": "LINE#70",
        "channel": "etsy",
        "order_id": "7",
        "id": "70",
        "sku": "A",
        "quantity": 3,
        "is_known": True,
        "given_up": {"refund:1": {"quantity": 1, "restocks": False}},
        "put_back": 2,
        "version": 1,
    }


def test_of_two_moments_the_later_numbers_hold() -> None:
    early, late = ("2026-01-31T10:00:00.000Z", "2026-01-31T10:05:00.000Z")
    edited = LINE.edited(5, 2, late)
    assert (edited.quantity, edited.left) == (5, 3)
    assert edited.cancellations == {EDIT: Cancellation(2, restocks=True)}
    assert edited.edited(4, 0, early) == edited
    assert edited.edited(4, 0, late) == replace(edited, quantity=4, cancellations={})
