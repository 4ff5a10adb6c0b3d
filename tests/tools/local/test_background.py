"""What runs beside the local server, on engines of this machine only."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError

from common import sqs
from etsy_sync.sync.receiving import receive
from tools import queues
from tools.local import background as module
from tools.local.background import background, prepare_queues
from tools.local.settings import Engines

LOCAL = Engines(True, True, is_local=True)
ELSEWHERE = Engines(False, False, is_local=False)


class Recorder:
    """Stands for the worker, and keeps which queue it was to read."""

    urls: list[str] = []  # noqa: RUF012 - emptied by the fixture
    stopped = 0

    def __init__(self, url: str, mail_url: str) -> None:
        self.urls += [url, mail_url]

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """Counts that it was stopped."""
        type(self).stopped += 1


@pytest.fixture(autouse=True)
def _worker(aws: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("STOCK_QUEUE_URL", "")
    monkeypatch.setenv("MAIL_QUEUE_URL", "")
    monkeypatch.setattr(module, "Worker", Recorder)
    Recorder.urls, Recorder.stopped = [], 0
    yield
    queues.reset_client()
    sqs.reset_client()


def test_a_local_shop_gets_a_queue_and_a_worker_that_is_stopped(tmp_path: Path) -> None:
    with background(tmp_path, LOCAL, pytest.fail):
        assert os.environ["STOCK_QUEUE_URL"].endswith("/artshop-stock")
        assert os.environ["MAIL_QUEUE_URL"].endswith("/artshop-mail")
        assert (tmp_path / "environment.json").exists()
    assert Recorder.stopped == 1
    assert not (tmp_path / "environment.json").exists()


def test_nothing_works_beside_what_is_deployed(tmp_path: Path) -> None:
    with background(tmp_path, ELSEWHERE, pytest.fail) as prepare:
        prepare()
    assert Recorder.urls == []
    assert os.environ["STOCK_QUEUE_URL"] == ""


def test_a_queue_that_is_not_on_this_machine_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = "https://sqs.eu-west-1.amazonaws.com/123456789012/artshop-stock"
    monkeypatch.setenv("STOCK_QUEUE_URL", given)
    with background(tmp_path, LOCAL, pytest.fail) as prepare:
        prepare()
        assert os.environ["STOCK_QUEUE_URL"] == given
    assert Recorder.urls[0] == ""


def test_an_engine_without_queues_is_said_and_used_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_name: str) -> str:
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:8001")

    monkeypatch.setattr(queues, "prepare", refuse)
    said: list[str] = []
    with background(tmp_path, LOCAL, said.append):
        assert "the engine has no queue" in said[0]
    assert Recorder.urls == ["", ""]


def test_the_queue_is_prepared_again_on_a_new_engine() -> None:
    prepare_queues(pytest.fail)
    first = os.environ["STOCK_QUEUE_URL"]
    queues.get_client().delete_queue(QueueUrl=first)
    prepare_queues(pytest.fail)
    assert receive(queues.get_client(), first) == []
