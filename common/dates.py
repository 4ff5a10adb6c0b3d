"""Dates and times as clients write them, read by one rule: bodies, queries and forms alike."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from common import config
from common.errors import InvalidInput

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

LONGEST = 40
_PLAIN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Stated:
    """What a text names, aware in UTC: a whole `day` of the shop, or one moment, for which it is None.

    It begins at `start`, is over at `end`, and `last` is its last millisecond; of a moment all are the same.
    """

    start: datetime
    end: datetime
    day: date | None = None

    @property
    def last(self) -> datetime:
        """The last moment of it."""
        return self.end if self.day is None else self.end - _INSTANT


def stated(text: str) -> Stated:
    """What a date or a time in ISO 8601 means.

    A date, `2026-01-31`, is the whole day in the shop's time zone. A time without a zone is one of the
    shop's, which is what a form sends. Raises ValueError for what is neither and for what has no place in
    the calendar of UTC, such as `9999-12-31T23:59:59-12:00`.
    """
    text = text.strip()
    if len(text) > LONGEST or not text.isascii():
        raise ValueError("neither a date nor a time")
    zone = config.shop_time_zone()
    try:
        day = _day(text)
        if day is None:
            moment = _in_utc(datetime.fromisoformat(text), zone)
            return Stated(moment, moment)
        return Stated(_midnight(day, zone), _midnight(day + timedelta(days=1), zone), day)
    except OverflowError as error:
        raise ValueError("beyond the calendar") from error


def stated_in(name: str, text: str) -> Stated:
    """The same for the argument `name`; InvalidInput names it."""
    try:
        return stated(text)
    except ValueError as error:
        raise InvalidInput.of_field(name, "must be a date or a time") from error


def calendar_day_in(name: str, text: str) -> date:
    """The day of the calendar that the argument `name` writes as `2026-01-31`; InvalidInput names it.

    For days that are no stretch of time of the shop, such as those that are counted in UTC.
    """
    try:
        if _PLAIN_DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput.of_field(name, "must be a day that there is") from error
    raise InvalidInput.of_field(name, "must be a day such as 2026-01-31")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date, zone: "ZoneInfo") -> datetime:
    return _in_utc(datetime.combine(day, time()), zone)


def _in_utc(moment: datetime, zone: "ZoneInfo") -> datetime:
    aware = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
    return aware.astimezone(UTC)
