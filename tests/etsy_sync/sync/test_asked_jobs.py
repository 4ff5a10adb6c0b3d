"""Jobs that somebody asked for: they come by the queue, run once, and stop before the process has to."""

import json
from datetime import datetime
from typing import Any

import pytest

from common.clock import utc_now
from common.jobs import JobReport
from etsy_sync import jobs
from etsy_sync.adapters.interface import Transient
from etsy_sync.sync import asked_jobs
from etsy_sync.sync.consuming import Consumed, Message, consume
from etsy_sync.sync.pushing import Pusher

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the jobs that ran; each reports progress twice."""
    names: list[str] = []

    def run(name: str, now: datetime | None = None, progress: Any = None) -> JobReport:
        report = JobReport(name, errors=("etsy: cut short",) if name == "orders" else ())
        if name == "broken":
            raise KeyError(name)
        names.append(name)
        if progress:
            progress(1, 2)
            names.append(f"{name} done")
        return report

    monkeypatch.setattr(jobs, "run", run)
    return names


def consumed(*bodies: object, seconds_left: float = 100) -> Consumed:
    messages = [Message(str(number), "", json.dumps(body)) for number, body in enumerate(bodies)]

    def connect(_link: object) -> Any:
        raise AssertionError("no SKU is linked")

    return consume(messages, Pusher(connect, connect, utc_now), lambda: seconds_left)


def test_a_job_runs_once_however_often_it_was_asked_for(ran: list[str]) -> None:
    done = consumed({"job": "products"}, {"sku": "NOBODYS"}, {"job": "products"}, {"job": "orders"})
    assert ran == ["products", "products done", "orders", "orders done"]
    assert (done.counts["jobs"], done.counts["skus"], done.failed) == (2, 1, [])
    assert done.errors == ["job orders: etsy: cut short"]


def test_a_job_that_nobody_knows_is_done_with(ran: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    done = consumed({"job": "broken"}, {"job": 5})
    assert (ran, done.failed, done.errors) == ([], [], ["job broken: KeyError"])
    assert "job broke off" in capsys.readouterr().out


def test_a_job_is_sent_again_when_too_little_time_is_left(
    ran: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    def announce_job(name: str) -> bool:
        sent.append(name)
        return True

    monkeypatch.setattr(asked_jobs, "announce_job", announce_job)
    done = consumed({"job": "products"}, seconds_left=asked_jobs.NEEDED_SECONDS - 1)
    assert (ran, sent, done.counts["jobs"]) == ([], ["products"], 0)


def test_a_job_gives_up_before_its_process_ends(ran: list[str]) -> None:
    left = iter([100.0, asked_jobs.LAST_SECONDS - 1.0])
    with pytest.raises(Transient, match="schedule"):
        asked_jobs.run_asked("products", utc_now(), lambda: next(left))
    assert ran == ["products"]


def test_without_a_queue_a_job_runs_at_once(ran: list[str]) -> None:
    assert asked_jobs.ask_for("products", utc_now()) == "completed"
    assert ran == ["products"]


def test_a_job_that_runs_already_is_not_begun_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(name: str, _now: datetime) -> JobReport:
        report = JobReport(name)
        report.counts["already_running"] += 1
        return report

    monkeypatch.setattr(jobs, "run", run)
    assert asked_jobs.ask_for("products", utc_now()) == "already_running"
