"""Analytics: events as they came, what each day of them came to, and through which day that is settled."""

from dataclasses import dataclass, field
from datetime import timedelta

from common import prefixes
from common.dynamodb import (
    AT_ONCE,
    ConditionFailed,
    Index,
    OutcomeUnknown,
    Query,
    attr,
    fetch_all,
    sort_key,
)
from common.dynamodb.rows import Rows
from common.once import Marks

PAGE_VIEW, PRODUCT_VIEW, AFFILIATE_CLICK = "page_view", "product_view", "affiliate_click"
EVENT_TYPES = (PAGE_VIEW, PRODUCT_VIEW, AFFILIATE_CLICK)

# How long an event is kept.
EVENTS_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that a visitor did on a creator's pages; `created_at` in ISO 8601 UTC.

    `visitor` tells the visitors of one creator on one day apart and says nothing else of them. `user_agent`,
    `referrer` and `location` are what `shop.analytics.metadata` leaves of them.
    """

    creator_id: str
    created_at: str
    id: str
    event_type: str
    visitor: str
    is_bot: bool
    expires_at: int
    product_id: int | None = None
    user_agent: str | None = None
    referrer: str | None = None
    location: str | None = None

    @property
    def day(self) -> str:
        """The day of it in UTC, as in `2026-01-31`."""
        return self.created_at[:10]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many events of each type there were."""

    page_views: int = 0
    product_views: int = 0
    affiliate_clicks: int = 0

    @property
    def in_all(self) -> int:
        """How many of all types."""
        return self.page_views + self.product_views + self.affiliate_clicks


@dataclass(frozen=True, slots=True)
class ProductCounts:
    """How often a product was looked at, and how often its affiliate link was followed."""

    product_id: int
    views: int = 0
    clicks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySummary:
    """What a creator's day (UTC) came to, by the events that there were at `as_of` (ISO 8601 UTC).

    `people` counts what people did for the first time within half an hour, `repeated` what they did again
    meanwhile, `bots` what programs did. `top_products` are those that people looked at and followed most.
    """

    creator_id: str
    date: str
    as_of: str
    people: Counts = field(default_factory=Counts)
    repeated: Counts = field(default_factory=Counts)
    bots: Counts = field(default_factory=Counts)
    top_products: tuple[ProductCounts, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened that day."""
        return self.people == self.repeated == self.bots == Counts()


@dataclass(frozen=True, slots=True)
class Settled:
    """That each day of a creator up to `through` (`2026-01-31`) is summarised and over."""

    creator_id: str
    through: str


EVENTS = Rows(Event, "Event", key=prefixes.ANALYTICS + "#{creator_id}#{day}", sort="{created_at}#{id}")

_ALL_OF_A_DAY: Index[DaySummary] = Index("GSI1", prefixes.ANALYTICS_DAY, "{date}#{creator_id}")

SUMMARIES = Rows(
    DaySummary,
    "Summary of a day",
    key=prefixes.ANALYTICS_DAY + "#{creator_id}",
    sort="{date}",
    indexes=(_ALL_OF_A_DAY,),
)

# Sorts behind every date.
_THROUGH = "THROUGH"
SETTLED = Rows(Settled, "Settled days", key=prefixes.ANALYTICS_DAY + "#{creator_id}", sort=_THROUGH)

# What was told: a milestone to its creator, and that days wait to be summarised to the administrator.
TOLD = Marks(prefixes.ANALYTICS_TOLD)

# What counting needs of an event.
_COUNTED = ("creator_id", "created_at", "id", "event_type", "visitor", "is_bot", "expires_at", "product_id")


def add_event(event: Event) -> None:
    """Stores an event by one write; the same event again is the same row, so a lost answer doubles none."""
    EVENTS.put(AT_ONCE, event)


def events_of(creator_id: str, date: str, now: int) -> list[Event]:
    """Every event of a creator's day that is kept at `now` (epoch seconds), the oldest first.

    Without where it came from, by one consistent query for each megabyte of them.
    """
    partition = f"{prefixes.ANALYTICS}#{creator_id}#{date}"
    return EVENTS.all(Query(partition, consistent=True, select=_COUNTED), now=now)


def store_summary(summary: DaySummary) -> bool:
    """Writes a day's summary whole; False where one of the same moment or a later one stands already."""
    # Stops who counted earlier and writes later from taking away what has happened in between.
    later = attr("as_of").missing() | attr("as_of").lt(summary.as_of)
    try:
        AT_ONCE.put(SUMMARIES.item(summary), condition=later)
    except ConditionFailed:
        return False
    except OutcomeUnknown as error:
        if error.item is None:
            raise
        # Ours may have been written; what stands there now met the condition after it, so it is a later one.
        return False
    return True


def settle(creator_id: str, through: str) -> None:
    """Says that a creator's days up to this one are settled; an earlier day changes nothing."""
    # Stops a slower run from opening days again that a later one has settled.
    further = attr("through").missing() | attr("through").lt(through)
    try:
        AT_ONCE.put(SETTLED.item(Settled(creator_id, through)), condition=further)
    except (ConditionFailed, OutcomeUnknown):
        # Where an answer was lost, a day that stays open is only counted once more.
        return


def stored_days(creator_id: str, first: str, last: str) -> tuple[dict[str, DaySummary], str | None]:
    """A creator's summaries by date, from `first` to `last`, and through which day all are settled.

    One consistent query, which also reads the summaries behind `last`.
    """
    partition = f"{prefixes.ANALYTICS_DAY}#{creator_id}"
    rows = fetch_all(Query(partition, sort=sort_key().between(first, _THROUGH), consistent=True))
    through = next((str(row["through"]) for row in rows if row["SK"] == _THROUGH), None)
    return {row["SK"]: SUMMARIES.of(row) for row in rows if row["SK"] <= last}, through


def summaries_of(creator_id: str) -> list[DaySummary]:
    """Every summary of a creator, the oldest first, by one query (eventually consistent)."""
    partition = f"{prefixes.ANALYTICS_DAY}#{creator_id}"
    return SUMMARIES.all(Query(partition, sort=sort_key().lt(_THROUGH)))


def summaries_of_all(first: str, last: str) -> list[DaySummary]:
    """The summaries of all creators from one date to another, by one query of GSI1."""
    return SUMMARIES.all(_ALL_OF_A_DAY.query(sort=sort_key().between(first, f"{last}#~")))
