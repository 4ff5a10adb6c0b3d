"""Summarising the days of all creators: by schedule what is not settled, by command what is asked for."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from random import Random
from time import monotonic

from common.clock import epoch
from common.jobs import JobReport, Progress
from common.logging import describe_exception, logger
from common.repositories.creators import Creator, all_creators
from shop.analytics.lateness import tell
from shop.analytics.milestones import tell_milestones
from shop.analytics.summaries import summarise_days, summarise_open_days

# Less than the time that the job's function has.
SECONDS = 240

Summarise = Callable[[Creator], Counter[str]]


def summarise_all(now: datetime, progress: Progress | None = None) -> JobReport:
    """Summarises what is not settled of every creator's days, and tells the milestones that they came to.

    One who cannot be summarised stops no other.

    Each hour begins with another creator, so that whoever is left when the time is over comes first some day.
    """
    creators = all_creators()
    # Not for secrets: an order that differs from hour to hour.
    Random(epoch(now) // 3600).shuffle(creators)  # noqa: S311
    report = _report(creators, partial(_open_days, now=now), progress, monotonic() + SECONDS)
    if report.errors:
        tell(f"{len(report.errors)} creators could not be summarised; the log says why", now)
    return report


def summarise_again(
    creators: Sequence[Creator], days: Sequence[date], now: datetime, progress: Progress | None = None
) -> JobReport:
    """Summarises these days of these creators, whatever is settled, without an end of its time."""
    return _report(creators, lambda creator: summarise_days(creator, days, now), progress, None)


def _open_days(creator: Creator, now: datetime) -> Counter[str]:
    fates = summarise_open_days(creator, now)
    if fates["days_written"]:
        fates["milestones"] = tell_milestones(creator, now)
    return fates


def _report(
    creators: Sequence[Creator], summarise: Summarise, progress: Progress | None, ends: float | None
) -> JobReport:
    counts: Counter[str] = Counter()
    errors = []
    for number, creator in enumerate(creators, start=1):
        if ends is not None and monotonic() > ends:
            counts["left_for_later"] = len(creators) - number + 1
            break
        fates = _summarise_or_log(creator, summarise)
        counts["failed" if fates is None else "creators"] += 1
        counts.update(fates or {})
        if fates is None:
            errors.append(f"creator {creator.id} could not be summarised; the log says more")
        if progress is not None:
            progress(number, len(creators))
    failed_all = bool(errors) and not counts["creators"]
    return JobReport(
        "analytics",
        outcome="error" if failed_all else "partial" if errors else "completed",
        counts=+counts,
        errors=tuple(errors),
    )


def _summarise_or_log(creator: Creator, summarise: Summarise) -> Counter[str] | None:
    try:
        return summarise(creator)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one creator, the others are not to wait
        fields = {"creator": creator.id, **describe_exception(error)}
        logger().error("creator's days not summarised", extra=fields)
        return None
