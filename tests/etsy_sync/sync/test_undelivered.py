"""What could not be delivered is told to the artist, once for each message."""

import json

import pytest

from common.repositories.stock_alerts import unread_alerts
from common.sqs import get_client
from etsy_sync.sync import undelivered
from etsy_sync.sync.consuming import Message
from etsy_sync.sync.receiving import receive
from etsy_sync.sync.undelivered import dead_letters, report_all, report_undelivered
from tests.common.stock_builders import NOW


def send(*skus: str) -> None:
    for sku in skus:
        get_client().send_message(QueueUrl=dead_letters(), MessageBody=json.dumps({"sku": sku}))


pytestmark = pytest.mark.usefixtures("table")


def message(number: int, sku: str) -> Message:
    return Message(f"m-{number}", f"r-{number}", f'{{"sku": "{sku}"}}')


def told() -> list[str]:
    return sorted(alert.sku for alert in unread_alerts(50))


def test_each_sku_of_a_batch_is_one_alert() -> None:
    counts = report_undelivered([message(1, "A"), message(2, "A"), message(3, "B")], NOW)
    assert told() == ["A", "B"]
    assert {alert.type for alert in unread_alerts(9)} == {"sync_failed"}
    assert {alert.severity for alert in unread_alerts(9)} == {"critical"}
    assert counts == {"messages": 3, "alerts": 2}


def test_a_message_that_is_received_again_is_not_told_again() -> None:
    batch = [message(1, "A"), message(2, "A")]
    report_undelivered(batch, NOW)
    assert report_undelivered(batch, NOW)["alerts"] == 0
    assert report_undelivered(batch[1:], NOW)["alerts"] == 0
    assert told() == ["A"]


def test_a_new_failure_beside_an_old_one_is_told() -> None:
    report_undelivered([message(1, "A")], NOW)
    assert report_undelivered([message(1, "A"), message(2, "A")], NOW)["alerts"] == 1
    assert told() == ["A", "A"]


def test_a_message_without_a_sku_tells_nothing() -> None:
    assert report_undelivered([Message("m-1", "r-1", "no JSON")], NOW)["alerts"] == 0
    assert told() == []


def test_all_that_waits_is_told_and_taken_out(queue: str) -> None:
    send(*(f"SKU-{number}" for number in range(12)))
    done = report_all(dead_letters(), NOW)
    assert (done.counts, done.is_cut_short) == ({"messages": 12, "alerts": 12}, False)
    assert len(told()) == 12
    assert receive(get_client(), dead_letters()) == []


def test_a_run_leaves_to_the_next_one_what_it_has_no_time_for(
    queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undelivered, "MOST_BATCHES", 1)
    send(*(f"SKU-{number}" for number in range(12)))
    assert report_all(dead_letters(), NOW).is_cut_short
    report_all(dead_letters(), NOW)
    assert len(told()) == 12


def test_one_who_died_before_taking_them_out_tells_nothing_twice(
    queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    send("A")
    waiting = receive(get_client(), dead_letters())
    report_undelivered(waiting, NOW)
    get_client().change_message_visibility(
        QueueUrl=dead_letters(), ReceiptHandle=waiting[0].receipt, VisibilityTimeout=0
    )
    assert report_all(dead_letters(), NOW).counts == {"messages": 1, "alerts": 0}
    assert told() == ["A"]


def test_without_a_queue_there_are_no_dead_letters() -> None:
    assert dead_letters() == ""
