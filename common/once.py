"""What is done once: a mark in the table says that it was, and what came of it.

A mark is written in the unit of work of what it stands for, so that there is never one without the other;
by itself only where doing the thing twice does no harm. It is kept for as long as the same may come again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from common.clock import epoch
from common.dynamodb import Condition, ConditionFailed, Item, Key, UnitOfWork, absent, get_item, put_item
from common.dynamodb.transaction import Failure


class AlreadyDone(Exception):
    """It was done before, so nothing was done now."""


@dataclass(frozen=True, slots=True)
class Mark:
    """That one thing was done: the row `key` says so for as long as `kept`, by default for good."""

    key: Key
    kept: timedelta | None = None

    def row(self, now: datetime, result: Mapping[str, Any] | None = None) -> Item:
        """The row that says that it was done at `now` with this `result`."""
        pk, sk = self.key
        expiry = {} if self.kept is None else {"expires_at": epoch(now + self.kept)}
        return {"PK": pk, "SK": sk, **(result or {}), **expiry}


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one kind: what their keys begin with, and how long each is kept, by default for good."""

    prefix: str
    kept: timedelta | None = None

    def of(self, *names: str) -> Mark:
        """The mark of the thing that these names tell from all others of the kind."""
        return Mark(("#".join((self.prefix, *names)), "METADATA"), self.kept)


def found(mark: Mark, now: datetime) -> Item | None:
    """What the mark says, by one consistent read; None when the thing was not done, or too long ago."""
    return get_item(mark.key, consistent=True, now=epoch(now))


def add(
    work: UnitOfWork,
    mark: Mark,
    now: datetime,
    result: Mapping[str, Any] | None = None,
    *,
    repeated: Failure | None = None,
    unless_met: Condition | None = None,
    tag: object = None,
) -> None:
    """Marks the thing as done, with all else that `work` does; nothing is done when it was before.

    Then the commit raises `repeated` (an error, or what makes one of the row that was met), by default
    AlreadyDone. `unless_met` says of a mark that the caller knows of that it may be replaced.
    """
    free = absent(epoch(now))
    work.put(
        mark.row(now, result),
        # Stops what is asked for twice, even at the same moment, from being done twice.
        condition=free if unless_met is None else free | unless_met,
        failed=repeated or AlreadyDone(),
        tag=tag,
    )


def renew(work: UnitOfWork, mark: Mark, now: datetime, result: Mapping[str, Any] | None = None) -> None:
    """Marks the thing as done now, whether or not it was before, with all else that `work` does."""
    work.put(mark.row(now, result))


def is_first(mark: Mark, now: datetime, result: Mapping[str, Any] | None = None) -> bool:
    """Marks the thing as done at once; False when it was before."""
    try:
        # Lets exactly one of those who do the same at once say that it was the first.
        put_item(mark.row(now, result), condition=absent(epoch(now)))
    except ConditionFailed:
        return False
    return True
