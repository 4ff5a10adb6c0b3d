"""The job that keeps the catalogue's snapshot near what the table has, so that processes begin quickly."""

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from common import config
from common.jobs import JobReport, Progress

if TYPE_CHECKING:
    from catalog.index.snapshot_file import Snapshot

NAME = "snapshot"
UNCHANGED = "unchanged"


def write_snapshot(now: datetime, progress: Progress | None = None, *, whole: bool = False) -> JobReport:
    """Writes the snapshot anew where the table differs from it: one S3 read and one query where it does not.

    The whole table is read where there is none, another generation began or it is a day old, and where
    `whole` asks for it. Two runs at once read twice, and the first to write is the one that counts: the other
    is overtaken. Raises botocore's errors where S3 or the table does not answer.
    """
    # Imported by this job alone.
    from catalog.index.snapshot import previous, save

    if not config.catalogue_snapshot():
        return JobReport(NAME, is_configured=False)
    held, tag = previous(now)
    fresh, outcome = _fresh(None if whole else held, now, progress)
    counts: Counter[str] = Counter({outcome: 1})
    if fresh is not None:
        size = save(fresh, tag)
        counts = Counter(products=len(fresh.rows), bytes=size) if size else Counter(overtaken=1)
    current = fresh or (held if outcome == UNCHANGED else None)
    if current is not None and (size := _write_large(current, now)):
        counts["bytes_of_sqlite"] = size
    return JobReport(NAME, counts=counts)


def _write_large(snapshot: "Snapshot", now: datetime) -> int:
    if len(snapshot.rows) <= config.catalogue_largest_in_memory():
        return 0
    from catalog.index.large_snapshot import write_large

    return write_large(snapshot, now)


def _fresh(
    held: "Snapshot | None", now: datetime, progress: Progress | None
) -> "tuple[Snapshot | None, str]":
    """What is to be written, if anything, and what to say where nothing is."""
    from catalog.index.freshness import WIDE
    from catalog.index.snapshot import GOOD_FOR
    from catalog.index.snapshot_reading import read_all, with_changes
    from common.repositories.catalogue_changes import changes_since

    if held is not None and now - held.read_at < GOOD_FOR:
        changes = changes_since(held.read_at - WIDE)
        if changes.generation == held.generation:
            return with_changes(held, changes, now), UNCHANGED
    return read_all(now, progress), "left_for_later"
