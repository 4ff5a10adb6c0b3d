"""How many requests are sent at once: more while that makes it quicker, fewer while they are refused."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

from common.dynamodb.patience import pauses_so_far

# So many rows are a sample of how quick it is.
SAMPLE_ROWS = 2000
FIRST = 2
# What a step has to bring, so that chance does not count for a gain.
_GAIN = 1.03

Clock = Callable[[], float]


class Pace:
    """Lets as many threads through as pays off, `most` at most; all may share it."""

    def __init__(
        self, most: int, *, clock: Clock = time.monotonic, refusals: Callable[[], int] = pauses_so_far
    ) -> None:
        self.limit = min(FIRST, most)
        self._most, self._clock, self._refusals = most, clock, refusals
        self._changed = Condition()
        self._inside = self._rows = 0
        self._began, self._refused = clock(), refusals()
        self._rate, self._step = 0.0, 1

    @contextmanager
    def request(self, rows: int) -> Iterator[None]:
        """One request, or a few one after the other, that bring so many rows."""
        with self._changed:
            self._changed.wait_for(lambda: self._inside < self.limit)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._rows += rows
                if self._rows >= SAMPLE_ROWS:
                    self._adapt()
                self._changed.notify_all()

    def _adapt(self) -> None:
        now, refused = self._clock(), self._refusals()
        rate = self._rows / max(now - self._began, 1e-9)
        if refused > self._refused:
            self.limit, self._step = max(1, self.limit // 2), 1
        else:
            if rate < self._rate * _GAIN:
                self._step = -self._step
            self.limit = max(1, min(self._most, self.limit + self._step))
        self._rate, self._rows, self._began, self._refused = rate, 0, now, refused
