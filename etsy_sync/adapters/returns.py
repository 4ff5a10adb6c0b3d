"""What came back through a channel that tells of it in reports, which it takes a while to make."""

from dataclasses import dataclass
from datetime import datetime

from etsy_sync.stock.returns import Returned


@dataclass(frozen=True, slots=True)
class ReturnsRead:
    """What a report of returns held, in the terms of all channels.

    `pending` is the id of a report that is not ready: ask again with it, later. Without it everything
    before `until` is here; ask for the rest from there. `unreadable` counts rows that make no sense.
    """

    returns: tuple[Returned, ...] = ()
    pending: str | None = None
    until: datetime | None = None
    unreadable: int = 0
