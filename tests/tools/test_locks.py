"""Locks that end with their process."""

import signal
from pathlib import Path

import pytest

from tests.support.programs import program
from tools import locks

HOLD = """
import sys
from pathlib import Path
from tools import locks
lock = locks.acquire(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read() or __import__("signal").pause()
"""


def test_a_lock_is_free_until_it_is_taken(tmp_path: Path) -> None:
    assert not locks.is_held(tmp_path / "x.lock")
    with locks.acquire(tmp_path / "x.lock"):
        assert locks.is_held(tmp_path / "x.lock")
    assert not locks.is_held(tmp_path / "x.lock")


def test_a_second_holder_is_refused(tmp_path: Path) -> None:
    with locks.acquire(tmp_path / "x.lock"), pytest.raises(locks.Held):
        locks.acquire(tmp_path / "x.lock")


def test_who_only_asks_keeps_nobody_from_taking_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = locks.acquire(tmp_path / "x.lock")
    monkeypatch.setattr("time.sleep", lambda _: asking.close())
    locks.acquire(tmp_path / "x.lock").close()


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path) -> None:
    with program(["-c", HOLD, str(tmp_path / "x.lock")], {}) as holder:
        holder.read_until("held")
        assert locks.is_held(tmp_path / "x.lock")
        holder.send(signal.SIGKILL)
        holder.wait()
        assert not locks.is_held(tmp_path / "x.lock")
