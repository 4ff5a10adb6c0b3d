"""What events come to, whatever their order, and however often it is asked."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.clock import parse_iso
from shop.analytics.counting import (
    click_rate,
    days_between,
    is_settled,
    is_whole,
    summary_of,
    top_of,
    total_of,
)
from shop.repositories.analytics import (
    AFFILIATE_CLICK,
    EVENT_TYPES,
    PRODUCT_VIEW,
    Counts,
    DaySummary,
    Event,
    ProductCounts,
)
from tests.shop.analytics.builders import ADA, NOW, event, minutes

DAY = "2026-03-15"


def counted(*events: Event) -> DaySummary:
    return summary_of(ADA, DAY, events, NOW)


def test_a_day_without_events_is_empty() -> None:
    assert counted().is_empty
    assert not counted(event()).is_empty
    assert not counted(event(is_bot=True)).is_empty


def test_who_comes_back_within_half_an_hour_is_counted_apart() -> None:
    found = counted(*(event(minutes(number)) for number in (0, 29.99, 30, 59, 60.5)))
    assert (found.people, found.repeated) == (Counts(page_views=3), Counts(page_views=2))


def test_who_never_stops_is_counted_every_half_an_hour() -> None:
    found = counted(*(event(minutes(number)) for number in range(0, 90, 10)))
    assert (found.people.page_views, found.repeated.page_views) == (3, 6)


def test_visitors_types_and_products_are_told_apart() -> None:
    found = counted(
        event(visitor="a"),
        event(visitor="b"),
        event(event_type=PRODUCT_VIEW, visitor="a", product_id=1),
        event(event_type=PRODUCT_VIEW, visitor="a", product_id=2),
        event(event_type=AFFILIATE_CLICK, visitor="a", product_id=1),
        event(event_type=AFFILIATE_CLICK, visitor="a", product_id=1),
    )
    assert found.people == Counts(2, 2, 1)
    assert found.repeated == Counts(affiliate_clicks=1)
    assert found.top_products == (ProductCounts(1, 1, 1), ProductCounts(2, 1, 0))


def test_programs_are_counted_apart_and_rank_no_product() -> None:
    found = counted(*(event(minutes(it), PRODUCT_VIEW, is_bot=True, product_id=3) for it in range(4)))
    assert (found.people, found.bots) == (Counts(), Counts(product_views=4))
    assert found.top_products == ()


def test_the_ten_products_with_most_views_and_clicks_are_kept() -> None:
    views = [
        event(event_type=PRODUCT_VIEW, visitor=f"{number}-{time}", product_id=number)
        for number in range(1, 13)
        for time in range(number)
    ]
    assert [it.product_id for it in counted(*views).top_products] == list(range(12, 2, -1))


def test_of_equal_products_the_one_with_more_clicks_goes_before() -> None:
    found = counted(
        event(event_type=PRODUCT_VIEW, product_id=1, visitor="a"),
        event(event_type=AFFILIATE_CLICK, product_id=2, visitor="a"),
    )
    assert [it.product_id for it in found.top_products] == [2, 1]


def test_days_add_up() -> None:
    first = counted(event(), event(event_type=PRODUCT_VIEW, product_id=1))
    second = counted(
        event(event_type=PRODUCT_VIEW, product_id=1), event(event_type=AFFILIATE_CLICK, product_id=2)
    )
    assert total_of([first, second]) == Counts(1, 2, 1)
    assert top_of([first, second]) == (ProductCounts(1, 2, 0), ProductCounts(2, 0, 1))


MOMENTS = st.integers(0, 86_399_999).map(
    lambda it: parse_iso(f"{DAY}T00:00:00Z") + timedelta(milliseconds=it)
)
EVENTS = st.lists(
    st.builds(
        event,
        at=MOMENTS | st.just(NOW),
        event_type=st.sampled_from(EVENT_TYPES),
        visitor=st.sampled_from("abc"),
        is_bot=st.booleans(),
        product_id=st.none() | st.integers(1, 14),
    ),
    max_size=60,
)


@given(EVENTS, st.randoms(use_true_random=False))
def test_neither_the_order_of_events_nor_asking_again_changes_anything(
    events: list[Event], random: Random
) -> None:
    found = counted(*events)
    shuffled = list(events)
    random.shuffle(shuffled)
    assert counted(*shuffled) == counted(*events) == found


@given(EVENTS)
def test_every_event_is_counted_once(events: list[Event]) -> None:
    found = counted(*events)
    parts = (found.people, found.repeated, found.bots)
    for name, event_type in zip(
        ("page_views", "product_views", "affiliate_clicks"), EVENT_TYPES, strict=True
    ):
        assert sum(getattr(it, name) for it in parts) == sum(it.event_type == event_type for it in events)
    assert len(found.top_products) <= 10


@pytest.mark.parametrize(
    ("clicks", "views", "rate"),
    [
        (0, 0, "0"),
        (5, 0, "0"),
        (0, 7, "0"),
        (1, 3, "33.33"),
        (2, 3, "66.67"),
        (1, 800, "0.13"),
        (3, 2, "150"),
    ],
)
def test_a_rate_is_rounded_half_up_to_two_decimals(clicks: int, views: int, rate: str) -> None:
    assert click_rate(clicks, views) == Decimal(rate)


@pytest.mark.parametrize(
    ("now", "settled"),
    [
        ("2026-03-15T23:59:59.999Z", False),
        ("2026-03-16T00:00:00Z", False),
        ("2026-03-16T00:04:59Z", False),
        ("2026-03-16T00:05:00Z", True),
    ],
)
def test_a_day_is_settled_when_its_last_request_has_ended(now: str, settled: bool) -> None:
    assert is_settled(date(2026, 3, 15), parse_iso(now)) is settled


@pytest.mark.parametrize(
    ("now", "whole"),
    [
        ("2026-03-15T00:00:00Z", True),
        ("2026-06-12T22:59:59Z", True),
        ("2026-06-12T23:00:00Z", False),
        ("2026-07-01T00:00:00Z", False),
    ],
)
def test_a_day_is_whole_until_an_hour_before_its_first_event_expires(now: str, whole: bool) -> None:
    moment: datetime = parse_iso(now)
    assert is_whole(date(2026, 3, 15), moment) is whole


def test_days_between_two_are_all_of_them() -> None:
    first, last = date(2026, 2, 27), date(2026, 3, 1)
    assert [day.day for day in days_between(first, last)] == [27, 28, 1]
    assert days_between(last, first) == []
