"""Leases: one worker at a time does something, and one who dies holds nobody up for long.

A lease stands in the row of what is worked on, or in a row of its own where there is none.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from uuid import uuid4

from common import prefixes
from common.clock import epoch
from common.dynamodb import (
    Condition,
    ConditionFailed,
    Item,
    Key,
    OutcomeUnknown,
    Update,
    attr,
    delete_item,
    update_item,
)
from common.errors import Unavailable

# A moment as a row holds it: ISO 8601 UTC, or epoch seconds.
Stamp = TypeVar("Stamp", str, int)

# A lease that nobody released is of no use to anybody; the table drops its row a day later.
KEPT = timedelta(days=1)


class LeaseTaken(Unavailable):
    """Another worker does this at the moment; `retry_after` says when its lease ends at the latest."""

    def __init__(self, name: str, seconds: int) -> None:
        super().__init__(f"{name} is being worked on by another worker", retry_after=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease(Generic[Stamp]):
    """How a row says that somebody is at work on it, which ends by itself after `lasts`.

    The attribute `stamp` holds, in the form of `written`, when the lease ends, or with `tells_start` when it
    began; `owner` names the attribute that says whose it is. Without one the stamp tells that as well: nobody
    takes a lease that is not free, so no two of a row have the same. `lasts` is left out where it is for who
    takes the lease to say.
    """

    stamp: str
    written: Callable[[datetime], Stamp]
    lasts: timedelta = timedelta(0)
    owner: str | None = None
    tells_start: bool = False

    def stamp_at(self, now: datetime) -> Stamp:
        """What the row says of a lease that is taken at `now`."""
        return self.written(now if self.tells_start else now + self.lasts)

    def is_free(self, stamp: Stamp | None, now: datetime) -> bool:
        """Whether a row with this stamp (None: it has none) is nobody's at `now`."""
        return stamp is None or stamp <= self._oldest(now)

    def free(self, now: datetime) -> Condition:
        """It is nobody's at `now`: nobody has taken it, or whoever did has run out of time."""
        return attr(self.stamp).missing() | attr(self.stamp).le(self._oldest(now))

    def held_by(self, holder: str | int | None) -> Condition:
        """It is this owner's, or without owners the one with this stamp; None: there is none."""
        said = attr(self.owner or self.stamp)
        return said.missing() if holder is None else said.eq(holder)

    def taken(self, update: Update, now: datetime, owner: str | None = None) -> Update:
        """The update, with the lease taken at `now`."""
        if self.owner is not None:
            update.set(self.owner, owner)
        return update.set(self.stamp, self.stamp_at(now))

    def ended(self, update: Update) -> Update:
        """The update, with the lease ended."""
        return update.remove(*self.attributes)

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes that it has in its row."""
        return (self.stamp,) if self.owner is None else (self.owner, self.stamp)

    def _oldest(self, now: datetime) -> Stamp:
        return self.written(now - self.lasts if self.tells_start else now)


@contextmanager
def held(name: str, now: datetime, seconds: int) -> Iterator[None]:
    """Runs its block under the lease `name`, which ends by itself after so many seconds.

    The block has to see to it that it does not outlast them. Raises LeaseTaken, and then runs nothing.
    """
    owner = str(uuid4())
    if not acquire(name, owner, now, seconds):
        raise LeaseTaken(name, seconds)
    try:
        yield
    finally:
        release(name, owner)


def acquire(name: str, owner: str, now: datetime, seconds: int) -> bool:
    """Whether `owner` (a text that no other attempt has) has the lease `name`, a row of its own, now."""
    lease = _named(seconds)
    update = Update().set("expires_at", epoch(now + lease.lasts + KEPT))
    return take(_key(name), lease, now, update, owner=owner)


def release(name: str, owner: str) -> None:
    """Ends the lease of `owner`, with its row; nothing happens when another has it by now."""
    try:
        # Stops a worker whose lease ran out from ending that of the next one.
        delete_item(_key(name), condition=_named().held_by(owner))
    except ConditionFailed:
        return


def take(
    key: Key,
    lease: Lease[Stamp],
    now: datetime,
    update: Update | None = None,
    *,
    owner: str | None = None,
    only_if: Condition | None = None,
) -> bool:
    """Takes a lease in the row `key`, with what else `update` changes; False when it is another's.

    False also when `only_if` does not hold, and when nobody can tell whether it was taken: whoever does not
    know that a lease is theirs does not have it.
    """
    free = lease.free(now)
    if owner is not None:
        # The owner may take it again, because a client that lost the answer asks twice.
        free |= lease.held_by(owner)
    # Stops two workers from both having it; one whose lease ran out does not keep the next away.
    condition = free if only_if is None else only_if & free
    return change(key, lease.taken(update or Update(), now, owner), condition) is not None


def give_up(key: Key, lease: Lease[Stamp], owner: str) -> None:
    """Ends the lease of `owner` in the row `key`; nothing happens when another has it by now."""
    # Stops a worker whose lease ran out from ending that of the next one.
    change(key, lease.ended(Update()), lease.held_by(owner))


def change(key: Key, update: Update, condition: Condition) -> Item | None:
    """The row as it is after a change that depends on who is at work on it; None when that did not hold.

    None also when nobody can tell whether it was made.
    """
    try:
        return update_item(key, update, condition=condition)
    except (ConditionFailed, OutcomeUnknown):
        return None


def _named(seconds: int = 0) -> Lease[int]:
    return Lease(stamp="lease_until", written=epoch, lasts=timedelta(seconds=seconds), owner="owner")


def _key(name: str) -> Key:
    return f"{prefixes.LEASE}#{name}", "METADATA"
