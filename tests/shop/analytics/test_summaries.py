"""The days of a creator: what is stored of them, and what is counted anew."""

from collections import Counter
from datetime import date, timedelta

import pytest

from common.clock import epoch, iso, parse_iso
from common.dynamodb import ConditionFailed, meter
from common.repositories.notifications import all_notifications
from shop.analytics.summaries import counted_now, days_of, open_days, summarise_days, summarise_open_days
from shop.repositories.analytics import (
    PRODUCT_VIEW,
    Counts,
    DaySummary,
    ProductCounts,
    settle,
    store_summary,
    stored_days,
    summaries_of,
    summaries_of_all,
)
from tests.shop.analytics.builders import ADA, BEA, NOW, creator, event, happened, minutes
from tests.support.races import just_before

TODAY = date(2026, 3, 15)
YESTERDAY = TODAY - timedelta(days=1)
MIDNIGHT = parse_iso("2026-03-15T00:00:00Z")


def day(text: str) -> date:
    return date.fromisoformat(text)


def views(days: list[DaySummary]) -> dict[str, int]:
    return {each.date: each.people.page_views for each in days}


def test_a_summary_is_stored_and_read_as_it_is(table: str) -> None:
    whole = DaySummary(
        creator_id=ADA,
        date="2026-03-14",
        as_of=iso(NOW),
        people=Counts(3, 2, 1),
        repeated=Counts(1),
        bots=Counts(0, 0, 9),
        top_products=(ProductCounts(7, 2, 1), ProductCounts(8, 0, 1)),
    )
    assert store_summary(whole)
    assert summaries_of(ADA) == summaries_of_all("2026-03-14", "2026-03-14") == [whole]
    assert stored_days(ADA, "2026-03-01", "2026-03-31") == ({"2026-03-14": whole}, None)


def test_summaries_of_all_creators_are_those_of_the_days_asked_for(table: str) -> None:
    for whose in (ADA, BEA):
        for number in (12, 13, 14, 15):
            store_summary(DaySummary(creator_id=whose, date=f"2026-03-{number}", as_of=iso(NOW)))
    settle(ADA, "2026-03-14")
    found = summaries_of_all("2026-03-13", "2026-03-14")
    assert [(it.date, it.creator_id) for it in found] == [
        ("2026-03-13", ADA),
        ("2026-03-13", BEA),
        ("2026-03-14", ADA),
        ("2026-03-14", BEA),
    ]


def test_a_later_reckoning_stands(table: str) -> None:
    later = DaySummary(creator_id=ADA, date="2026-03-14", as_of=iso(NOW), people=Counts(2))
    earlier = DaySummary(creator_id=ADA, date="2026-03-14", as_of=iso(minutes(-1)), people=Counts(1))
    assert [store_summary(it) for it in (later, earlier, later)] == [True, False, False]
    assert summaries_of(ADA) == [later]


def test_who_counts_earlier_and_writes_later_takes_nothing_away(table: str) -> None:
    whose = creator()
    happened(event())

    def rival() -> None:
        happened(event(minutes(40)))
        assert summarise_days(whose, [TODAY], minutes(41)) == {"days_written": 1}

    with just_before("shop.analytics.summaries.store_summary", rival):
        assert summarise_days(whose, [TODAY], minutes(1)) == {"days_overtaken": 1}
    assert views(summaries_of(ADA)) == {"2026-03-15": 2}


def test_a_settled_day_is_not_opened_again_by_a_slower_run(table: str) -> None:
    settle(ADA, "2026-03-14")
    settle(ADA, "2026-03-13")
    assert stored_days(ADA, "2026-03-15", "2026-03-15")[1] == "2026-03-14"


def test_a_summary_that_cannot_be_stored_settles_nothing(table: str) -> None:
    whose = creator()
    happened(event(MIDNIGHT - timedelta(hours=5)))

    def broken() -> None:
        raise ConditionFailed

    with (
        just_before("shop.analytics.summaries.store_summary", broken),
        pytest.raises(ConditionFailed),
    ):
        summarise_open_days(whose, NOW)
    assert stored_days(ADA, "2026-01-01", "2026-03-15") == ({}, None)
    assert views(days_of(whose, YESTERDAY, TODAY, NOW)) == {"2026-03-14": 1}


def test_a_run_summarises_what_is_open_and_a_repetition_nothing(table: str) -> None:
    whose = creator(created_at="2026-03-10T12:00:00.000Z")
    happened(event(NOW - timedelta(days=3)), event(NOW - timedelta(days=3, hours=2)), event())
    assert summarise_open_days(whose, minutes(1)) == Counter(days_written=2, days_unchanged=4)
    stored, through = stored_days(ADA, "2026-03-01", "2026-03-31")
    assert views(list(stored.values())) == {"2026-03-12": 2, "2026-03-15": 1}
    assert through == "2026-03-14"
    assert summarise_open_days(whose, minutes(2)) == Counter(days_unchanged=1)
    assert stored_days(ADA, "2026-03-01", "2026-03-31") == (stored, through)


