"""Events of many writers at once, their counting and what both cost, on DynamoDB Local."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest

from benchmarks.aws_units import size_of
from common.clock import epoch, iso, utc_now
from common.dynamodb import Query, fetch_all, get_client, meter
from common.dynamodb.codec import from_wire
from common.http import Role, create_app, issue_token
from shop.analytics.counting import summary_of
from shop.analytics.recording import record_event
from shop.analytics.summaries import summarise_days, summarise_open_days
from shop.repositories.analytics import (
    EVENT_TYPES,
    EVENTS,
    PAGE_VIEW,
    PRODUCT_VIEW,
    Counts,
    add_event,
    events_of,
    store_summary,
    summaries_of,
)
from shop.routes import routes
from tests.shop.analytics.builders import ADA, FIREFOX, NOW, creator, event, happened, minutes, product
from tests.support.http import Client
from tests.support.tokens import admin_token
from tests.support.wire import lose_answer

WRITERS, EACH = 20, 500
LONGEST = {
    "user_agent": "Mozilla/5.0 é" * 300,
    "referrer": f"https://example.com/{'path/' * 500}",
    "location": "Città della Pieve, " * 50,
}


@pytest.mark.exhaustive
def test_ten_thousand_events_of_twenty_writers_are_counted_once_each(table: str) -> None:
    creator()
    product(7)

    def write(writer: int) -> list[str]:
        return [
            # Many in each millisecond, and each writer another network.
            record_event(
                EVENT_TYPES[number % 3],
                ADA,
                None if number % 3 == 0 else 7,
                {"user_agent": FIREFOX if writer % 4 else "Googlebot"},
                f"198.51.100.{writer}",
                NOW + timedelta(milliseconds=number % 50),
            )
            for number in range(EACH)
        ]

    with ThreadPoolExecutor(WRITERS) as writers:
        ids = [each for found in writers.map(write, range(WRITERS)) for each in found]
    stored = events_of(ADA, "2026-03-15", epoch(NOW))
    assert Counter(it.id for it in stored) == Counter(ids)
    assert len(set(ids)) == WRITERS * EACH
    summary = summary_of(ADA, "2026-03-15", stored, NOW)
    parts = (summary.people, summary.repeated, summary.bots)
    assert sum(part.in_all for part in parts) == WRITERS * EACH
    # Five of the writers are programs; each of the others did each thing once within half an hour.
    assert summary.bots.in_all == 5 * EACH
    assert summary.people == Counts(15, 15, 15)


def test_many_counters_and_writers_at_once_end_in_what_happened(table: str) -> None:
    whose = creator()

    def work(number: int) -> None:
        happened(*(event(minutes(number), visitor=f"{number}-{each}") for each in range(10)))
        summarise_days(whose, [NOW.date()], minutes(100 + number))

    with ThreadPoolExecutor(8) as workers:
        list(workers.map(work, range(16)))
    summarise_days(whose, [NOW.date()], minutes(200))
    (summary,) = summaries_of(ADA)
    assert summary.people.page_views == 160


def test_two_summaries_at_once_leave_the_later_one(table: str) -> None:
    whose = creator()
    happened(event())

    def count(number: int) -> Counter[str]:
        return summarise_days(whose, [NOW.date()], minutes(number))

    happened(event(visitor="w"))
    with ThreadPoolExecutor(8) as workers:
        list(workers.map(count, range(1, 25)))
    (summary,) = summaries_of(ADA)
    assert summary.people.page_views == 2


def test_an_event_whose_answer_was_lost_is_there_once(table: str) -> None:
    lost = lose_answer("PutItem")
    with meter() as usage:
        add_event(event())
    assert len(lost) == 1
    assert usage.calls == 1
    assert len(fetch_all(Query(f"ANALYTICS#{ADA}#2026-03-15"), now=epoch(NOW))) == 1


def test_an_event_is_one_trip_and_one_unit_however_much_it_says(table: str) -> None:
    creator()
    product(10**15)
    page = Client(create_app("shop", [routes]), headers={"User-Agent": FIREFOX})
    body = {
        "creatorId": ADA,
        "productId": 10**15,
        "metadata": {"userAgent": LONGEST["user_agent"], "referrer": LONGEST["referrer"]},
    }
    with meter() as cold:
        assert page.post("/api/analytics/affiliate-click", json=body).status == 201
    with meter() as warm:
        assert page.post("/api/analytics/affiliate-click", json=body).status == 201
    assert (cold.calls, cold.write_units) == (2, Decimal(1))
    assert cold.read_units <= 2
    assert (warm.calls, warm.write_units, warm.read_units) == (1, Decimal(1), Decimal(0))


def test_the_largest_event_is_below_a_kilobyte(table: str) -> None:
    creator()
    product(10**15)
    record_event("affiliate_click", ADA, 10**15, LONGEST, "2001:db8::1", NOW)
    (wire,) = get_client().query(
        TableName=table,
        KeyConditionExpression="PK = :pk",
        ExpressionAttributeValues={":pk": {"S": f"ANALYTICS#{ADA}#2026-03-15"}},
    )["Items"]
    stored = from_wire(wire)
    assert len(stored["user_agent"].encode()) == len(stored["referrer"].encode()) == 200
    # AWS counts a write by started kilobytes, and this one has no index.
    assert size_of(stored) <= 1024
    assert not any(name.startswith("GSI") for name in stored)


def test_thirty_days_of_a_dashboard_are_two_trips_beside_who_asks(table: str) -> None:
    now = utc_now()
    whose = creator(created_at=iso(now - timedelta(days=40)))
    for days in range(31):
        happened(
            *(
                event(now - timedelta(days=days), PRODUCT_VIEW, visitor=f"{it}", product_id=it % 12 + 1)
                for it in range(12)
            )
        )
    summarise_open_days(whose, now)
    admin = Client(create_app("shop", [routes]), token=admin_token())
    with meter() as first:
        admin.get("/api/creator/analytics", params={"creatorId": ADA})
    # Whether the token counts; who the creator is, which a process asks now and then; summaries; today.
    assert [name for name, *_ in first.operations] == ["get_item", "get_item", "query", "query"]
    with meter() as usage:
        shown = admin.get("/api/creator/analytics", params={"creatorId": ADA}).json
    assert len(shown["dailyMetrics"]) == 31
    assert [name for name, *_ in usage.operations] == ["get_item", "query", "query"]
    assert usage.read_units <= Decimal(10), usage


def test_a_creators_own_dashboard_takes_as_many(table: str) -> None:
    now = utc_now()
    creator(user_id="1", created_at=iso(now))
    own = Client(create_app("shop", [routes]), token=issue_token("1", "admin", Role.ADMIN, now))
    for operations in (["get_item", "query", "query", "query"], ["get_item", "query", "query"]):
        with meter() as usage:
            assert own.get("/api/creator/analytics").status == 200
        assert [name for name, *_ in usage.operations] == operations


def test_rows_of_a_day_are_read_in_pages_without_a_loss(table: str) -> None:
    many = [
        event(NOW + timedelta(milliseconds=number), user_agent="x" * 200, id=f"{number:036d}")
        for number in range(2500)
    ]
    with ThreadPoolExecutor(8) as workers:
        list(workers.map(add_event, many))
    with meter() as usage:
        found = events_of(ADA, "2026-03-15", epoch(NOW))
    assert [it.id for it in found] == [it.id for it in many]
    assert usage.calls > 1
    assert {it.event_type for it in found} == {PAGE_VIEW}
    assert EVENTS.key_of(found[0]) == (f"ANALYTICS#{ADA}#2026-03-15", f"{iso(NOW)}#{0:036d}")


def test_a_summary_costs_two_units(table: str) -> None:
    with meter() as usage:
        store_summary(summary_of(ADA, "2026-03-15", [event()], NOW))
    assert (usage.calls, usage.write_units) == (1, Decimal(2))
