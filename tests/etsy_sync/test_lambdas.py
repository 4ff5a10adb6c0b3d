"""The Lambda functions as Lambda calls them: with its events, after importing one module."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from chalice.app import Chalice

from common.jobs import JobFailed, JobReport
from common.repositories.stock_alerts import unread_alerts
from etsy_sync import jobs, lambdas, wiring
from etsy_sync.adapters.interface import RateLimited, Transient
from etsy_sync.schedules import SCHEDULES
from etsy_sync.sync.receiving import receive
from etsy_sync.sync.undelivered import dead_letters
from tests.common.stock_builders import SKU, on_shelf
from tests.etsy_sync.sync.platform import TARGET, Platform, linked, pusher
from tests.support.embedded_metrics import read_metrics
from tests.support.programs import run
from tools import queues

SCHEDULED = {
    "version": "0",
    "id": "1",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "123456789012",
    "time": "2026-01-31T02:00:00Z",
    "region": "eu-west-1",
    "resources": [],
    "detail": {},
}


@dataclass
class Context:
    """What Lambda tells a function of the time that it has."""

    milliseconds: int = 120_000

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


def records(*skus: str) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": f"m-{number}",
                "receiptHandle": f"r-{number}",
                "body": json.dumps({"sku": sku}),
                "attributes": {"ApproximateReceiveCount": "1"},
            }
            for number, sku in enumerate(skus, start=1)
        ]
    }


@pytest.fixture
def etsy(queue: str, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """A channel that shows nothing yet of a SKU with five pieces."""
    on_shelf(5)
    platform = Platform("etsy")
    linked(platform, 0)
    monkeypatch.setattr(wiring, "pusher", lambda: pusher(platform))
    return platform


def reporting(monkeypatch: pytest.MonkeyPatch, report: JobReport | Exception) -> list[str]:
    """The names of the jobs that are run from now on, each with this report."""
    ran: list[str] = []

    def run_it(name: str, *_: object) -> JobReport:
        ran.append(name)
        if isinstance(report, Exception):
            raise report
        return report

    monkeypatch.setattr(jobs, "run", run_it)
    return ran


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_runs_its_job(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = reporting(monkeypatch, JobReport(name, counts=Counter(links=3)))
    answer = getattr(lambdas, f"sync_{name}")(SCHEDULED, Context())
    assert ran == [name]
    assert answer == {"job": name, "outcome": "completed", "counts": {"links": 3}}


@pytest.mark.parametrize("name", SCHEDULES)
def test_an_unconfigured_shop_answers_at_once_and_fails_nothing(name: str, table: str) -> None:
    answer = getattr(lambdas, f"sync_{name}")(SCHEDULED, Context())
    assert answer == {"job": name, "outcome": "not configured", "counts": {}}


def test_etsy_can_be_switched_off(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ETSY_CLIENT_ID", "ETSY_CLIENT_SECRET", "ETSY_REDIRECT_URI"):
        monkeypatch.setenv(name, "given")
    monkeypatch.setenv("ETSY_SYNC_ENABLED", "false")
    assert lambdas.run_job("inventory")["outcome"] == "not configured"


def test_a_failed_job_is_counted_by_lambda_after_it_was_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    reporting(monkeypatch, JobReport("orders", "error", Counter(orders=1), ("shopify: away",)))
    with pytest.raises(JobFailed, match="orders"):
        lambdas.sync_orders(SCHEDULED, Context())
    (line,) = caplog.records
    assert line.__dict__["outcome"] == "error"
    assert line.__dict__["counts"] == {"orders": 1}
    assert line.__dict__["errors"] == ["shopify: away"]


def test_a_partial_run_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    reporting(monkeypatch, JobReport("orders", "partial", Counter(), ("shopify: away",)))
    assert lambdas.sync_orders(SCHEDULED, Context())["outcome"] == "partial"


def test_a_defect_is_counted_and_says_nothing_of_anybody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    reporting(monkeypatch, ValueError("anna@example.com"))
    with pytest.raises(JobFailed) as failed:
        lambdas.sync_receipts(SCHEDULED, Context())
    assert failed.value.__suppress_context__
    assert "anna" not in caplog.text
    assert caplog.records[0].__dict__["exception"] == "ValueError"


def test_changed_stock_reaches_the_channel(etsy: Platform, caplog: pytest.LogCaptureFixture) -> None:
    assert lambdas.tell_channels(records(SKU, SKU), Context()) == {"batchItemFailures": []}
    assert etsy.shown[TARGET] == {SKU: 5}
    assert caplog.records[-1].__dict__["counts"] == {"messages": 2, "skus": 1, "written": 1, "failed": 0}


def test_only_what_failed_is_received_again(etsy: Platform) -> None:
    on_shelf(5, 2)
    linked(etsy, 0, "V-2-0", "102")
    etsy.refuse = Transient("away")
    answer = lambdas.tell_channels(records(SKU, "V-2-0"), Context())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}
    assert etsy.shown["102"] == {"V-2-0": 5}


def test_the_line_of_a_batch_says_what_it_consumed_and_whether_any_comes_back(
    etsy: Platform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("METRICS_NAMESPACE", "artshop")
    read: list[dict[str, float]] = []
    for refusal in (Transient("away"), None):
        etsy.refuse = refusal
        lambdas.tell_channels(records(SKU), Context())
        line = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert line["domain"] == "etsy_sync"
        read.append({name: value for (name, _), value in read_metrics(line).items()})
    assert [each.get("jobs_partial") for each in read] == [1, None]
    assert all(each["read_units"] > 0 for each in read)


def test_waiting_for_a_limit_never_makes_a_message_undeliverable(etsy: Platform, queue: str) -> None:
    from common.stock_queue import announce

    announce([SKU])
    for _ in range(3 * queues.RECEIVES):
        etsy.refuse = RateLimited("slow", 0)
        assert queues.work_off(queue, pusher(etsy)) is not None
    assert receive(queues.get_client(), dead_letters()) == []
    queues.work_off(queue, pusher(etsy))
    assert etsy.shown[TARGET] == {SKU: 5}


def test_undeliverable_stock_raises_an_alert_and_leaves_the_queue(queue: str) -> None:
    for sku in ("A", "B"):
        queues.get_client().send_message(QueueUrl=dead_letters(), MessageBody=json.dumps({"sku": sku}))
    answers = [lambdas.sync_undelivered(SCHEDULED, Context())["counts"] for _ in range(2)]
    assert answers == [{"messages": 2, "alerts": 2}, {}]
    assert sorted(alert.sku for alert in unread_alerts(9)) == ["A", "B"]


def test_an_app_gets_all_functions() -> None:
    app = Chalice("sync")
    lambdas.register(app)
    assert {source.handler_string for source in app.event_sources} == {
        *(f"etsy_sync.lambdas.sync_{name}" for name in SCHEDULES),
        "etsy_sync.lambdas.tell_channels",
    }


def test_a_cold_start_loads_no_channel_and_no_route() -> None:
    look = "import etsy_sync.lambdas, sys; print([n for n in sys.modules if n.startswith('etsy_sync')])"
    found = run(["-c", f"{look}; print('requests' in sys.modules, 'boto3' in sys.modules)"], {})
    assert found.stdout.splitlines() == [
        "['etsy_sync', 'etsy_sync.schedules', 'etsy_sync.lambdas']",
        "False False",
    ]
