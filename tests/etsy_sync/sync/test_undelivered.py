"""What could not be delivered is told to the artist, once for each message."""

import pytest

from common.repositories.stock_alerts import unread_alerts
from etsy_sync.sync.consuming import Message
from etsy_sync.sync.undelivered import report_undelivered
from tests.common.stock_builders import NOW

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
