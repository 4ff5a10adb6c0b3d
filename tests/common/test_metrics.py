"""The lines of requests and jobs as CloudWatch reads them."""

import json
from collections import Counter
from typing import Any

import pytest

import app
from common import metrics
from common.dynamodb import get_item, meter
from common.http import PUBLIC, Request, Routes, create_app
from common.jobs import JobFailed, JobReport, log_batch, run_logged
from common.metrics import METRICS, count, counting, embedded
from tests.support.embedded_metrics import LARGEST_LINE, read_metrics
from tests.support.http import Client
from tests.support.programs import run
from tools.costs.traffic import LOG_BYTES
from tools.paths import ROOT

SHOP = (("shop", "ArtManagementTable-tests"),)
FREE_METRICS = 10
# START, END and REPORT of an invocation, with its id and its numbers.
LINES_OF_LAMBDA = 340


@pytest.fixture(autouse=True)
def namespace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Metrics are asked for, of a table with a name of its own."""
    monkeypatch.setenv("METRICS_NAMESPACE", "artshop")
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", SHOP[0][1])


def last_line(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The line that was written last."""
    text = capsys.readouterr().out.splitlines()[-1]
    assert len(text) < LARGEST_LINE
    line: dict[str, Any] = json.loads(text)
    return line


def small_shop() -> Client:
    """A shop that answers, that fails, and that takes an order."""
    routes = Routes("orders")

    @routes.get("/well", role=PUBLIC)
    def well(request: Request) -> dict[str, object]:
        return {}

    @routes.get("/broken", role=PUBLIC)
    def broken(request: Request) -> dict[str, object]:
        raise ValueError("anna@example.com")

    @routes.post("/bought", role=PUBLIC)
    def bought(request: Request) -> dict[str, object]:
        count("orders_placed")
        return {}

    return Client(create_app("small", [routes]))


def test_a_request_is_counted_with_its_time_and_units(capsys: pytest.CaptureFixture[str]) -> None:
    small_shop().get("/well")
    line = last_line(capsys)
    read = read_metrics(line)
    assert read.pop(("milliseconds", SHOP)) == line["milliseconds"]
    assert read == {
        ("requests", SHOP): 1,
        ("server_errors", SHOP): 0,
        ("read_units", SHOP): 0,
        ("write_units", SHOP): 0,
    }


def test_a_failure_and_an_unknown_path_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    shop = small_shop()
    failures = []
    for path in ("/broken", "/nowhere"):
        shop.get(path)
        line = last_line(capsys)
        failures.append(read_metrics(line)["server_errors", SHOP])
        assert "anna" not in json.dumps(line)
    assert failures == [1, 0]


def test_units_of_the_table_are_those_of_the_line(
    table: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", table)
    report = JobReport("reading")

    def reading() -> JobReport:
        get_item(("A", "B"), consistent=True)
        return report

    run_logged("reading", "orders", reading)
    line = last_line(capsys)
    assert read_metrics(line)["read_units", (("shop", table),)] == line["read_units"]


def test_an_order_is_counted_in_the_request_that_places_it(capsys: pytest.CaptureFixture[str]) -> None:
    shop = small_shop()
    shop.request("POST", "/bought")
    assert read_metrics(last_line(capsys))["orders_placed", SHOP] == 1
    shop.get("/well")
    assert ("orders_placed", SHOP) not in read_metrics(last_line(capsys))


@pytest.mark.parametrize(
    ("report", "counted"),
    [
        (JobReport("any", "completed"), "jobs_completed"),
        (JobReport("any", is_configured=False), "jobs_completed"),
        (JobReport("any", "partial"), "jobs_partial"),
    ],
)
def test_a_job_is_counted_by_its_outcome(
    report: JobReport, counted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run_logged("any", "etsy_sync", lambda: report)
    by = (*SHOP, ("domain", "etsy_sync")) if counted == "jobs_completed" else SHOP
    read = read_metrics(last_line(capsys))
    assert read == {(counted, by): 1, ("read_units", SHOP): 0, ("write_units", SHOP): 0}


@pytest.mark.parametrize("broken", [True, False])
def test_a_failed_job_is_counted_and_shows_no_sign_of_life(
    broken: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    def job() -> JobReport:
        if broken:
            raise ValueError("anna@example.com")
        return JobReport("any", "partial", Counter(failed=1))

    with pytest.raises(JobFailed):
        run_logged("any", "orders", job, fatal=("error", "partial"))
    line = last_line(capsys)
    assert "anna" not in json.dumps(line)
    assert {name for name, _ in read_metrics(line)} == {"jobs_failed", "read_units", "write_units"}


@pytest.mark.parametrize("has_failed", [True, False])
def test_a_batch_of_messages_is_no_sign_of_life_of_the_jobs(
    has_failed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with meter() as usage:
        pass
    log_batch("channels told", "etsy_sync", {"messages": 2}, [], usage, has_failed=has_failed)
    names = {name for name, _ in read_metrics(last_line(capsys))}
    assert names == {"read_units", "write_units", *(["jobs_partial"] if has_failed else [])}


def test_a_line_is_about_as_long_as_the_bill_reckons(capsys: pytest.CaptureFixture[str]) -> None:
    small_shop().get("/well", headers={"User-Agent": "a browser"})
    written = len(capsys.readouterr().out)
    assert written + LINES_OF_LAMBDA == pytest.approx(float(LOG_BYTES), rel=0.1)


def test_ten_metrics_are_billed_at_most() -> None:
    """CloudWatch bills a metric once for each set of values of its dimensions."""
    told = (ROOT / domain / "lambdas.py" for domain in app.WITH_FUNCTIONS)
    waited_for = [path for path in told if "is_waited_for=False" not in path.read_text(encoding="utf-8")]
    values = {metrics.SHOP: 1, metrics.DOMAIN: len(waited_for)}
    billed = 0
    for metric in METRICS.values():
        sets = 1
        for dimension in metric.by:
            sets *= values[dimension]
        billed += sets
    assert billed == FREE_METRICS


def test_nothing_is_counted_where_nobody_asks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("METRICS_NAMESPACE")
    small_shop().get("/well")
    run_logged("any", "orders", lambda: JobReport("any"))
    for line in map(json.loads, capsys.readouterr().out.splitlines()):
        assert not {"_aws", "shop"} & set(line)


def test_a_count_that_is_no_metric_is_a_defect() -> None:
    with pytest.raises(KeyError), counting():
        count("anything")


def test_what_is_counted_outside_of_a_request_is_left_alone() -> None:
    count("orders_placed")
    with counting() as counted:
        assert counted == {}


def test_what_was_said_once_is_not_changed_by_the_next_line() -> None:
    first, second = embedded(["requests"]), embedded(["requests", "orders_placed"])
    assert [len(each["_aws"]["CloudWatchMetrics"][0]["Metrics"]) for each in (first, second)] == [1, 2]


def test_no_second_library_is_loaded_to_count() -> None:
    script = "import sys, common.metrics, common.jobs; print(*sorted(sys.modules))"
    loaded = set(run(["-c", script], {}).stdout.split())
    assert not {"aws_lambda_powertools", "aws_embedded_metrics", "boto3", "botocore"} & loaded
