"""`artshop reset`."""

from pathlib import Path

import pytest

from tools import locks
from tools.errors import ToolError
from tools.local.reset import reset_data


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "dynamodb.json").write_text("{}")
    (tmp_path / "state.taken-over").mkdir()
    (tmp_path / "engine.sqlite3").touch()
    (tmp_path / "engine.sqlite3-wal").touch()
    (tmp_path / "credentials.json").write_text("{}")
    (tmp_path / "token.key").write_text("key")
    (tmp_path / "environment.json").write_text("{}")
    (tmp_path / "run.lock").touch()
    return tmp_path


def test_everything_of_the_shop_is_deleted_and_nothing_else(data: Path) -> None:
    (data / "notes.txt").write_text("mine")
    assert reset_data(data)
    assert [path.name for path in data.iterdir()] == ["notes.txt"]


def test_nothing_is_reported_where_nothing_was(data: Path) -> None:
    reset_data(data)
    assert not reset_data(data)
    assert not reset_data(data / "missing")


@pytest.mark.parametrize("lock", ["run.lock", "engine.lock"])
def test_data_in_use_is_left_alone(data: Path, lock: str) -> None:
    with locks.acquire(data / lock), pytest.raises(ToolError, match="running"):
        reset_data(data)
    assert (data / "state" / "dynamodb.json").exists()
