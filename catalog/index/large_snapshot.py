"""What a process has of a catalogue that is too large for its memory: a SQLite file, from S3 as well."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from catalog.index import stored_file
from catalog.index.holding import Holding
from catalog.index.snapshot import FORMAT, NAME, Snapshot, check, loaded, of_stored
from catalog.index.snapshot_store import Stored, fetch, put
from catalog.index.stored_file import HEAD_BYTES, About, Unusable
from common import config
from common.clock import utc_now
from common.logging import logger

# SQLite is imported where a catalogue is that large.
if TYPE_CHECKING:
    import sqlite3

LARGE = f"large-{FORMAT}"

# It is made anew from the snapshot, which takes a minute, and a process asks for what changed since it.
GOOD_FOR = timedelta(hours=1)
_PART = "sqlite"


@dataclass(frozen=True, slots=True)
class LargeSnapshot:
    """The catalogue in a SQLite file of this process; generation and moment as of any snapshot."""

    generation: str | None
    read_at: datetime
    file: "sqlite3.Connection"

    def holding(self, origin: str = "") -> Holding:
        """What answers lists from the file; versions of another `origin` differ."""
        from catalog.index.sqlite_holding import SqliteCatalogue

        return SqliteCatalogue(self.file, origin)


def load_fitting() -> Snapshot | LargeSnapshot | None:
    """The snapshot as this process can hold it, or None: there is none that can be used. Never raises.

    One read of S3, two where there are more products than CATALOGUE_LARGEST_IN_MEMORY. Where no SQLite file
    of them can be used, they are held in memory however many they are, and the log says so.
    """
    return loaded(NAME, _fitting)


def write_large(snapshot: Snapshot, now: datetime) -> int:
    """Stores the SQLite file of a snapshot that is too large for memory, where the stored one is an hour old.

    How many bytes; 0 where it is good, not needed or not possible. Raises botocore's errors.
    """
    from catalog.index.sqlite_file import packed
    from catalog.index.sqlite_schema import is_possible

    if len(snapshot.rows) <= config.catalogue_largest_in_memory() or not is_possible():
        return 0
    stored = fetch(LARGE)
    held = _about(stored, now)
    if (
        held is not None
        and held.generation == snapshot.generation
        and snapshot.read_at < held.read_at + GOOD_FOR
    ):
        return 0
    about = About(config.table_name(), snapshot.generation, snapshot.read_at, len(snapshot.rows))
    data = stored_file.write(about, {_PART: packed(snapshot)})
    return len(data) if put(LARGE, data, stored.tag if stored else None) else 0


def _fitting(stored: Stored) -> Snapshot | LargeSnapshot:
    about = stored_file.about(stored.head(HEAD_BYTES))
    if about.products > config.catalogue_largest_in_memory():
        large = loaded(LARGE, _large)
        if large is not None:
            stored.close()
            return large
        logger().warning("a large catalogue is held in memory", extra={"products": about.products})
    return of_stored(stored, utc_now())


def _large(stored: Stored) -> LargeSnapshot:
    import sqlite3
    import zlib

    from catalog.index.sqlite_file import opened
    from catalog.index.sqlite_schema import is_possible

    if not is_possible():
        raise Unusable(f"SQLite {sqlite3.sqlite_version} has no trigrams")
    about, parts = stored_file.read(stored.data(), config.table_name())
    check(about, utc_now())
    try:
        return LargeSnapshot(about.generation, about.read_at, opened(parts[_PART]))
    except (KeyError, sqlite3.Error, zlib.error) as error:
        raise Unusable("unreadable") from error


def _about(stored: Stored | None, now: datetime) -> About | None:
    """What the stored file is of; None where there is none that can be used at `now`."""
    if stored is None:
        return None
    try:
        about = stored_file.about(stored.head(HEAD_BYTES))
        check(about, now)
    except Unusable:
        return None
    finally:
        stored.close()
    return about
