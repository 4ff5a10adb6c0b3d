"""The catalogue's snapshot in S3, from which a process that begins has it without reading the whole table.

Whoever loads it asks the table for what was marked since `read_at`, less what clocks and late commits may be
off, and throws it away where the catalogue is of another generation. Without one the table is read.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from catalog.index import snapshot_file
from catalog.index.snapshot_file import Snapshot
from catalog.index.snapshot_store import Stored, fetch, put
from catalog.index.stored_file import FORMAT, About, Unusable
from common import config
from common.clock import parse_iso, utc_now
from common.logging import describe_exception, logger

__all__ = [
    "FORMAT",
    "GOOD_FOR",
    "NAME",
    "Snapshot",
    "check",
    "load",
    "loaded",
    "of_stored",
    "previous",
    "save",
    "settles_at",
]

_Found = TypeVar("_Found")

NAME = f"snapshot-{FORMAT}"

# After so long the job reads all of the table anew, as a process does with what it holds after an hour:
# whatever was written without a mark is found then. One that is twice as old is of a job that stands still.
GOOD_FOR = timedelta(days=1)
# Two machines whose clocks AWS still accepts are off by so much at most.
_CLOCKS = timedelta(minutes=10)
# Rows that were brought have no marks; so long after their generation began all of them are visible.
_SETTLES = timedelta(minutes=15)


def load() -> Snapshot | None:
    """The snapshot of this table by one read of S3, or None: there is none that can be used.

    Never raises, whatever is or is not in S3, and ends within seconds where nobody answers.
    """
    return loaded(NAME, lambda stored: of_stored(stored, utc_now()))


def loaded(name: str, read: Callable[[Stored], _Found]) -> _Found | None:
    """What `read` makes of what is stored under a name; None, and a line in the log, where it cannot.

    That is where it raises Unusable, or S3 an error.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    if not config.catalogue_snapshot():
        return None
    try:
        return read(_there(fetch(name)))
    except Unusable as reason:
        fields = {"snapshot": name, "reason": str(reason)}
        logger().warning("the catalogue's snapshot is not used", extra=fields)
    except (BotoCoreError, ClientError, OSError) as error:
        fields = {"snapshot": name, **describe_exception(error)}
        logger().warning("the catalogue's snapshot cannot be read", extra=fields)
    return None


def previous(now: datetime) -> tuple[Snapshot | None, str | None]:
    """The snapshot that is stored, if it can be used at `now`, and the tag of whatever is stored.

    For whoever replaces it: raises botocore's errors where S3 does not answer.
    """
    stored = fetch(NAME)
    if stored is None:
        return None, None
    try:
        return of_stored(stored, now), stored.tag
    except Unusable:
        return None, stored.tag


def save(snapshot: Snapshot, replaced: str | None) -> int:
    """Stores a snapshot in place of the one with this tag; how many bytes, 0 when another came first."""
    data = snapshot_file.write(snapshot, config.table_name())
    return len(data) if put(NAME, data, replaced) else 0


def settles_at(generation: str | None) -> datetime | None:
    """When all rows that this generation brought can be seen; None where none ever began."""
    return parse_iso(generation.partition("#")[0]) + _SETTLES if generation else None


def of_stored(stored: Stored, now: datetime) -> Snapshot:
    """The snapshot that is stored. Unusable where it cannot be used at `now`."""
    snapshot = snapshot_file.read(stored.data(), config.table_name())
    check(snapshot, now)
    return snapshot


def check(about: Snapshot | About, now: datetime) -> None:
    """Unusable for what was read in the future, too long ago, or before all could be seen."""
    if about.read_at > now + _CLOCKS:
        raise Unusable("of the future")
    if about.read_at < now - 2 * GOOD_FOR:
        raise Unusable("too old; its job does not run")
    settled = settles_at(about.generation)
    if settled is not None and about.read_at < settled <= now:
        raise Unusable("read before all of its generation could be seen")


def _there(stored: Stored | None) -> Stored:
    if stored is None:
        raise Unusable("there is none")
    return stored
