"""Leases: one worker at a time does something, and one who dies holds nobody up for long."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import uuid4

from common.clock import epoch
from common.dynamodb import ConditionFailed, Key, OutcomeUnknown, Update, attr, delete_item, update_item
from common.errors import Unavailable

# A lease that nobody released is of no use to anybody; the table drops it a day later.
KEPT = 86_400


class LeaseTaken(Unavailable):
    """Another worker does this at the moment; `retry_after` says when its lease ends at the latest."""

    def __init__(self, name: str, seconds: int) -> None:
        super().__init__(f"{name} is being worked on by another worker", retry_after=seconds)


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
    """Whether `owner` (a text that no other attempt has) has the lease now."""
    moment = epoch(now)
    update = Update().set("owner", owner).set("lease_until", moment + seconds)
    free = attr("PK").missing() | attr("lease_until").le(moment)
    # The owner may take it again, because a client that lost the answer asks twice.
    mine = attr("owner").eq(owner)
    try:
        # Stops two workers from both having it; one whose lease ran out does not keep the next away.
        update_item(_key(name), update.set("expires_at", moment + seconds + KEPT), condition=free | mine)
    except (ConditionFailed, OutcomeUnknown):
        return False
    return True


def release(name: str, owner: str) -> None:
    """Ends the lease of `owner`; nothing happens when another has it by now."""
    try:
        # Stops a worker whose lease ran out from ending that of the next one.
        delete_item(_key(name), condition=attr("owner").eq(owner))
    except ConditionFailed:
        return


def _key(name: str) -> Key:
    return f"LEASE#{name}", "METADATA"
