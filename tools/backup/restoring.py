"""`artshop backup restore`: the items of a backup into a new or empty table.

Nothing is written before every file has been read and found unchanged. Writing an item twice leaves it
as it is, so a restore that ended early is simply repeated.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from botocore.exceptions import ClientError

from common.dynamodb import Item, Key, batch_write, create_table, from_wire, is_live, key_of, table_name
from common.dynamodb.backoff import Sleep, delay
from common.dynamodb.batch import WRITE_CHUNK
from common.dynamodb.counters import PARTITION, VALUE, raise_counter
from common.dynamodb.lifecycle import epoch_now
from tools.backup.data_files import check_files, check_items, read_items
from tools.backup.exporting import describe, index_schemas
from tools.backup.manifest import DataFile, Manifest, read_manifest
from tools.backup.unfinished import Unfinished, begin, finish, mark_done, unfinished_restore
from tools.errors import ToolError, engine_errors
from tools.generations import new_generations
from tools.progress import Advance, Progress, silent
from tools.scanning import count_items, is_empty

WORKERS = 4
# Each of them is six attempts of the batch, so this is about ten seconds of a table that is too busy.
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did; `skipped` were written by an earlier run, `others` are not of the backup."""

    table: str
    created: bool
    written: int
    skipped: int
    others: int
    missing_indexes: tuple[str, ...]


def check_backup(folder: Path, *, progress: Progress = silent) -> Manifest:
    """Read a whole backup and return its manifest. Raises ToolError for the first thing that is wrong."""
    manifest = read_manifest(folder)
    check_files(folder, manifest)
    with progress("Checking", manifest.items) as advance:
        for file in manifest.files:
            for read in check_items(folder, file):
                advance(read)
    return manifest


def restore_table(
    folder: Path,
    *,
    overwrite: bool = False,
    skip_ids: int = 0,
    workers: int = WORKERS,
    progress: Progress = silent,
    sleep: Sleep = time.sleep,
) -> Restored:
    """Write a backup into the table, which is created when there is none.

    `skip_ids` is how many ids each counter leaves out after the last that the backup knows: those that were
    given out since must not be given out again. With `overwrite` a table that has items is taken as well:
    items with the same keys are replaced, others stay. Raises ToolError when the backup is not whole, the
    table is not empty, or items are refused.
    """
    manifest = check_backup(folder, progress=progress)
    with engine_errors():
        created = _make_ready(manifest)
        unfinished = _start(manifest, overwrite=overwrite)
        left = [file for file in manifest.files if file.name not in unfinished.done]
        with (
            # After a restore that ended early too, and before the row that says so is gone.
            new_generations() as keep_up,
            progress("Restoring", sum(file.items for file in left)) as advance,
            ThreadPoolExecutor(workers) as pool,
        ):
            writing = _Writing(pool, workers, _both(advance, keep_up), sleep)
            for file in left:
                writing.write(from_wire(wire) for wire in read_items(folder, file))
                mark_done(file.name)
        others = _count_others(folder, manifest, workers)
        if skip_ids:
            _skip_ids(folder, manifest, skip_ids)
        finish()
        missing = _missing_indexes(manifest)
    written = sum(file.items for file in left)
    return Restored(table_name(), created, written, manifest.items - written, others, missing)


def _both(advance: Advance, keep_up: Callable[[], None]) -> Advance:
    def advanced(count: int) -> None:
        advance(count)
        keep_up()

    return advanced


class _Writing:
    """Writes items by several workers, with no more of them in memory than these have at hand."""

    def __init__(self, pool: ThreadPoolExecutor, workers: int, advance: Advance, sleep: Sleep) -> None:
        self._pool = pool
        self._most = 2 * workers
        self._advance = advance
        self._sleep = sleep

    def write(self, items: Iterable[Item]) -> None:
        """Write all of the items, and return when they are stored. Raises ToolError naming one refused."""
        waiting: deque[Future[int]] = deque()
        for batch in _batches(items):
            if len(waiting) >= self._most:
                self._advance(waiting.popleft().result())
            waiting.append(self._pool.submit(self._write_batch, batch))
        while waiting:
            self._advance(waiting.popleft().result())

    def _write_batch(self, batch: list[Item]) -> int:
        pending = {key_of(item): item for item in batch}
        failed: list[tuple[Key, str]] = []
        for attempt in range(ROUNDS):
            failed = batch_write(puts=pending.values(), sleep=self._sleep).failed
            if not failed:
                return len(batch)
            pending = {key: pending[key] for key, _ in failed}
            self._sleep(delay(attempt))
        (pk, sk), reason = failed[0]
        raise ToolError(f"{pk} / {sk} was not stored: {reason}. Repeat the restore to go on")


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(items)
    while batch := list(islice(rest, WRITE_CHUNK)):
        yield batch


def _make_ready(manifest: Manifest) -> bool:
    """Create the table where there is none, and say whether it was so."""
    created = False
    try:
        table = describe()
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        created = create_table()
        table = describe()
    if table["KeySchema"] != manifest.key_schema:
        raise ToolError(f"{table_name()} has other keys than {manifest.table}, of which this is a backup")
    return created


def _start(manifest: Manifest, *, overwrite: bool) -> Unfinished:
    unfinished = unfinished_restore()
    if unfinished is not None and unfinished.backup == manifest.checksum:
        return unfinished
    if unfinished is not None and not overwrite:
        raise ToolError(
            f"A restore of another backup into {table_name()} began at {unfinished.started_at} and has not "
            "finished; finish it, or write over it with --overwrite"
        )
    if not overwrite and not is_empty():
        raise ToolError(f"{table_name()} is not empty; --overwrite replaces what has the same keys")
    return begin(manifest.checksum)


def _count_others(folder: Path, manifest: Manifest, workers: int) -> int:
    """How many items the table has beside those of the backup. Raises ToolError when it has too few."""
    # The row that says that the restore has not finished is not of the backup.
    found = count_items(workers) - 1
    lacking = manifest.items - found
    # What has expired may be gone already: the service deletes it by itself.
    if lacking > 0 and lacking > _expired(folder, manifest.files):
        begin(manifest.checksum)
        raise ToolError(
            f"{table_name()} has {found} items after the restore of {manifest.items}: something deletes "
            "from it. Repeat the restore when nothing else uses the table"
        )
    return max(0, -lacking)


def is_id_counter(key: Key) -> bool:
    """True for the key of a counter that gives out ids; beside them lie tallies."""
    return key[0] == PARTITION and key[1].endswith("_ID")


def _skip_ids(folder: Path, manifest: Manifest, count: int) -> None:
    for file in manifest.files:
        for wire in read_items(folder, file):
            item = from_wire(wire)
            if is_id_counter(key_of(item)) and VALUE in item:
                raise_counter(item["SK"], int(item[VALUE]) + count)


def _expired(folder: Path, files: Iterable[DataFile]) -> int:
    now = epoch_now()
    return sum(not is_live(from_wire(wire), now) for file in files for wire in read_items(folder, file))


def _missing_indexes(manifest: Manifest) -> tuple[str, ...]:
    present = index_schemas(describe())
    return tuple(str(index["IndexName"]) for index in manifest.indexes if index not in present)
