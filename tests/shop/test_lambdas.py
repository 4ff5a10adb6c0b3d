"""The job's Lambda function as Lambda calls it: after importing one module, and loudly when it fails."""

import json
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


def record(message_id: str, body: str) -> dict[str, Any]:
    """A record of the event that Lambda gets from SQS."""
    return {
        "messageId": message_id,
        "receiptHandle": "receipt",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1"},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:artshop-mail",
        "awsRegion": "eu-west-1",
    }


class Context:
    """As much of Lambda's context as the reader asks."""

    def get_remaining_time_in_millis(self) -> int:
        """A minute is left."""
        return 60_000


def test_the_reader_of_the_queue_answers_which_messages_are_to_come_back(
    table: str, caplog: pytest.LogCaptureFixture
) -> None:
    event = {"Records": [record("good", json.dumps({"mail": "of-nobody"})), record("bad", "rubbish")]}
    assert lambdas.send_mails(event, Context()) == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    (line,) = [each for each in caplog.records if each.message == "mails sent"]
    assert line.__dict__["counts"] == {"messages": 2, "done_before": 1}


def test_a_shop_that_writes_to_nobody_runs_the_job_and_says_so(table: str) -> None:
    answer = lambdas.send_waiting_mails(SCHEDULED, None)
    assert answer == {"job": "mails", "outcome": "not configured", "counts": {}}
