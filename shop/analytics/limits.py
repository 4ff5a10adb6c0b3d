"""How many events one network may send: counted in the memory of this process, which costs no write.

Each process of the shop counts for itself, so who is answered by several may send as much to each.
It is there to keep one page or program from filling a creator's day, at no cost for anybody else.
"""

import math
from collections import OrderedDict, deque
from threading import Lock

from common import config
from common.errors import TooManyRequests
from common.networks import network_of

SECONDS = 60
EVENTS_PER_MINUTE = 100
# Beyond so many networks within a minute, those that have been quiet for longest are forgotten.
MOST_NETWORKS = 2_000


class SlidingWindow:
    """At most so many events of one network within any 60 seconds; what is refused is not counted."""

    def __init__(self, most_networks: int = MOST_NETWORKS) -> None:
        self.most_networks = most_networks
        self._times: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._times)

    def wait(self, network: str, most: int, now: float) -> int:
        """Counts an event at `now` (epoch seconds) and answers 0, or the seconds until the next may come."""
        with self._lock:
            times = self._times.setdefault(network, deque())
            self._times.move_to_end(network)
            while times and times[0] <= now - SECONDS:
                times.popleft()
            if len(times) >= most:
                return max(1, math.ceil(times[0] + SECONDS - now))
            times.append(now)
            while len(self._times) > self.most_networks:
                self._times.popitem(last=False)
            return 0

    def forget(self) -> None:
        """Forgets everything, as a new process has."""
        with self._lock:
            self._times.clear()


WINDOW = SlidingWindow()


def events_per_minute() -> int:
    """How many events a network may send within a minute (`ANALYTICS_EVENTS_PER_MINUTE`, default 100).

    ConfigurationError for anything but a whole number from 1 to 100,000.
    """
    text = config.setting("ANALYTICS_EVENTS_PER_MINUTE", str(EVENTS_PER_MINUTE))
    if not (text.isascii() and text.isdigit() and len(text) < 7 and 1 <= int(text) <= 100_000):
        raise config.ConfigurationError(
            f"ANALYTICS_EVENTS_PER_MINUTE must be a whole number from 1 to 100000, not {text!r}"
        )
    return int(text)


def count_event(address: str, now: float) -> None:
    """Counts an event of an IP address at `now` (epoch seconds), or raises TooManyRequests."""
    most = events_per_minute()
    wait = WINDOW.wait(network_of(address), most, now)
    if wait:
        error = TooManyRequests("Too many events; try again later", wait)
        error.details["retryAfter"] = wait
        error.headers |= {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": str(math.ceil(now) + wait),
        }
        raise error
