"""Backups of larger tables: parallel scans, flat memory, and a restore that is killed and repeated."""

import os
import signal
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest

from common.dynamodb import Item, batch_write, delete_table, index_keys
from common.dynamodb.codec import WireItem
from tests.support.programs import program
from tests.tools.backup.conftest import EVERY_KIND
from tools.backup.exporting import export_table
from tools.backup.restoring import Restored, restore_table
from tools.backup.unfinished import unfinished_restore
from tools.errors import ToolError
from tools.scanning import CONTENTS, count_items, scan_pages

ROWS = 20_000
CHUNK = 500


def row(number: int) -> Item:
    return {
        "PK": f"ORDER#{number}",
        "SK": "METADATA",
        **index_keys("GSI1", "ORDER", f"{number:010d}"),
        "total": Decimal(number) / 4,
        "lines": [{"title": f"Manifesto n° {number} 🎨", "quantity": line} for line in range(3)],
        "note": f"{number} " * 60,
    }


def fill(start: int, end: int) -> None:
    def put(first: int) -> None:
        report = batch_write(puts=[row(number) for number in range(first, first + CHUNK)])
        assert not report.failed

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(put, range(start, end, CHUNK)))


def fingerprint() -> tuple[int, int]:
    """How many items there are, and a sum over all of them that any difference changes."""
    found, total = 0, 0
    for page in scan_pages(where=CONTENTS):
        for wire in page.items:
            found += 1
            total += int(sha256(repr(_canonical(wire)).encode()).hexdigest(), 16)
    return found, total


def _canonical(wire: WireItem) -> list[tuple[str, object]]:
    return sorted((name, _ordered(value)) for name, value in wire.items())


def _ordered(value: object) -> object:
    if isinstance(value, dict):
        return sorted((name, _ordered(entry)) for name, entry in value.items())
    if isinstance(value, list):
        # Only sets lose their order on the way, and their entries are texts.
        texts = all(isinstance(entry, str) for entry in value)
        return sorted(value) if texts else [_ordered(entry) for entry in value]
    return value


@pytest.fixture
def target(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a table to restore into, which is not there yet."""
    name = f"test-{uuid4()}"
    yield name
    delete_table(name)


def test_every_kind_of_value_survives_the_round_trip(
    table: str, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not batch_write(puts=[EVERY_KIND]).failed
    before = fingerprint()
    export_table(tmp_path / "backup")
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", target)
    restore_table(tmp_path / "backup")
    assert fingerprint() == before


def test_twenty_thousand_rows_come_back_with_flat_memory(
    table: str, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each worker has two pages in hand from here on, so that more rows must not take more memory.
    fill(0, ROWS // 2)
    half = _peak(lambda: export_table(tmp_path / "half"))
    fill(ROWS // 2, ROWS)
    before = fingerprint()
    assert _peak(lambda: export_table(tmp_path / "whole")) < 1.25 * half
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", target)
    assert restore_table(tmp_path / "whole").written == ROWS
    assert before[0] == ROWS
    assert fingerprint() == before


def test_a_restore_that_is_killed_again_and_again_is_repeated_safely(
    table: str, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(0, 4_000)
    before = fingerprint()
    folder = tmp_path / "backup"
    export_table(folder, segments=8)
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", target)
    for lines in (1, 3, 5):
        _kill_restore(folder, target, lines)
        assert unfinished_restore() is not None
        with pytest.raises(ToolError, match="has not finished"):
            export_table(tmp_path / "never")
    done: Restored = restore_table(folder)
    assert done.skipped > 0
    assert done.skipped + done.written == 4_000
    assert count_items() == 4_000
    assert fingerprint() == before


def _kill_restore(folder: Path, table: str, lines: int) -> None:
    """Start `artshop backup restore` and kill it, as `kill -9` does, after so many lines of progress."""
    changes = {name: value for name, value in os.environ.items() if name.startswith(("AWS_", "DYNAMODB_"))}
    command = ["-m", "tools.cli", "backup", "restore", str(folder), "--table", table]
    with program(command, changes) as restore:
        for _ in range(lines):
            assert "Restoring" in restore.read_until("Restoring")
        restore.send(signal.SIGKILL)
        assert restore.wait() == -signal.SIGKILL


def _peak(work: Callable[[], object]) -> int:
    """The most bytes that Python objects took during the work."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
