"""What events come to: pure functions, for which neither the order of events nor their repetition matters."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter

from common.clock import iso, parse_iso
from shop.repositories.analytics import (
    AFFILIATE_CLICK,
    EVENTS_KEPT,
    PAGE_VIEW,
    PRODUCT_VIEW,
    Counts,
    DaySummary,
    Event,
    ProductCounts,
)

# Who does the same thing again meanwhile did it once.
REPEATED_WITHIN = timedelta(minutes=30)
MOST_PRODUCTS = 10
# An event gets its time when its request arrives, and is written at the latest when its function ends.
SETTLES_AFTER = timedelta(minutes=5)

_HUNDREDTH = Decimal("0.01")
# How long counting a day may take while its first events fall due.
_SPARE = timedelta(hours=1)


def summary_of(creator_id: str, date: str, events: Iterable[Event], as_of: datetime) -> DaySummary:
    """The summary of a creator's day by its events alone, read at `as_of`.

    An event is repeated when its visitor did the same, with the same product, less than 30 minutes after what
    counts of it; who does it every ten minutes is counted every half an hour.
    """
    people, repeated, bots = Counter[str](), Counter[str](), Counter[str]()
    views, clicks = Counter[int](), Counter[int]()
    counted: dict[tuple[str, str, int | None], datetime] = {}
    for event in sorted(events, key=attrgetter("created_at", "id")):
        what, moment = (event.visitor, event.event_type, event.product_id), parse_iso(event.created_at)
        if event.is_bot:
            bots[event.event_type] += 1
        elif what in counted and moment - counted[what] < REPEATED_WITHIN:
            repeated[event.event_type] += 1
        else:
            counted[what] = moment
            people[event.event_type] += 1
            if event.product_id is not None:
                _of_product(event, views, clicks)
    return DaySummary(
        creator_id=creator_id,
        date=date,
        as_of=iso(as_of),
        people=_counts(people),
        repeated=_counts(repeated),
        bots=_counts(bots),
        top_products=ranked(views, clicks),
    )


def ranked(views: Mapping[int, int], clicks: Mapping[int, int]) -> tuple[ProductCounts, ...]:
    """The ten products with the most views and clicks; of equal ones, those with more clicks first."""
    found = [
        ProductCounts(product, views.get(product, 0), clicks.get(product, 0)) for product in {*views, *clicks}
    ]
    found.sort(key=lambda it: (-it.views - it.clicks, -it.clicks, it.product_id))
    return tuple(found[:MOST_PRODUCTS])


def top_of(summaries: Iterable[DaySummary]) -> tuple[ProductCounts, ...]:
    """The ten products with the most views and clicks of several days, by the ten of each."""
    views, clicks = defaultdict[int, int](int), defaultdict[int, int](int)
    for summary in summaries:
        for product in summary.top_products:
            views[product.product_id] += product.views
            clicks[product.product_id] += product.clicks
    return ranked(views, clicks)


def added_up(counts: Iterable[Counts]) -> Counts:
    """Several numbers of events in one."""
    each = list(counts)
    return Counts(
        sum(it.page_views for it in each),
        sum(it.product_views for it in each),
        sum(it.affiliate_clicks for it in each),
    )


def total_of(summaries: Iterable[DaySummary]) -> Counts:
    """What people did on several days."""
    return added_up(summary.people for summary in summaries)


def click_rate(clicks: int, views: int) -> Decimal:
    """Clicks for each hundred views, rounded half up to two decimals; 0 without views."""
    if not views:
        return Decimal(0)
    return (Decimal(clicks) * 100 / Decimal(views)).quantize(_HUNDREDTH, ROUND_HALF_UP)


def is_settled(day: date, now: datetime) -> bool:
    """Whether a day is over, and whatever happened on it is written."""
    return now >= _midnight(day + timedelta(days=1), now) + SETTLES_AFTER


def is_whole(day: date, now: datetime) -> bool:
    """Whether each event of a day is still there to be counted: not of one that is 90 days old or older."""
    return now + _SPARE < _midnight(day, now) + EVENTS_KEPT


def days_between(first: date, last: date) -> list[date]:
    """Each day from one to another, both included; none where the last is before the first."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _midnight(day: date, now: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)


def _of_product(event: Event, views: Counter[int], clicks: Counter[int]) -> None:
    if event.event_type == PRODUCT_VIEW:
        views[event.product_id or 0] += 1
    elif event.event_type == AFFILIATE_CLICK:
        clicks[event.product_id or 0] += 1


def _counts(found: Mapping[str, int]) -> Counts:
    return Counts(found.get(PAGE_VIEW, 0), found.get(PRODUCT_VIEW, 0), found.get(AFFILIATE_CLICK, 0))
