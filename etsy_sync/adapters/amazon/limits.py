"""How often each operation may be called: token buckets with Amazon's rates.

https://developer-docs.amazon.com/sp-api/docs/usage-plans-and-rate-limits
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from math import ceil, inf
from threading import Lock


@dataclass(frozen=True, slots=True)
class Rate:
    """Calls per second, and how many may come at once after a rest."""

    rate: float
    burst: int


class Operation(Enum):
    """An operation and what Amazon allows of it by default."""

    GET_LISTING = ("getListingsItem", Rate(5, 10))
    SEARCH_LISTINGS = ("searchListingsItems", Rate(5, 5))
    PATCH_LISTING = ("patchListingsItem", Rate(5, 5))
    SEARCH_ORDERS = ("searchOrders", Rate(0.0056, 20))
    CREATE_REPORT = ("createReport", Rate(0.0167, 15))
    GET_REPORT = ("getReport", Rate(2, 15))
    GET_DOCUMENT = ("getReportDocument", Rate(0.0167, 15))

    def __init__(self, title: str, plan: Rate) -> None:
        self.title = title
        self.plan = plan


class Bucket:
    """The calls that one operation has left in this process; `rate` follows what Amazon's answers say."""

    def __init__(self, plan: Rate, now: datetime) -> None:
        self.rate = plan.rate
        self._burst = plan.burst
        self._left = float(plan.burst)
        self._at = now
        self._lock = Lock()

    def take(self, now: datetime, patience: float) -> float:
        """Takes one call; the answer is the seconds until it is due.

        When that is longer than `patience` nothing is taken.
        """
        with self._lock:
            self._refill(now)
            wait = max(0.0, (1 - self._left) / self.rate)
            if wait <= patience:
                self._left -= 1
            return wait

    def learn(self, limit: str | None) -> None:
        """Takes over the rate of `x-amzn-RateLimit-Limit` (calls per second); anything else is ignored."""
        try:
            rate = float(limit or "")
        except ValueError:
            return
        if 0 < rate < inf:
            self.rate = rate

    def drain(self, now: datetime) -> int:
        """Amazon says that nothing is left: whole seconds until the next call."""
        with self._lock:
            self._refill(now)
            self._left = min(self._left, 0.0)
            return ceil((1 - self._left) / self.rate)

    def _refill(self, now: datetime) -> None:
        rested = max(0.0, (now - self._at).total_seconds())
        self._left = min(float(self._burst), self._left + rested * self.rate)
        self._at = max(now, self._at)
