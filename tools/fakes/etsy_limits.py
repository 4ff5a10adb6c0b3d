"""The fake's limits of calls: per second, and over the last 24 hours."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tools.fakes.etsy_rules import Refused

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass
class Limits:
    """The calls of a day; `per_second` None is no limit. Calls that were refused do not count."""

    per_second: int | None = None
    per_day: int = 10_000
    calls: deque[datetime] = field(default_factory=deque)

    def count(self, now: datetime) -> None:
        """Counts a call. Refuses one that is too many, with the seconds to wait as its description."""
        while self.calls and now - self.calls[0] >= DAY:
            self.calls.popleft()
        if self.per_second is not None and self._in_this_second(now) >= self.per_second:
            raise Refused(429, "Exceeded the calls per second", "1")
        if len(self.calls) >= self.per_day:
            wait = DAY - (now - self.calls[0]) if self.calls else DAY
            raise Refused(429, "Exceeded the calls per day", str(max(1, int(wait.total_seconds()))))
        self.calls.append(now)

    def use(self, calls: int, now: datetime) -> None:
        """That many calls of the day were made just before."""
        self.calls = deque([now - 2 * SECOND] * calls)

    def headers(self, now: datetime) -> dict[str, str]:
        """What an answer tells of the limits."""
        per_second = self.per_second or 150
        return {
            "x-limit-per-second": str(per_second),
            "x-remaining-this-second": str(max(0, per_second - self._in_this_second(now))),
            "x-limit-per-day": str(self.per_day),
            "x-remaining-today": str(max(0, self.per_day - len(self.calls))),
        }

    def _in_this_second(self, now: datetime) -> int:
        return sum(now - call < SECOND for call in self.calls)
