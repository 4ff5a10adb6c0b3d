"""The artist is told of what is new, once, in one mail."""

from datetime import datetime, timedelta

import pytest

from common.clock import epoch
from common.dynamodb import UnitOfWork
from common.notifications import notify
from common.repositories.notifications import NotificationType, all_notifications, delete_notification
from common.stock_alerts import raise_alert
from shop.mail.digest import MOST, queue_digest
from shop.mail.transports import Refused
from tests.shop.mail.builders import NOW, Carrier, minutes, sweep, waiting
from tests.support.races import just_before


@pytest.fixture(autouse=True)
def _artist(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_ARTIST", "artist@shop.test")
    monkeypatch.setenv("SHOP_LANGUAGE", "en")


def tell(title: str, kind: NotificationType = "order_created", moment: datetime = NOW) -> None:
    with UnitOfWork() as work:
        notify(work, type=kind, title=title, message="12.20 EUR", now=moment)


def text_of(carrier: Carrier) -> str:
    body = carrier.sent[-1][1].get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_new_orders_low_stock_and_alerts_come_in_one_mail(carrier: Carrier) -> None:
    tell("New order ORD-1")
    tell("Low stock", "low_stock")
    tell("Order paid", "order_paid")
    with UnitOfWork() as work:
        raise_alert(work, type="sync_failed", sku="A-1", message="Etsy was not told", now=NOW)
        raise_alert(work, type="stock_low", sku="A-2", message="A-2: 1 left", now=NOW)
    assert queue_digest(minutes(1)) == 3
    assert sweep(minutes(1)) == {"sent": 1}
    assert carrier.sent[0][1]["To"] == "artist@shop.test"
    text = text_of(carrier)
    for said in ("New order ORD-1", "Low stock", "sync_failed: A-1", "https://api.shop.test/studio"):
        assert said in text
    for unsaid in ("Order paid", "A-2"):
        assert unsaid not in text


def test_nothing_is_told_twice_and_nothing_new_writes_nothing(carrier: Carrier) -> None:
    tell("one")
    assert queue_digest(minutes(1)) == 1
    assert queue_digest(minutes(2)) == 0
    tell("two", moment=minutes(3))
    assert queue_digest(minutes(4)) == 1
    assert queue_digest(minutes(200)) == 0
    assert len(waiting(minutes(4))) == 2


def test_what_is_committed_late_is_told_all_the_same(carrier: Carrier) -> None:
    tell("one", moment=minutes(10))
    assert queue_digest(minutes(11)) == 1
    # Its transaction began before, and ended after, the job had read.
    tell("late", moment=minutes(9))
    assert queue_digest(minutes(16)) == 1


@pytest.mark.parametrize("is_first", [True, False])
def test_of_two_runs_at_once_one_tells(carrier: Carrier, is_first: bool) -> None:
    if not is_first:
        tell("before", moment=minutes(-30))
        queue_digest(minutes(-20))
    tell("one")
    before = len(waiting())
    with just_before("shop.mail.digest.queue_plain_mail", lambda: queue_digest(minutes(1))):
        assert queue_digest(minutes(1)) == 0
    assert len(waiting(minutes(1))) == before + 1


@pytest.mark.exhaustive
def test_a_busy_day_s_news_are_not_held_back(carrier: Carrier) -> None:
    for number in range(60):
        now = minutes(5 * number)
        tell(f"order {number}", moment=now)
        assert queue_digest(now) == 1
        assert sweep(now) == {"sent": 1}


def test_of_more_than_a_mail_lists_the_number_is_told(carrier: Carrier) -> None:
    for number in range(MOST + 2):
        tell(f"order {number}", moment=NOW + timedelta(seconds=number))
    assert queue_digest(minutes(5)) == MOST + 2
    sweep(minutes(5))
    assert "And 2 more" in text_of(carrier)


def test_what_was_deleted_meanwhile_is_not_told(carrier: Carrier) -> None:
    tell("one")
    queue_digest(minutes(1))
    (told,) = all_notifications(epoch(NOW))
    delete_notification(told.id, epoch(NOW))
    assert sweep(minutes(1)) == {"needless": 1}


def test_a_mail_to_the_artist_that_fails_makes_no_other_one(carrier: Carrier) -> None:
    tell("one")
    queue_digest(minutes(1))
    carrier.fails = Refused("MessageRejected", is_final=True)
    assert sweep(minutes(1)) == {"failed": 1}
    assert queue_digest(minutes(6)) == 0
