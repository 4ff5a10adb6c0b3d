"""Announcing SKUs: nothing but the SKU travels, and nothing that goes wrong reaches the buyer."""

import json
from collections.abc import Iterator

import boto3
import pytest

from catalog.variants import count_stock, update_variant
from common import sqs, stock_queue
from common.clock import utc_now
from common.http import Identity, Role
from common.stock_queue import LONGEST_HIDDEN, announce, announce_later, hide, queue_size
from orders.checkout import place_order
from orders.refunds import cancel_order
from tests.common.stock_builders import SKU, on_shelf
from tests.orders.order_builders import purchase
from tests.support.engines import mocked_aws

ADMIN = Identity("1", "admin", Role.ADMIN)


@pytest.fixture
def queue(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty queue that the shop announces to."""
    sqs.reset_client()
    with mocked_aws():
        url = boto3.client("sqs", region_name="eu-west-1").create_queue(QueueName="artshop-stock")["QueueUrl"]
        monkeypatch.setenv("STOCK_QUEUE_URL", url)
        yield url
    sqs.reset_client()


def received(url: str) -> list[dict[str, str]]:
    """What waits in the queue, taken out."""
    client = boto3.client("sqs", region_name="eu-west-1")
    found: list[dict[str, str]] = []
    while True:
        messages = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        if not messages:
            return sorted(found, key=lambda message: message["sku"])
        for message in messages:
            found.append(json.loads(message["Body"]))
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def test_each_sku_is_announced_once_and_alone(queue: str) -> None:
    skus = [f"S-{number:02d}" for number in range(23)]
    announce([*skus, None, "", *skus])
    assert queue_size() == 23
    assert received(queue) == [{"sku": sku} for sku in skus]


def test_whatever_changes_the_stock_is_announced(queue: str) -> None:
    on_shelf(10)
    placed = place_order(purchase((1, 2)), utc_now())
    assert received(queue) == [{"sku": SKU}]
    cancel_order(placed.order.id, True, None, ADMIN, utc_now())
    assert received(queue) == [{"sku": SKU}]
    count_stock(10, "add", 1, ADMIN, utc_now())
    assert received(queue) == [{"sku": SKU}]
    update_variant(10, {"sku": "RENAMED"}, ADMIN, utc_now())
    assert received(queue) == [{"sku": "RENAMED"}, {"sku": SKU}]


def test_nothing_is_sent_without_a_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stock_queue, "get_client", lambda: pytest.fail("no queue was asked for"))
    announce(["A"])
    assert queue_size() == 0


def test_a_queue_that_cannot_be_reached_harms_nobody(
    queue: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("STOCK_QUEUE_URL", f"{queue}-of-nobody")
    on_shelf(10)
    announce(["A"])
    assert [record.message for record in caplog.records] == ["stock not announced"]
    assert queue_size() is None
    assert place_order(purchase((1, 2)), utc_now()).order.id == 1


def test_messages_that_the_queue_refuses_are_logged(
    queue: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Refusing:
        def send_message_batch(self, **_: object) -> dict[str, list[str]]:
            return {"Failed": ["one"]}

    with monkeypatch.context() as patch:
        patch.setattr(stock_queue, "get_client", Refusing)
        announce(["A"])
    assert [record.message for record in caplog.records] == ["stock not announced"]


def test_a_sku_can_be_announced_for_later(queue: str) -> None:
    assert announce_later("A", 0)
    assert received(queue) == [{"sku": "A"}]
    assert announce_later("A", 900)
    assert received(queue) == []


def test_a_message_can_be_hidden_for_the_longest_time(queue: str, caplog: pytest.LogCaptureFixture) -> None:
    announce(["A"])
    client = boto3.client("sqs", region_name="eu-west-1")
    (message,) = client.receive_message(QueueUrl=queue, VisibilityTimeout=1000)["Messages"]
    hide(message["ReceiptHandle"], 10 * LONGEST_HIDDEN)
    assert caplog.records == []
    hide(message["ReceiptHandle"], 0)
    assert received(queue) == [{"sku": "A"}]


def test_a_queue_that_does_not_answer_is_said_where_it_matters(
    queue: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("STOCK_QUEUE_URL", f"{queue}-of-nobody")
    assert not announce_later("A", 5)
    hide("a receipt", 5)
    assert [record.message for record in caplog.records] == ["stock not announced", "message not hidden"]
