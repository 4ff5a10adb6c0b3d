"""The job's Lambda function as Lambda calls it: after importing one module, and loudly when it fails."""

from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from chalice.app import Chalice

from common.clock import utc_now
from common.jobs import JobFailed, JobReport
from orders import jobs, lambdas
from orders.schedules import SCHEDULES
from tests.support.programs import run

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


def reporting(monkeypatch: pytest.MonkeyPatch, report: JobReport) -> None:
    """The job ends with this report from now on."""

    def run_it(_now: datetime, _progress: Any) -> JobReport:
        return report

    monkeypatch.setattr(jobs, "JOBS", {"unpaid": jobs.Job("", run_it)})


def test_the_schedule_runs_the_job(table: str) -> None:
    answer = lambdas.cancel_unpaid_orders(SCHEDULED, None)
    assert answer == {"job": "unpaid", "outcome": "completed", "counts": {}}
    assert jobs.JOBS.keys() == SCHEDULES.keys()


@pytest.mark.parametrize("outcome", ["partial", "error"])
def test_one_order_that_fails_is_counted_by_lambda_after_it_was_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, outcome: Any
) -> None:
    errors = ("ORD-00000001 could not be cancelled; the log says more",)
    reporting(monkeypatch, JobReport("unpaid", outcome, Counter(cancelled=2, failed=1), errors))
    with pytest.raises(JobFailed, match="unpaid"):
        lambdas.cancel_unpaid_orders(SCHEDULED, None)
    (line,) = caplog.records
    assert line.__dict__["counts"] == {"cancelled": 2, "failed": 1}
    assert (line.__dict__["error_count"], line.__dict__["errors"]) == (1, list(errors))


def test_an_app_gets_the_function() -> None:
    app = Chalice("orders")
    lambdas.register(app)
    assert [source.handler_string for source in app.event_sources] == ["orders.lambdas.cancel_unpaid_orders"]


def test_a_cold_start_loads_no_route_and_no_provider() -> None:
    look = "import orders.lambdas, sys; print([n for n in sys.modules if n.startswith('orders')])"
    found = run(["-c", f"{look}; print('stripe' in sys.modules, 'boto3' in sys.modules)"], {})
    assert found.stdout.splitlines() == ["['orders', 'orders.schedules', 'orders.lambdas']", "False False"]


def test_mails_that_nobody_sends_are_told_by_the_job_that_is_waited_for(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orders.jobs.has_late_mail", lambda _now: True)
    with pytest.raises(JobFailed, match="unpaid"):
        lambdas.cancel_unpaid_orders(SCHEDULED, None)
    report = jobs.JOBS["unpaid"].run(utc_now(), None)
    assert (report.outcome, report.errors) == ("partial", (jobs.LATE_MAIL,))
