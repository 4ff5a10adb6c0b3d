"""Demo data: a believable shop with pictures, loaded once through the shop's own rules."""

from collections.abc import Callable
from datetime import datetime


def _silent(_: str) -> None:
    """Says nothing."""


def load(now: datetime, *, progress: Callable[[str], None] = _silent) -> bool:
    """Loads the demo data into table and bucket; True when it did, False when the shop has data already.

    A load that was broken off is completed by the next one. `now` is aware, and what the shop takes for
    the present; `progress` is told in a few words of each step.
    """
    # Here, so that the command line starts without the domains.
    from tools.demo.journal import begin, finish
    from tools.demo.loading import Loading

    started = begin(now)
    if started is None:
        return False
    Loading(started, progress).run()
    finish(started, now)
    return True
