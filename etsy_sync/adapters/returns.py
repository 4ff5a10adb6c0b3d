"""What came back through a channel that tells of it in reports, which it takes a while to make."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class ReturnsReport(Generic[R]):
    """What a report of returns held, in a channel's terms or in those of all; iterating gives its returns.

    `pending` is the id of a report that is not ready: ask again with it, later. Without it everything
    before `until` is here; ask for the rest from there. `unreadable` counts rows that make no sense.
    """

    returns: tuple[R, ...] = ()
    pending: str | None = None
    until: datetime | None = None
    unreadable: int = 0

    def __iter__(self) -> Iterator[R]:
        return iter(self.returns)
