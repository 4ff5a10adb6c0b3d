"""What a shop's month is made of: the calls of its visits and orders, its jobs, and what they consume."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from catalog.schedules import SCHEDULES as CATALOG_SCHEDULES
from etsy_sync.schedules import SCHEDULES as SYNC_SCHEDULES
from orders.schedules import SCHEDULES as ORDER_SCHEDULES
from shop.schedules import SCHEDULES as SHOP_SCHEDULES
from tools.costs.units import NOTHING, Units, stored_bytes, units_of
from tools.local.timetable import is_rate, next_run

DAYS, HOURS = Decimal(30), Decimal(720)
GB = Decimal(1024**3)

# How often a visit makes each call, with a warm process; twelve together. Every fifth visitor searches.
VISIT: Mapping[str, Decimal] = {
    "newest products": Decimal(1),
    "filtered products": Decimal(1),
    "search": Decimal("0.2"),
    "product page": Decimal(3),
    "categories": Decimal(1),
    "personaggi": Decimal(1),
    "fumetti": Decimal("0.5"),
    "cart": Decimal(1),
    "into the cart": Decimal("0.4"),
}
# A browser asks first whether a page of another origin may call. These consume nothing but are called.
PREFLIGHTS = Decimal("2.9")
# An order of three lines: what its buyer calls, and what the artist does with it. In a shop with mail,
# shipping, taxes by country and papers, one of whose pieces has a number of its edition.
ORDER: Mapping[str, Decimal] = {
    "checkout in full": Decimal(1),
    "payment in full": Decimal(1),
    "order page": Decimal(2),
    "list of orders": Decimal(1),
    "step of an order in full": Decimal(2),
}
# The same in a shop that has none of these.
PLAIN_ORDER: Mapping[str, Decimal] = {name.removesuffix(" in full"): times for name, times in ORDER.items()}
# Its buyer is written to when it is placed, paid and shipped, and the artist is told of it.
MAILS_OF_BUYER = Decimal(3)
MAILS_OF_ORDER: Mapping[str, Decimal] = {
    "mail about an order": MAILS_OF_BUYER,
    "mail to the artist": Decimal(1),
}
# Its invoice is made once and looked at twice.
PAPERS_OF_ORDER, LOOKS_AT_PAPER = Decimal(1), Decimal(2)
# What nobody can measure beforehand, taken as it is for a small shop.
SECONDS_OF_CALL, SECONDS_OF_JOB = Decimal("0.08"), Decimal("0.5")
# The line of a request with its metrics, and the three lines that Lambda adds.
LOG_BYTES = Decimal(1030)
# Logs are stored compressed.
LOG_KEPT = Decimal("0.15")
ANSWER_BYTES = Decimal(4000)
PICTURES_OF_VISIT, PICTURE_BYTES, PICTURES_NOT_CACHED = Decimal(25), Decimal(60_000), Decimal("0.1")
PICTURES_OF_PRODUCT, STORED_PICTURE_BYTES = Decimal(3), Decimal(400_000)
# A queue is asked anew every 20 seconds by each of the connections that Lambda keeps to it.
SECONDS_OF_POLL = Decimal(20)


@dataclass(frozen=True)
class Shop:
    """How much is looked at and bought in a day, and of how many products."""

    visits: int
    orders: int
    products: int


@dataclass(frozen=True)
class Month:
    """What 30 days consume: numbers of calls and jobs, DynamoDB units, and bytes."""

    calls: Decimal
    jobs: Decimal
    units: Units
    stored_gb: Decimal
    log_gb: Decimal
    answer_gb: Decimal
    picture_requests: Decimal
    picture_gb: Decimal
    picture_stored_gb: Decimal
    mails: Decimal
    papers: Decimal

    def compute(self, memory_mb: int) -> Decimal:
        """GB-seconds of Lambda with so much memory."""
        seconds = self.calls * SECONDS_OF_CALL + self.jobs * SECONDS_OF_JOB
        return seconds * memory_mb / 1024


# The jobs of the channels have nothing to do before one is configured.
AT_WORK = ("unpaid", "analytics", "creators", "snapshot", "mails")


def month_of(shop: Shop) -> Month:
    """What a shop consumes in 30 days."""
    visits, orders = shop.visits * DAYS, shop.orders * DAYS
    calls = visits * calls_of_visit() + orders * calls_of_order()
    schedules = SYNC_SCHEDULES | ORDER_SCHEDULES | SHOP_SCHEDULES | CATALOG_SCHEDULES
    jobs = {name: runs_of(schedule) for name, schedule in schedules.items()}
    own = (units_of(f"job {name}", shop.products).times(jobs[name]) for name in AT_WORK)
    units = units_of_visit(shop.products).times(visits) + units_of_order(shop.products).times(orders)
    pictures = visits * PICTURES_OF_VISIT
    return Month(
        calls=calls,
        # Each mail to a buyer is announced by itself, and so are they sent.
        jobs=sum(jobs.values(), orders * MAILS_OF_BUYER),
        units=sum(own, units),
        stored_gb=stored_bytes(shop.products) / GB,
        log_gb=(calls + orders * MAILS_OF_BUYER + sum(jobs.values())) * LOG_BYTES / GB,
        answer_gb=calls * ANSWER_BYTES / GB,
        picture_requests=pictures,
        picture_gb=pictures * PICTURE_BYTES / GB,
        picture_stored_gb=shop.products * PICTURES_OF_PRODUCT * STORED_PICTURE_BYTES / GB,
        mails=orders * sum(MAILS_OF_ORDER.values()),
        papers=orders * PAPERS_OF_ORDER,
    )


def calls_of_visit() -> Decimal:
    """How many calls a visit makes."""
    return sum(VISIT.values(), PREFLIGHTS)


def units_of_visit(products: int) -> Units:
    """What one visit consumes."""
    return _units(VISIT, products)


def calls_of_order() -> Decimal:
    """How many calls an order makes, those that look at its invoice included."""
    return sum(ORDER.values()) + LOOKS_AT_PAPER


def units_of_order(products: int) -> Units:
    """What one order consumes, its mails included."""
    return _units({**ORDER, **MAILS_OF_ORDER}, products)


def units_of_plain_order(products: int) -> Units:
    """What one order consumes in a shop that neither writes nor counts more than it has to."""
    return _units(PLAIN_ORDER, products)


def runs_of(schedule: str) -> Decimal:
    """How often a job with this schedule runs in 30 days."""
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    interval = next_run(schedule, noon) - noon if is_rate(schedule) else timedelta(days=1)
    return DAYS * Decimal(86_400) / Decimal(interval.total_seconds())


def _units(calls: Mapping[str, Decimal], products: int) -> Units:
    total = NOTHING
    for name, times in calls.items():
        total += units_of(name, products).times(times)
    return total
