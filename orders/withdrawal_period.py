"""Until when a buyer may withdraw from a contract, and when the money is due after that."""

from datetime import date, datetime, time, timedelta

from common import config
from common.clock import iso, parse_iso
from orders.public_holidays import is_working_day

# Directive 2011/83/EU, article 9(1) and article 13(1).
DAYS, DAYS_TO_REFUND = 14, 14
_DAY = timedelta(days=1)


def last_day(delivered_at: str) -> date:
    """The last day of the period for goods that came at `delivered_at` (ISO 8601 UTC), by the shop's clock.

    The day on which they came is not counted, and a period whose last day is a Saturday, a Sunday or a public
    holiday ends with the next working day (Regulation (EEC, Euratom) 1182/71, article 3(1) and (4)).
    https://eur-lex.europa.eu/eli/reg/1971/1182/oj
    """
    zone = config.shop_time_zone()
    day = parse_iso(delivered_at).astimezone(zone).date() + DAYS * _DAY
    while not is_working_day(day):
        day += _DAY
    return day


def ends_at(delivered_at: str) -> datetime:
    """The moment at which that day is over, in UTC."""
    following = datetime.combine(last_day(delivered_at) + _DAY, time(), config.shop_time_zone())
    return parse_iso(iso(following))


def is_over(delivered_at: str | None, now: datetime) -> bool:
    """Whether the period is over at `now`; never while nobody knows that the goods have come."""
    return delivered_at is not None and now >= ends_at(delivered_at)


def refund_due_at(stated_at: datetime) -> str:
    """Until when (ISO 8601 UTC) the money goes back of a withdrawal that was stated then.

    Of 14 days from the one on which the shop was told (article 13(1)), without the grace of a weekend, on
    which banks do not work but buyers wait.
    """
    zone = config.shop_time_zone()
    following = stated_at.astimezone(zone).date() + (DAYS_TO_REFUND + 1) * _DAY
    return iso(datetime.combine(following, time(), zone))
