"""The queues as tools see them: created once, received, worked off."""

import json
from collections.abc import Iterator

import pytest

from common import sqs, stock_queue
from common.stock_queue import announce
from etsy_sync.adapters.interface import Transient
from etsy_sync.sync.receiving import receive
from etsy_sync.sync.undelivered import dead_letters
from tests.common.stock_builders import SKU, on_shelf
from tests.etsy_sync.sync.platform import TARGET, Platform, linked, pusher
from tools import queues


@pytest.fixture
def queue(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty queue, which `STOCK_QUEUE_URL` names too."""
    queues.reset_client()
    sqs.reset_client()
    url = queues.prepare("artshop-stock")
    monkeypatch.setenv("STOCK_QUEUE_URL", url)
    yield url
    queues.reset_client()
    sqs.reset_client()


def attributes(url: str) -> dict[str, str]:
    answer = queues.get_client().get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    return {str(name): value for name, value in answer["Attributes"].items()}


def test_what_fails_five_times_goes_to_the_dead_letter_queue(queue: str) -> None:
    redrive = json.loads(attributes(queue)["RedrivePolicy"])
    dead = attributes(dead_letters())
    assert (redrive["maxReceiveCount"], redrive["deadLetterTargetArn"]) == (5, dead["QueueArn"])
    assert int(dead["MessageRetentionPeriod"]) == 14 * 86_400


def test_a_queue_that_is_there_keeps_its_messages(queue: str) -> None:
    announce(["A"])
    assert queues.prepare("artshop-stock") == queue
    assert [message.sku for message in receive(queues.get_client(), queue)] == ["A"]


def test_the_name_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    assert queues.queue_name() == "artshop-stock"
    monkeypatch.setenv("STOCK_QUEUE_NAME", "other")
    assert queues.queue_name() == "other"


def test_a_message_says_how_often_it_was_received(queue: str) -> None:
    announce(["A"])
    (message,) = receive(queues.get_client(), queue)
    stock_queue.hide(message.receipt, 0)
    (again,) = receive(queues.get_client(), queue)
    assert (message.receives, again.receives, again.id) == (1, 2, message.id)


def test_what_is_done_is_gone_and_what_failed_stays(queue: str) -> None:
    etsy = Platform("etsy")
    on_shelf(5)
    linked(etsy, 0)
    announce([SKU, "NOT-LINKED"])
    etsy.refuse = Transient("away")
    consumed = queues.work_off(queue, pusher(etsy))
    assert consumed is not None
    (failed,) = consumed.failed
    assert failed.sku == SKU
    assert queues.work_off(queue, pusher(etsy)) is None
    in_flight = int(attributes(queue)["ApproximateNumberOfMessagesNotVisible"])
    assert (in_flight, attributes(queue)["ApproximateNumberOfMessages"]) == (1, "0")


def test_draining_works_off_all_that_waits(queue: str) -> None:
    etsy = Platform("etsy")
    on_shelf(5)
    linked(etsy, 0)
    announce([SKU, *(f"S-{number}" for number in range(24))])
    told: list[int] = []
    consumed = queues.drain(queue, pusher(etsy), told.append)
    assert (consumed.counts["messages"], consumed.counts["written"], told[-1]) == (25, 1, 25)
    assert etsy.shown[TARGET] == {SKU: 5}
    assert stock_queue.queue_size() == 0
