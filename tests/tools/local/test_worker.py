"""The local worker: it reads both queues, runs jobs as they fall due, and stops."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from common import sqs, stock_queue
from common.repositories.stock_alerts import unread_alerts
from common.stock_queue import announce
from etsy_sync import wiring
from etsy_sync.schedules import SCHEDULES
from etsy_sync.sync.receiving import receive
from etsy_sync.sync.undelivered import dead_letters
from tests.common.stock_builders import SKU, on_shelf
from tests.etsy_sync.sync.platform import TARGET, Platform, linked, pusher
from tools import queues
from tools.all_jobs import all_jobs
from tools.local import worker
from tools.local.worker import Worker, run_by_rate


@pytest.fixture
def queue(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty queue, for which nobody waits."""
    queues.reset_client()
    sqs.reset_client()
    url = queues.prepare("artshop-stock")
    monkeypatch.setenv("STOCK_QUEUE_URL", url)
    monkeypatch.setattr(worker, "WAIT_FOR_MESSAGES_S", 0)
    monkeypatch.setattr(worker, "PAUSE_S", 0.01)
    yield url
    queues.reset_client()
    sqs.reset_client()


@pytest.fixture
def etsy(queue: str, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """A channel that shows nothing yet of a SKU with five pieces."""
    platform = Platform("etsy")
    on_shelf(5)
    linked(platform, 0)
    monkeypatch.setattr(wiring, "pusher", lambda: pusher(platform))
    return platform


def test_changed_stock_reaches_the_channel(etsy: Platform, queue: str) -> None:
    announce([SKU])
    Worker(queue).work_once()
    assert etsy.shown[TARGET] == {SKU: 5}
    assert stock_queue.queue_size() == 0


def test_dead_letters_become_alerts_and_are_gone(etsy: Platform, queue: str) -> None:
    dead = dead_letters()
    queues.get_client().send_message(QueueUrl=dead, MessageBody=json.dumps({"sku": "A"}))
    all_jobs()["undelivered"].run_as_lambda()
    assert [(alert.type, alert.sku) for alert in unread_alerts(9)] == [("sync_failed", "A")]
    assert receive(queues.get_client(), dead) == []


def until(condition: Callable[[], bool]) -> bool:
    """Whether it becomes true while another thread works."""
    waiting = threading.Event()
    return any(condition() or waiting.wait(0.01) for _ in range(1000)) or condition()


def test_it_works_in_the_background_until_it_is_stopped(etsy: Platform, queue: str) -> None:
    background = Worker(queue)
    background.start()
    announce([SKU])
    assert until(lambda: etsy.shown[TARGET] == {SKU: 5})
    background.stop()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("_read")]


def test_it_outlives_an_engine_that_is_away(
    etsy: Platform, queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter([RuntimeError("away"), RuntimeError("still away")])
    work_off = queues.work_off

    def sometimes(*given: object) -> object:
        if error := next(failures, None):
            raise error
        return work_off(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(queues, "work_off", sometimes)
    announce([SKU])
    background = Worker(queue)
    background.start()
    assert until(lambda: etsy.shown[TARGET] == {SKU: 5})
    background.stop()


def test_without_a_channel_the_jobs_of_the_shop_itself_run_and_no_others(table: str) -> None:
    ran = list[str]()
    with patch.object(worker, "run_job", ran.append):
        background = Worker("")
        background.start()
        assert until(lambda: len(ran) >= 4)
        background.stop()
    assert ran == ["unpaid", "analytics", "mails", "creators", "snapshot"]


def test_jobs_that_break_off_are_begun_again_and_say_so(
    table: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker, "PAUSE_S", 0.01)
    failures, ran = iter([RuntimeError("a defect")]), list[str]()

    def sometimes(name: str) -> None:
        if error := next(failures, None):
            raise error
        ran.append(name)

    with patch.object(worker, "run_job", sometimes):
        background = Worker("")
        background.start()
        assert until(lambda: bool(ran))
        background.stop()
    said = [record.message for record in caplog.records if record.levelname == "ERROR"]
    assert said == ["jobs broke off, beginning again"]


class Time:
    """A clock that moves as far as somebody waits, up to a day."""

    def __init__(self) -> None:
        self.now = self.began = datetime(2026, 1, 31, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> bool:
        self.now += timedelta(seconds=seconds)
        return self.now >= self.began + timedelta(days=1)


def test_jobs_run_by_their_rates() -> None:
    clock, ran = Time(), list[tuple[str, datetime]]()
    run_by_rate(SCHEDULES, clock, clock.wait, lambda name: ran.append((name, clock.now)))
    times = {name: [at for each, at in ran if each == name] for name in SCHEDULES}
    assert {name: len(at) for name, at in times.items()} == {
        "tokens": 144,
        "inventory": 48,
        "products": 4,
        "receipts": 288,
        "orders": 288,
        "returns": 24,
        "undelivered": 24,
        "reconcile": 1,
    }
    assert times["reconcile"] == [datetime(2026, 2, 1, 2, tzinfo=UTC)]
    assert times["receipts"][0] == clock.began


def test_a_failing_job_does_not_end_the_worker(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr("orders.unpaid.orders_due", broken)
    worker.run_job("unpaid")
