"""`artshop jobs`: what it lists, what it says at the end, and its exit codes."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalog.schedules import SCHEDULES as CATALOG_SCHEDULES
from common import sqs
from common.jobs import JobReport
from common.stock_queue import announce
from etsy_sync import jobs as sync_jobs
from etsy_sync import wiring
from etsy_sync.repositories.sync_states import RunOutcome
from etsy_sync.schedules import SCHEDULES
from orders.schedules import SCHEDULES as ORDER_SCHEDULES
from shop.schedules import SCHEDULES as SHOP_SCHEDULES
from tests.common.stock_builders import SKU, on_shelf
from tests.etsy_sync.sync.platform import TARGET, Platform, linked, pusher
from tools import locks, queues
from tools.all_jobs import all_jobs
from tools.cli import cli


@pytest.fixture(autouse=True)
def _no_shop_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTSHOP_DATA_DIR", str(tmp_path))


def artshop(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["jobs", *arguments])


def reporting(monkeypatch: pytest.MonkeyPatch, report: JobReport) -> None:
    def run(*given: object) -> JobReport:
        progress = given[-1]
        assert callable(progress)
        progress(2, 2)
        return report

    monkeypatch.setattr(sync_jobs, "run", run)


def test_every_job_is_listed_with_what_it_does_and_its_rate() -> None:
    listed = artshop("list").output
    for name, rate in (SCHEDULES | ORDER_SCHEDULES | SHOP_SCHEDULES | CATALOG_SCHEDULES).items():
        (line,) = [line for line in listed.splitlines() if line.startswith(f"{name} ")]
        assert line.endswith(rate)
        assert all_jobs()[name].does in line
    assert "\nqueue " in listed


def test_a_job_says_how_far_it_is_and_how_it_went(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = Counter(written=2, left_for_later=1)
    reporting(monkeypatch, JobReport("inventory", counts=counts))
    answer = artshop("run", "inventory")
    assert answer.exit_code == 0
    assert answer.output.splitlines()[-1] == "inventory: completed (1 left for later, 2 written)"
    assert answer.output.startswith("inventory: 2 ")


def test_quiet_says_the_end_only(monkeypatch: pytest.MonkeyPatch) -> None:
    reporting(monkeypatch, JobReport("inventory"))
    assert artshop("run", "inventory", "--quiet").output == "inventory: completed\n"


@pytest.mark.parametrize("outcome", ["partial", "error"])
def test_a_job_that_failed_ends_with_1_and_its_errors(
    monkeypatch: pytest.MonkeyPatch, outcome: RunOutcome
) -> None:
    report = JobReport("orders", outcome, Counter(), ("shopify: away", "amazon: away"))
    reporting(monkeypatch, report)
    answer = artshop("run", "orders", "--quiet")
    assert answer.exit_code == 1
    assert answer.stdout == f"orders: {outcome}\n"
    assert answer.stderr == "  shopify: away\n  amazon: away\n"


def test_an_unknown_job_ends_with_2_and_the_names_of_all() -> None:
    answer = artshop("run", "moon")
    assert answer.exit_code == 2
    assert "there is no job 'moon'; there are " in answer.output
    assert "reconcile, queue" in answer.output


def test_an_unconfigured_job_is_no_error(table: str) -> None:
    answer = artshop("run", "inventory")
    assert (answer.exit_code, answer.output) == (0, "inventory: not configured, nothing to do\n")


def test_the_queue_is_worked_off(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    queues.reset_client()
    sqs.reset_client()
    monkeypatch.setenv("STOCK_QUEUE_URL", queues.prepare("artshop-stock"))
    etsy = Platform("etsy")
    on_shelf(5)
    linked(etsy, 0)
    monkeypatch.setattr(wiring, "pusher", lambda: pusher(etsy))
    announce([SKU])
    answer = artshop("run", "queue", "--quiet")
    assert (answer.exit_code, etsy.shown[TARGET]) == (0, {SKU: 5})
    assert answer.output == "queue: completed (0 failed, 1 messages, 1 skus, 1 written)\n"
    queues.reset_client()
    sqs.reset_client()


def test_a_missing_queue_is_said_in_one_sentence() -> None:
    answer = artshop("run", "queue")
    assert (answer.exit_code, answer.output) == (1, "Error: There is no queue: STOCK_QUEUE_URL is not set.\n")


def test_the_shop_that_runs_here_is_worked_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOCK_QUEUE_URL", "before")
    (tmp_path / "environment.json").write_text(json.dumps({"STOCK_QUEUE_URL": "http://127.0.0.1:9/q"}))
    artshop("list")
    assert os.environ["STOCK_QUEUE_URL"] == "before"
    with locks.acquire(tmp_path / "run.lock"):
        CliRunner().invoke(cli, ["jobs", "--aws", "list"])
        assert os.environ["STOCK_QUEUE_URL"] == "before"
        assert "On the shop that runs on this machine" in artshop("list").stderr
        assert os.environ["STOCK_QUEUE_URL"] == "http://127.0.0.1:9/q"
        monkeypatch.setenv("STOCK_QUEUE_URL", "before")
        monkeypatch.setenv("DYNAMODB_ENDPOINT", "http://127.0.0.1:8001")
        artshop("list")
        assert os.environ["STOCK_QUEUE_URL"] == "before"
