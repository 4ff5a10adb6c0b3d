"""When a job is due next on this machine, by the expression that EventBridge gets."""

import re
from datetime import datetime, timedelta

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_DAILY = re.compile(r"cron\((\d+) (\d+) \* \* \? \*\)")


def next_run(expression: str, now: datetime) -> datetime:
    """The next moment after `now` (UTC); ValueError for what is neither a rate nor a time of each day."""
    if rate := _RATE.fullmatch(expression):
        return now + timedelta(**{f"{rate[2]}s": int(rate[1])})
    if daily := _DAILY.fullmatch(expression):
        today = now.replace(hour=int(daily[2]), minute=int(daily[1]), second=0, microsecond=0)
        return today if today > now else today + timedelta(days=1)
    raise ValueError(f"{expression!r} is neither a rate nor a time of each day")


def is_rate(expression: str) -> bool:
    """True for a job that runs again and again, rather than at a time of day."""
    return _RATE.fullmatch(expression) is not None
