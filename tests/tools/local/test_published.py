"""What other commands learn of the running shop."""

import json
import stat
from pathlib import Path

import pytest

from tools import locks
from tools.local.published import of_running_shop, publish, withdraw


def test_engine_queue_and_keys_are_known_while_the_shop_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STOCK_QUEUE_URL", "http://127.0.0.1:1/q")
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", "k")
    monkeypatch.setenv("ADMIN_PASSWORD", "never")
    publish(tmp_path)
    assert of_running_shop(tmp_path, "run.lock") == {}
    with locks.acquire(tmp_path / "run.lock"):
        found = of_running_shop(tmp_path, "run.lock")
        assert (found["STOCK_QUEUE_URL"], found["TOKEN_ENCRYPTION_KEY"]) == ("http://127.0.0.1:1/q", "k")
        assert not {"ADMIN_PASSWORD", "PATH"} & set(found)
        withdraw(tmp_path)
        assert of_running_shop(tmp_path, "run.lock") == {}


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    publish(tmp_path)
    path = tmp_path / "environment.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text())["AWS_REGION"] == "eu-west-1"
    withdraw(tmp_path)
    withdraw(tmp_path)
    assert not path.exists()
