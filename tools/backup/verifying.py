"""`artshop backup verify`: whether the table holds what a backup holds, row by row.

Rows are compared by digests, of which about 150 bytes a row are kept in memory.
"""

import hashlib
import json
from dataclasses import dataclass
from decimal import Context, Decimal
from pathlib import Path
from typing import Any

from common.dynamodb import Key, from_wire, is_live, table_name
from common.dynamodb.codec import WRITE_ID, WireItem
from common.dynamodb.counters import VALUE
from common.dynamodb.lifecycle import epoch_now
from tools.backup.data_files import read_items
from tools.backup.manifest import Manifest
from tools.backup.restoring import check_backup, is_id_counter
from tools.errors import engine_errors
from tools.progress import Progress, silent
from tools.scanning import CONTENTS, scan_pages

SETS = ("SS", "NS", "BS")
# DynamoDB's numbers have up to 38 digits.
EXACT = Context(prec=40)


@dataclass(frozen=True, slots=True)
class Verified:
    """A comparison: keys that the table lacks or has otherwise, sorted; how many rows it has beside them."""

    table: str
    equal: int
    missing: tuple[Key, ...]
    differing: tuple[Key, ...]
    others: int

    @property
    def holds(self) -> bool:
        """True when every row of the backup is in the table as it was."""
        return not self.missing and not self.differing


def verify_table(folder: Path, *, progress: Progress = silent) -> Verified:
    """Compare the table with a backup, which is read through first.

    What has expired may be gone, and a counter of ids may be further on. Raises ToolError when the backup is
    not whole, or the table cannot be read.
    """
    manifest = check_backup(folder, progress=progress)
    expected = _Expected(folder, manifest)
    with engine_errors(), progress("Comparing", manifest.items) as advance:
        for page in scan_pages(where=CONTENTS):
            for wire in page.items:
                expected.compare(wire)
            advance(page.count)
    return expected.result()


class _Expected:
    """What the backup has and the table has not shown yet."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._rows: dict[Key, tuple[bytes, int]] = {}
        self._expired: set[Key] = set()
        self._differing: list[Key] = []
        self._equal = self._others = 0
        now = epoch_now()
        for file in manifest.files:
            for wire in read_items(folder, file):
                key, digest, last_id = _described(wire)
                self._rows[key] = (digest, last_id)
                if not is_live(from_wire(wire), now):
                    self._expired.add(key)

    def compare(self, wire: WireItem) -> None:
        """Tick off a row of the table."""
        key, digest, last_id = _described(wire)
        expected = self._rows.pop(key, None)
        if expected is None:
            self._others += 1
        elif digest == expected[0] and last_id >= expected[1]:
            self._equal += 1
        else:
            self._differing.append(key)

    def result(self) -> Verified:
        """What came of it."""
        missing = tuple(sorted(self._rows.keys() - self._expired))
        return Verified(table_name(), self._equal, missing, tuple(sorted(self._differing)), self._others)


def _described(wire: WireItem) -> tuple[Key, bytes, int]:
    """The key of a row, a digest of what must not differ, and what a counter of ids has given out."""
    key = wire["PK"]["S"], wire["SK"]["S"]
    # The mark of its last write is of no use to anybody later, and a restore leaves it out.
    rest = {name: value for name, value in wire.items() if name != WRITE_ID}
    if not is_id_counter(key):
        return key, _digest(rest), 0
    last_id = rest.pop(VALUE, None)
    return key, _digest(rest), int(last_id["N"]) if last_id else 0


def _digest(wire: Any) -> bytes:
    """The digest of a row, in which the order of names and sets does not count, nor a number's spelling."""
    text = json.dumps(_canonical(wire), sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _canonical(value: Any, kind: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _canonical(each, name) for name, each in value.items()}
    if isinstance(value, list):
        entries = [_canonical(each, kind.removesuffix("S")) for each in value]
        return sorted(entries) if kind in SETS else entries
    return str(Decimal(value).normalize(EXACT)) if kind == "N" and isinstance(value, str) else value