def test_today_is_summarised_again_and_again_and_settled_after_midnight(table: str) -> None:
    whose = creator(created_at="2026-03-15T08:00:00.000Z")
    happened(event())
    for number, wanted in ((1, "days_written"), (60, "days_unchanged")):
        assert summarise_open_days(whose, minutes(number)) == {wanted: 1}
    happened(event(minutes(61), visitor="w"))
    assert summarise_open_days(whose, minutes(120)) == {"days_written": 1}
    after = parse_iso("2026-03-16T00:04:00Z")
    assert summarise_open_days(whose, after) == {"days_unchanged": 2}
    assert stored_days(ADA, "2026-03-15", "2026-03-16")[1] is None
    # The last word is dated after the day, though it says the same.
    assert summarise_open_days(whose, after + timedelta(hours=1)) == {"days_written": 1, "days_unchanged": 1}
    assert stored_days(ADA, "2026-03-15", "2026-03-16")[1] == "2026-03-15"
    assert views(summaries_of(ADA)) == {"2026-03-15": 2}


def test_the_last_millisecond_of_a_day_is_of_that_day(table: str) -> None:
    whose = creator()
    last = MIDNIGHT - timedelta(milliseconds=1)
    happened(event(last), event(MIDNIGHT))
    assert views(days_of(whose, YESTERDAY, TODAY, MIDNIGHT)) == {"2026-03-14": 1, "2026-03-15": 1}
    summarise_open_days(whose, NOW)
    assert views(days_of(whose, YESTERDAY, TODAY, NOW)) == {"2026-03-14": 1, "2026-03-15": 1}


@pytest.mark.parametrize("zone_day", ["2026-03-29", "2026-10-25"])
def test_a_day_on_which_clocks_change_has_24_hours(table: str, zone_day: str) -> None:
    begins = parse_iso(f"{zone_day}T00:00:00Z")
    happened(*(event(begins + timedelta(hours=number)) for number in range(25)))
    assert counted_now(ADA, day(zone_day), begins).people.page_views == 24


def test_days_that_nobody_has_summarised_are_right_and_somebody_is_told(table: str) -> None:
    whose = creator(created_at="2026-03-01T00:00:00.000Z")
    happened(*(event(NOW - timedelta(days=number)) for number in range(12)))
    for _ in range(2):
        found = days_of(whose, day("2026-03-05"), TODAY, minutes(1))
        assert views(found) == {f"2026-03-{number:02d}": 1 for number in range(5, 16)}
    (told,) = all_notifications(epoch(NOW))
    assert "15 days" in (told.message or "")
    assert told.severity == "warning"


def test_a_day_whose_events_may_be_gone_stays_as_it_is(table: str) -> None:
    whose = creator()
    late = parse_iso("2026-06-12T23:00:00Z")
    happened(event(event_type=PRODUCT_VIEW, product_id=7))
    summarise_days(whose, [TODAY], minutes(1))
    before = summaries_of(ADA)
    assert summarise_days(whose, [TODAY], late) == {"days_too_old": 1}
    assert summaries_of(ADA) == before
    assert [it.people for it in days_of(whose, TODAY, TODAY, late)] == [Counts(product_views=1)]
    assert TODAY not in open_days(whose, None, late)
    assert TODAY in open_days(whose, None, late - timedelta(hours=1))


def test_a_day_whose_events_were_never_here_stays_as_it_is(table: str) -> None:
    whose = creator()
    brought = DaySummary(
        creator_id=ADA, date="2026-03-14", as_of="2026-03-14T12:00:00.000Z", people=Counts(4)
    )
    store_summary(brought)
    assert days_of(whose, YESTERDAY, TODAY, NOW) == [brought]
    assert summarise_days(whose, [YESTERDAY], NOW) == {"days_unchanged": 1}
    assert summaries_of(ADA) == [brought]


def test_a_new_creator_has_no_days_before_the_first(table: str) -> None:
    whose = creator(created_at="2026-03-14T23:00:00.000Z")
    assert open_days(whose, None, NOW) == [YESTERDAY, TODAY]
    assert open_days(whose, "2026-03-14", NOW) == [TODAY]
    assert open_days(whose, "2026-03-15", NOW) == []


def test_thirty_days_take_two_trips(table: str) -> None:
    whose = creator()
    happened(*(event(NOW - timedelta(days=number)) for number in range(31)))
    summarise_open_days(whose, minutes(1))
    with meter() as usage:
        found = days_of(whose, TODAY - timedelta(days=30), TODAY, minutes(2))
    assert len(found) == 31
    assert usage.calls == 2
