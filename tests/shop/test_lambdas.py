"""The job's Lambda function as Lambda calls it: after importing one module, and loudly when it fails."""

from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from chalice.app import Chalice

from common.jobs import Job, JobFailed, JobReport
from shop import jobs, lambdas
from shop.schedules import SCHEDULES
from tests.orders.test_lambdas import SCHEDULED
from tests.support.programs import run


def test_the_schedule_runs_the_job(table: str) -> None:
    answer = lambdas.summarise_analytics(SCHEDULED, None)
    assert answer == {"job": "analytics", "outcome": "completed", "counts": {}}
    assert jobs.JOBS.keys() == SCHEDULES.keys()


@pytest.mark.parametrize("outcome", ["partial", "error"])
def test_one_creator_who_fails_is_counted_by_lambda_after_it_was_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, outcome: Any
) -> None:
    errors = ("creator 1 could not be summarised; the log says more",)

    def run_it(_now: datetime, _progress: Any) -> JobReport:
        return JobReport("analytics", outcome, Counter(creators=2, failed=1), errors)

    monkeypatch.setattr(jobs, "JOBS", {"analytics": Job("", run_it)})
    with pytest.raises(JobFailed, match="analytics"):
        lambdas.summarise_analytics(SCHEDULED, None)
    (line,) = caplog.records
    assert line.__dict__["counts"] == {"creators": 2, "failed": 1}
    assert line.__dict__["errors"] == list(errors)


def test_no_metric_is_made_that_no_alarm_reads(
    table: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("METRICS_NAMESPACE", "artshop")
    lambdas.summarise_analytics(SCHEDULED, None)
    (line,) = [record for record in caplog.records if record.message == "job"]
    assert "jobs_completed" not in line.__dict__
    assert "read_units" in line.__dict__


def test_an_app_gets_the_function() -> None:
    app = Chalice("shop")
    lambdas.register(app)
    assert "shop.lambdas.summarise_analytics" in [source.handler_string for source in app.event_sources]


def test_a_cold_start_loads_no_route() -> None:
    look = "import shop.lambdas, sys; print([n for n in sys.modules if n.startswith('shop')])"
    found = run(["-c", f"{look}; print('boto3' in sys.modules)"], {})
    assert found.stdout.splitlines() == ["['shop', 'shop.schedules', 'shop.lambdas']", "False"]
