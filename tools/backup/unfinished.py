"""The row by which a table says that a restore into it has begun and not finished.

It stands in the table itself, so it goes where the table goes, and a restore that was killed is taken up
where it ended; a table with this row is never mistaken for a whole one.
"""

from dataclasses import dataclass

from common import prefixes
from common.clock import iso, utc_now
from common.dynamodb import Update, delete_item, get_item, put_item, update_item

KEY = (prefixes.RESTORE, "METADATA")


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A restore that has begun: the checksum of its backup, when (ISO 8601 UTC), and the files written."""

    backup: str
    started_at: str
    done: frozenset[str]


def unfinished_restore() -> Unfinished | None:
    """The restore that has not finished, by one consistent read."""
    item = get_item(KEY, consistent=True)
    return Unfinished(item["backup"], item["started_at"], frozenset(item["done"])) if item else None


def begin(backup: str) -> Unfinished:
    """Say that the restore of this backup has begun, whatever stood there before."""
    started = Unfinished(backup, iso(utc_now()), frozenset())
    pk, sk = KEY
    put_item({"PK": pk, "SK": sk, "backup": backup, "started_at": started.started_at, "done": {}})
    return started


def mark_done(name: str) -> None:
    """Say that every item of this file is in the table."""
    update_item(KEY, Update().set(("done", name), True))


def finish() -> None:
    """Say that the restore has finished."""
    delete_item(KEY)
