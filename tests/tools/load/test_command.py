"""`artshop load` as a person calls it: where it may go, what it says, and how it ends."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tools.cli import cli
from tools.errors import ToolError
from tools.load import command, thresholds
from tools.load.books import Books
from tools.load.command import check_host
from tools.load.own_shop import Shop
from tools.load.running import Load, Outcome
from tools.load.stock_audit import Audit
from tools.load.thresholds import Threshold

PASSWORD = "secret"
BOOKS = Books(visits=5, orders=["ORD-1"], sold=Counter({1: 2}), unexpected=Counter({"GET /: 500 x": 2}))


def outcome(**changes: Any) -> Outcome:
    return replace(
        Outcome(BOOKS, 90, Audit(), [Threshold("visits", 5, 1, is_least=True)], processor=4.0), **changes
    )


def run(
    monkeypatch: pytest.MonkeyPatch, given: Outcome, *arguments: str, password: str = PASSWORD
) -> tuple[int, str, list[tuple[Load, Shop]]]:
    asked: list[tuple[Load, Shop]] = []

    def run_load(load: Load, shop: Shop, say: Any) -> Outcome:
        asked.append((load, shop))
        return given

    monkeypatch.setattr(command, "run_load", run_load)
    monkeypatch.setenv("ADMIN_PASSWORD", password)
    answer = CliRunner().invoke(cli, ["load", "--url", "http://localhost:8000", *arguments])
    return answer.exit_code, answer.output, asked


def test_a_load_that_keeps_everything_ends_with_0(monkeypatch: pytest.MonkeyPatch) -> None:
    code, output, asked = run(monkeypatch, outcome(), "--users", "7", "--seconds", "9", "--orders", "100")
    assert code == 0
    assert "90 requests, 10.0 a second; 5 visits, 1 orders, 2 pieces" in output
    assert "250 requests a second per core" in output
    assert "2 x GET /: 500 x" in output
    assert "not judged: what the table was asked" in output
    ((load, shop),) = asked
    assert (load.users, load.seconds, load.settings.mix.orders, load.settings.mix.carts) == (7, 9, 0.1, 0.1)
    assert (shop.url, shop.username, shop.password) == ("http://localhost:8000", "artist", PASSWORD)


def test_a_broken_threshold_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = outcome(
        thresholds=[Threshold("unexpected answers", 2, 0)], audit=Audit(complaints=["variant 1: lost"])
    )
    code, output, _ = run(monkeypatch, broken)
    assert code == 1
    assert "BROKEN unexpected answers: 2 (at most 0)" in output
    assert "variant 1: lost" in output


@pytest.mark.parametrize(
    "url", ["http://localhost:8000", "http://127.0.0.1:1", "http://abc.execute-api.localhost:4566/dev"]
)
def test_this_machine_may_be_loaded(url: str) -> None:
    check_host(url, owns=False)


@pytest.mark.parametrize(
    "url", ["https://shop.example.com", "http://localhost.example.com", "http://10.0.0.1"]
)
def test_another_host_is_loaded_only_by_its_owner(url: str) -> None:
    with pytest.raises(ToolError, match="is not this machine"):
        check_host(url, owns=False)
    check_host(url, owns=True)


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://localhost", "http://"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ToolError, match="must be an address"):
        check_host(url, owns=True)


def test_without_a_password_nobody_can_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    code, output, asked = run(monkeypatch, outcome(), password="")
    assert (code, asked) == (1, [])
    assert "Set ADMIN_PASSWORD" in output


def test_an_access_log_belongs_to_a_given_shop(tmp_path: Path) -> None:
    (tmp_path / "log").touch()
    answer = CliRunner().invoke(cli, ["load", "--access-log", str(tmp_path / "log")])
    assert answer.exit_code == 1
    assert "--access-log belongs to --url" in answer.output


@pytest.mark.exhaustive
def test_a_load_on_a_shop_of_its_own_is_judged_and_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A budget that no shop can keep: what everything else keeps still ends with 1.
    monkeypatch.setattr(thresholds, "MOST_CALLS", 0)
    arguments = [
        "--engine",
        "embedded",
        "--users",
        "4",
        "--seconds",
        "6",
        "--orders",
        "900",
        "--think",
        "0.1",
    ]
    answer = CliRunner().invoke(cli, ["load", *arguments, "--out", str(tmp_path)])
    assert answer.exit_code == 1
    lines = answer.output.splitlines()
    assert [line for line in lines if line.startswith("BROKEN")] == [
        line for line in lines if "round trips of the dearest request" in line
    ]
    assert sum(line.startswith("ok ") for line in lines) > 5
    names = {path.name for path in tmp_path.iterdir()}
    assert names >= {"report.html", "load.svg", "summary.json", "seconds.csv", "requests_stats.csv"}
