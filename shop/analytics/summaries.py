"""The days of a creator: summarised while their events are there, and counted anew where nothing is settled.

A day is settled once it is over and everything that happened on it is written; then its summary is its last
word. Until then a summary says what was so at its time, and who needs what is so now counts the events.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Literal

from common.clock import epoch, parse_iso
from common.parallel import side_by_side
from common.repositories.creators import Creator
from shop.analytics.counting import days_between, is_settled, is_whole, summary_of
from shop.analytics.lateness import tell_if_late
from shop.repositories.analytics import (
    EVENTS_KEPT,
    DaySummary,
    events_of,
    settle,
    store_summary,
    stored_days,
)

Fate = Literal["days_written", "days_unchanged", "days_overtaken", "days_too_old"]

# How many days are counted at once where several are open, as after an outage of the job.
_THREADS = 8


def counted_now(creator_id: str, day: date, now: datetime) -> DaySummary:
    """What the events of a creator's day come to at this moment, by one query for each megabyte of them."""
    date_text = day.isoformat()
    return summary_of(creator_id, date_text, events_of(creator_id, date_text, epoch(now)), now)


def counted_days(days: Sequence[tuple[str, date]], now: datetime) -> list[DaySummary]:
    """The same of the days of several creators, some of them side by side, without days without an event.

    What a summary says of such a day was brought from elsewhere, for events do not go before their time.
    """
    with side_by_side(threads=max(1, min(_THREADS, len(days)))) as start:
        counted = [start(partial(counted_now, creator_id, day, now)) for creator_id, day in days]
    return [summary for each in counted if not (summary := each.result()).is_empty]


def days_of(creator: Creator, first: date, last: date, now: datetime) -> list[DaySummary]:
    """What happened on each day from one to another, the oldest first, without days on which nothing did.

    By one query of the summaries, and one for each day among them that is not settled, as today is.
    """
    stored, through = stored_days(creator.id, first.isoformat(), last.isoformat())
    waiting = open_days(creator, through, now)
    tell_if_late(len(waiting), now)
    opened = [day for day in waiting if first <= day <= last]
    fresh = counted_days([(creator.id, day) for day in opened], now)
    found = stored | {summary.date: summary for summary in fresh}
    return [found[day] for day in sorted(found)]


def open_days(creator: Creator, through: str | None, now: datetime) -> list[date]:
    """The days up to today that are not settled and whose events are all there, the oldest first.

    `through` is the last day that is settled, None before the first.
    """
    today = now.astimezone(UTC).date()
    since = (
        parse_iso(creator.created_at).date()
        if through is None
        else date.fromisoformat(through) + timedelta(days=1)
    )
    since = max(since, today - EVENTS_KEPT)
    return [day for day in days_between(since, today) if is_whole(day, now)]


def summarise_open_days(creator: Creator, now: datetime) -> Counter[str]:
    """Summarises what is not settled, and says what is by now; the number of days by what became of them.

    Repeating it changes nothing. Whatever stops in between is taken up by the next run.
    """
    today = now.astimezone(UTC).date()
    stored, through = stored_days(creator.id, (today - timedelta(days=1)).isoformat(), today.isoformat())
    days = open_days(creator, through, now)
    if days and days[0] < today - timedelta(days=1):
        fates = summarise_days(creator, days, now)
    else:
        fates = _summarise_all(creator, days, stored, now)
    settled = [day for day in days if is_settled(day, now)]
    if settled:
        settle(creator.id, settled[-1].isoformat())
    return fates


def summarise_days(creator: Creator, days: Sequence[date], now: datetime) -> Counter[str]:
    """Summarises these days, the oldest first; one whose events are not all there any more stays as it is."""
    if not days:
        return Counter()
    stored, _ = stored_days(creator.id, days[0].isoformat(), days[-1].isoformat())
    return _summarise_all(creator, days, stored, now)


def _summarise_all(
    creator: Creator, days: Sequence[date], stored: Mapping[str, DaySummary], now: datetime
) -> Counter[str]:
    return Counter(_summarise(creator.id, day, stored.get(day.isoformat()), now) for day in days)


def _summarise(creator_id: str, day: date, before: DaySummary | None, now: datetime) -> Fate:
    if not is_whole(day, now):
        return "days_too_old"
    fresh = counted_now(creator_id, day, now)
    if fresh.is_empty or before is None:
        is_news = not fresh.is_empty
    else:
        is_last_word = is_settled(day, now) and not is_settled(day, parse_iso(before.as_of))
        is_news = is_last_word or replace(fresh, as_of=before.as_of) != before
    if not is_news:
        return "days_unchanged"
    return "days_written" if store_summary(fresh) else "days_overtaken"
