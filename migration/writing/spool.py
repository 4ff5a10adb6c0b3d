"""Keeps what the look before writing has mapped until it is written, so that nothing is mapped twice.

The rows wait in a temporary file without a name, which nobody else can open and which is gone when the
process ends, however it ends.
"""

import json
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from migration.mapping.entity import RecordId
from tools.errors import ToolError

RECORDS_TOGETHER = 500
# The quickest: a sixth of the size at a hundredth of the time that mapping takes.
_LEVEL = 1


@dataclass(frozen=True, slots=True)
class Mapped:
    """A record that can be moved; `position` is how far a reading of the parents has come with it.

    `rows` are its rows as (PK, SK, JSON in wire format), its own document first; `highest` is what each
    counter must reach.
    """

    id: RecordId
    position: int
    highest: Mapping[str, int]
    rows: Sequence[tuple[str, str, str]]


class Spool(AbstractContextManager["Spool"]):
    """Records in the order in which they were added, by entity. Raises ToolError where the disk is full."""

    def __init__(self) -> None:
        with _explained():
            self._file = tempfile.TemporaryFile(prefix="artshop-run-")  # noqa: SIM115 - closed on exit
        self._blocks: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        self._added: list[Mapped] = []
        self._entity = ""

    def add(self, entity: str, record: Mapped) -> None:
        """Keep a record."""
        if entity != self._entity or len(self._added) >= RECORDS_TOGETHER:
            self._flush()
            self._entity = entity
        self._added.append(record)

    def clear(self) -> None:
        """Forget all records."""
        self._added.clear()
        self._blocks.clear()
        self._file.seek(0)
        self._file.truncate()

    def records(self, entity: str, after: int | None = None) -> Iterator[Mapped]:
        """The records of an entity that come behind the position `after`."""
        self._flush()
        for offset, length in self._blocks[entity]:
            self._file.seek(offset)
            for record, position, highest, rows in json.loads(zlib.decompress(self._file.read(length))):
                if after is None or position > after:
                    yield Mapped(record, position, highest, rows)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What a full disk did not take is tried again here, and was told already.
        with suppress(OSError):
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def _flush(self) -> None:
        if not self._added:
            return
        block = [(it.id, it.position, it.highest, it.rows) for it in self._added]
        data = zlib.compress(json.dumps(block).encode(), _LEVEL)
        with _explained():
            offset = self._file.seek(0, 2)
            self._file.write(data)
            self._file.flush()
        self._blocks[self._entity].append((offset, len(data)))
        self._added.clear()


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ToolError(
            f"A temporary file cannot be written in {tempfile.gettempdir()} ({error.strerror}); nothing was "
            "moved. The rows wait there until they are written, about 150 bytes each: make room, or name "
            "another folder with TMPDIR, and run the same command again."
        ) from error
