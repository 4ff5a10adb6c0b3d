"""Writes a window of rows: what is missing is added, what is there is left as it is, the rest is reported.

A chunk is one consistent batch read of those of its keys that can be there, and the batch writes of what is
not. Chunks go out from several threads; a window is done when all of its chunks are.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from decimal import Decimal
from types import TracebackType
from typing import Any, Self, TypeVar

from common.dynamodb import Item, Key, from_wire, meter
from common.repositories.catalogue_changes import unmarked
from migration.findings import Finding, Kind
from migration.mapping.entity import Entity
from migration.table.batches import put_all, read_all
from migration.table.state import DIFFERENT, GONE, MARKER
from migration.writing.pace import Pace

CHUNK = 100
LONGEST_TEXT = 120

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Planned:
    """A row that is to be in the table, as JSON in wire format.

    `was_moved` when an earlier run has put it there already, `is_new` when nobody can have written it.
    """

    entity: Entity
    id: int | str
    key: Key
    text: str
    was_moved: bool = False
    is_new: bool = False

    @property
    def item(self) -> Item:
        """The row as the table would give it."""
        return from_wire(json.loads(self.text))

    @property
    def is_marker(self) -> bool:
        """Whether it says who owns a unique value."""
        return self.key[0].startswith("UNIQUE#")

    def is_like(self, stored: Item) -> bool:
        """Whether a stored row is this one."""
        return self.entity.same(self.item, stored)

    def conflict(self, kind: Kind, details: Mapping[str, str]) -> Finding:
        """The finding that it was not written."""
        return Finding(kind, self.entity.name, self.id, self.key, details)


@dataclass(slots=True)
class Outcome:
    """What became of some rows, and the capacity that it took."""

    written: int = 0
    unchanged: int = 0
    overwritten: int = 0
    conflicts: list[Finding] = field(default_factory=list)
    read_units: Decimal = Decimal(0)
    write_units: Decimal = Decimal(0)

    def add(self, other: "Outcome") -> None:
        """Count what became of others as well."""
        self.written += other.written
        self.unchanged += other.unchanged
        self.overwritten += other.overwritten
        self.conflicts += other.conflicts
        self.read_units += other.read_units
        self.write_units += other.write_units


class Writer(AbstractContextManager["Writer"]):
    """Writes windows with so many threads at most; with `overwrite`, rows that differ are replaced."""

    def __init__(self, workers: int = 4, *, overwrite: bool = False) -> None:
        self._overwrite = overwrite
        self._pace = Pace(workers)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="migrate")

    def start(self, window: Iterable[Planned]) -> Callable[[], Outcome]:
        """Begin to bring the rows of a window into the table; the result waits until all are there.

        The first of two rows with one key is written, the second reported. Waiting raises ToolError when
        the database does not take the rows after many attempts.
        """
        outcome = Outcome()
        rows = list(_one_per_key(window, outcome))
        chunks = [self._pool.submit(self._write_chunk, chunk) for chunk in _chunks(rows, CHUNK)]

        def wait() -> Outcome:
            for chunk in chunks:
                outcome.add(chunk.result())
            return outcome

        return wait

    def write(self, window: Iterable[Planned]) -> Outcome:
        """Bring the rows of a window into the table and wait for it."""
        return self.start(window)()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def _write_chunk(self, chunk: Sequence[Planned]) -> Outcome:
        outcome = Outcome()
        with self._pace.request(len(chunk)), meter() as usage:
            found = read_all([row.key for row in chunk if not row.is_new])
            # The same row is the same although the shop has marked a change of it that was taken back.
            stored = {key: unmarked(item) for key, item in found.items()}
            missing = [row for row in chunk if row.key not in stored]
            puts = [row for row in missing if self._may_add(row, outcome)]
            outcome.written = len(puts)
            puts += self._replaced([row for row in chunk if row.key in stored], stored, outcome)
            put_all({row.key: row.text for row in puts})
        outcome.read_units, outcome.write_units = usage.read_units, usage.write_units
        return outcome

    def _may_add(self, row: Planned, outcome: Outcome) -> bool:
        if not row.was_moved or self._overwrite:
            return True
        details = {"row": "was moved by an earlier run and has been deleted since"}
        outcome.conflicts.append(row.conflict(GONE, details))
        return False

    def _replaced(
        self, rows: Iterable[Planned], stored: Mapping[Key, Item], outcome: Outcome
    ) -> Iterator[Planned]:
        for row in rows:
            found = stored[row.key]
            if row.is_like(found):
                outcome.unchanged += 1
            elif row.is_marker:
                outcome.conflicts.append(_taken(row, found))
            elif self._overwrite:
                outcome.overwritten += 1
                yield row
            else:
                outcome.conflicts.append(row.conflict(DIFFERENT, changes(row, found)))


def changes(row: Planned, stored: Item) -> dict[str, str]:
    """Which attributes differ, each with both values, except those that are secret."""
    wanted = row.item
    names = sorted(name for name in wanted.keys() | stored.keys() if wanted.get(name) != stored.get(name))
    return {
        name: "differs"
        if name in row.entity.secrets
        else f"{_shown(wanted, name)} in the source, {_shown(stored, name)} here"
        for name in names
    }


def _one_per_key(window: Iterable[Planned], outcome: Outcome) -> Iterator[Planned]:
    first: dict[Key, Planned] = {}
    for row in window:
        earlier = first.setdefault(row.key, row)
        if earlier is row:
            yield row
        elif not row.is_like(stored := earlier.item):
            different = row.conflict(DIFFERENT, changes(row, stored))
            outcome.conflicts.append(_taken(row, stored) if row.is_marker else different)


def _taken(row: Planned, found: Mapping[str, Any]) -> Finding:
    text = f"belongs to {found.get('owner')} already, so {row.item.get('owner')} is stored without it"
    return row.conflict(MARKER, {row.key[0].removeprefix("UNIQUE#"): text})


def _shown(item: Mapping[str, Any], name: str) -> str:
    if name not in item:
        return "nothing"
    text = repr(item[name])
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}..."


def _chunks(entries: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    for start in range(0, len(entries), size):
        yield entries[start : start + size]
