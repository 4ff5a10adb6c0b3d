"""The rows of a file: what is read again, and what a failed save leaves behind."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.programs import program
from tools.engines.row_store import Key, RowStore, UnknownForm

KILLED_WHILE_SAVING = """
import os, sys
from pathlib import Path
from tools.engines.row_store import RowStore
store = RowStore(Path(sys.argv[1]))
store.save({("item", "whole"): "saved"})
def rows():
    yield ("item", "half"), "written"
    os.kill(os.getpid(), 9)
class Torn(dict):
    items = staticmethod(rows)
store.save(Torn())
"""


def read(path: Path, kind: str = "item") -> list[tuple[Key, object]]:
    store = RowStore(path)
    found = list(store.rows(kind))
    store.close()
    return found


def test_rows_are_read_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    store = RowStore(path)
    assert store.is_new
    store.save({("item", "b"): 1, ("item", "a"): 2, ("other", "a"): 3})
    store.save({("item", "b"): 4, ("item", "c"): 5})
    store.save({("item", "a"): None, ("item", "never"): None})
    store.close()
    assert read(path) == [(("item", "b"), 4), (("item", "c"), 5)]
    assert read(path, "other") == [(("other", "a"), 3)]


def test_any_json_text_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    store = RowStore(path)
    content = {"half of a pair": "\ud83d", "zero": "\0", "Ω": ["\u2028", 1.5, True]}
    store.save({("item", 'quo"te', "\udc00", "a\0b"): content})
    store.close()
    assert read(path) == [(("item", 'quo"te', "\udc00", "a\0b"), content)]


def test_a_save_that_is_killed_has_written_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    with program(["-c", KILLED_WHILE_SAVING, str(path)], {}) as writer:
        assert writer.wait() == -9
    assert read(path) == [(("item", "whole"), "saved")]


def test_a_journal_that_is_torn_in_its_last_record_keeps_all_before_it(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    store = RowStore(path)
    for number in range(20):
        store.save({("item", str(number)): "x" * 100})
    journal = Path(f"{path}-wal").read_bytes()
    torn = tmp_path / "torn"
    torn.write_bytes(path.read_bytes())
    Path(f"{torn}-wal").write_bytes(journal[:-10])
    store.close()
    assert [key[1] for key, _ in read(torn)] == [str(number) for number in range(19)]


def test_a_full_disk_fails_the_save_and_spoils_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    store = RowStore(path)
    store.save({("item", "first"): 1})
    store._connection.execute("PRAGMA max_page_count = 10")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        store.save({("item", "second"): 2, ("item", "large"): "x" * 100_000})
    store._connection.execute("PRAGMA max_page_count = 100000")
    store.save({("item", "third"): 3})
    store.close()
    assert read(path) == [(("item", "first"), 1), (("item", "third"), 3)]


def test_a_file_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 2")
    connection.close()
    with pytest.raises(UnknownForm, match="form 2"):
        RowStore(path)


def test_a_file_that_is_refused_is_let_go(tmp_path: Path) -> None:
    path, kept = tmp_path / "rows", []
    for version in (2, 3):
        with closing(sqlite3.connect(path, timeout=0)) as connection:
            connection.execute(f"PRAGMA user_version = {version}")
        # What is kept of the refusal keeps the store, and would keep its lock with it.
        with pytest.raises(UnknownForm) as refused:
            RowStore(path)
        kept.append(refused)
    assert len(kept) == 2


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    path.write_bytes(os.urandom(5000))
    with pytest.raises(sqlite3.DatabaseError):
        RowStore(path)
