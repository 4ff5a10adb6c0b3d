"""What the repositories' single writes do when an answer is lost: the same as when it arrives."""

from datetime import timedelta

import pytest

from common.clock import epoch, iso, utc_now
from common.dynamodb import Query as TableQuery
from common.dynamodb import UnitOfWork, fetch_all, put_item
from common.once import found, is_first
from common.repositories.notifications import (
    NOTIFICATIONS,
    Notification,
    delete_notification,
    mark_read,
)
from common.repositories.personaggi import PERSONAGGI
from common.repositories.rate_limits import Limit, LimitReachedError, reserve
from common.repositories.sku_stock import record_broadcast, set_asin, sku_rows
from etsy_sync.repositories.channel_events import DONE
from etsy_sync.repositories.channel_links import ChannelLink, add_link, find_link, note_failure, remove_link
from etsy_sync.repositories.sync_states import begin_sync, finish_sync
from tests.support.wire import lose_answer, without_waiting

NOW = utc_now()
LINK = ChannelLink(sku="S", channel="etsy", target="1", created_at=iso(NOW), updated_at=iso(NOW))


@pytest.fixture(autouse=True)
def at_once(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that repeats without waiting."""
    without_waiting(monkeypatch)


@pytest.fixture
def notification() -> Notification:
    """One that nobody has read."""
    expires = epoch(NOW + timedelta(days=1))
    made = Notification("n-1", "system", "Title", "Text", "info", iso(NOW), iso(NOW), expires)
    put_item(NOTIFICATIONS.item(made))
    return made


@pytest.fixture
def link() -> ChannelLink:
    """A SKU that is sold on Etsy."""
    with UnitOfWork() as work:
        add_link(work, LINK)
    return LINK


def test_an_attempt_is_counted_once() -> None:
    limit = Limit("TEST", attempts=2, seconds=900)
    lose_answer("UpdateItem")
    reserve(limit, "somebody", epoch(NOW))
    # The last one that is free is granted, though its repetition finds none left.
    lose_answer("UpdateItem")
    attempt = reserve(limit, "somebody", epoch(NOW))
    (row,) = fetch_all(TableQuery(attempt.key[0], consistent=True), now=0)
    assert row["attempts"] == 2
    with pytest.raises(LimitReachedError):
        reserve(limit, "somebody", epoch(NOW))


def test_a_notification_is_read_when_it_was_read(notification: Notification) -> None:
    lose_answer("UpdateItem")
    read = mark_read(notification.id, NOW)
    assert read is not None
    assert (read.is_read, read.read_at) == (True, iso(NOW))


def test_a_notification_is_deleted_once(notification: Notification) -> None:
    lose_answer("DeleteItem")
    assert delete_notification(notification.id, epoch(NOW))
    assert NOTIFICATIONS.get(notification.id, now=epoch(NOW)) is None


def test_an_order_chosen_by_hand_is_reached() -> None:
    lose_answer("UpdateItem")
    PERSONAGGI.reach_order(5)
    lose_answer("UpdateItem")
    assert (PERSONAGGI.next_order(), PERSONAGGI.next_order()) == (6, 7)


def test_an_event_is_marked(table: str) -> None:
    lose_answer("PutItem")
    assert is_first(DONE.of("etsy", "event-1"), NOW)
    assert found(DONE.of("etsy", "event-1"), NOW)


def test_a_failure_is_noted_once(link: ChannelLink) -> None:
    lose_answer("UpdateItem")
    assert note_failure(link, "refused", NOW) == 1
    found = find_link("S", "etsy", "1")
    assert found is not None
    assert found.failures == 1


def test_a_link_is_dissolved(link: ChannelLink) -> None:
    lose_answer("DeleteItem")
    assert remove_link(link)
    assert not remove_link(link)


def test_a_run_begins_and_ends_once() -> None:
    lose_answer("UpdateItem")
    assert begin_sync("1", "order", NOW, timedelta(hours=1))
    assert not begin_sync("1", "order", NOW, timedelta(hours=1))
    lose_answer("UpdateItem")
    assert finish_sync("1", "order", NOW, NOW, "completed", {})


def test_what_a_channel_was_told_is_recorded() -> None:
    lose_answer("UpdateItem")
    assert record_broadcast("S", "etsy", 3, "t-1", NOW)
    lose_answer("UpdateItem")
    assert set_asin("S", "B000000001", NOW) == iso(NOW)
    row = sku_rows(["S"])["S"]
    assert (row.asin, row.last_broadcast["etsy"].count) == ("B000000001", 3)
