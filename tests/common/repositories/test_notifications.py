"""Notifications in the table: their indexes, their expiry, and marks set at the same moment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from common.clock import epoch, iso
from common.dynamodb import ConditionFailed, UnitOfWork, batch_get, get_item, meter
from common.repositories.notifications import (
    NOTIFICATIONS,
    Notification,
    all_notifications,
    delete_notification,
    mark_all_read,
    mark_read,
    unread_notifications,
)
from tests.support.races import just_before

NOW = datetime(2026, 1, 31, 10, 0, 0, 123_000, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
TTL = timedelta(days=90)
COMMIT = "common.dynamodb.transaction.UnitOfWork.commit"
UPDATE = "common.repositories.notifications.update_item"


def notification(number: int, moment: datetime = NOW) -> Notification:
    """An unread notification that was written at `moment`."""
    return Notification(
        id=f"00000000-0000-4000-8000-{number:012}",
        type="system",
        title=f"Number {number}",
        message="",
        severity="info",
        created_at=iso(moment),
        updated_at=iso(moment),
        expires_at=epoch(moment + TTL),
    )


def store(*notifications: Notification) -> None:
    for start in range(0, len(notifications), 100):
        with UnitOfWork() as work:
            for entry in notifications[start : start + 100]:
                work.put(NOTIFICATIONS.item(entry))


def reading_of(entry: Notification) -> str | None:
    row = get_item(NOTIFICATIONS.key(entry.id), consistent=True, now=epoch(NOW))
    assert row is not None
    assert row["GSI1PK"] == f"NOTIFICATION_READ#{'true' if row['is_read'] else 'false'}"
    return row.get("read_at")


def test_the_row_of_a_notification() -> None:
    entry = notification(7)
    assert NOTIFICATIONS.item(entry) == {
        "PK": "NOTIFICATION#00000000-0000-4000-8000-000000000007",
        "SK": "METADATA",
        "GSI1PK": "NOTIFICATION_READ#false",
        "GSI1SK": f"{entry.created_at}#{entry.id}",
        "GSI2PK": "NOTIFICATION",
        "GSI2SK": f"{entry.created_at}#{entry.id}",
        "id": entry.id,
        "type": "system",
        "title": "Number 7",
        "message": "",
        "severity": "info",
        "metadata": {},
        "is_read": False,
        "created_at": "2026-01-31T10:00:00.123Z",
        "updated_at": "2026-01-31T10:00:00.123Z",
        "expires_at": epoch(NOW) + 90 * 86_400,
    }


def test_the_newest_comes_first(table: str) -> None:
    old, new = notification(2), notification(1, LATER)
    store(old, new)
    assert all_notifications(epoch(LATER)) == [new, old]
    assert unread_notifications(epoch(LATER)) == [new, old]


def test_a_read_notification_leaves_the_unread_ones(table: str) -> None:
    store(notification(1), notification(2))
    entry = mark_read(notification(1).id, LATER)
    assert entry is not None
    assert (entry.is_read, entry.read_at, entry.updated_at) == (True, iso(LATER), iso(LATER))
    assert unread_notifications(epoch(LATER)) == [notification(2)]
    assert all_notifications(epoch(LATER)) == [notification(2), entry]


def test_reading_again_keeps_the_time_of_the_first(table: str) -> None:
    store(notification(1))
    first = mark_read(notification(1).id, NOW)
    assert mark_read(notification(1).id, LATER) == first
    assert reading_of(notification(1)) == iso(NOW)


def test_of_two_readings_at_once_the_first_counts(table: str) -> None:
    store(notification(1))
    with just_before(UPDATE, lambda: mark_read(notification(1).id, NOW)):
        entry = mark_read(notification(1).id, LATER)
    assert entry is not None
    assert entry.read_at == iso(NOW)


def test_a_reading_that_meets_a_deletion_brings_nothing_back(table: str) -> None:
    store(notification(1))
    with just_before(UPDATE, lambda: delete_notification(notification(1).id, epoch(NOW))):
        assert mark_read(notification(1).id, NOW) is None
    assert get_item(NOTIFICATIONS.key(notification(1).id), consistent=True, now=epoch(NOW)) is None


def test_an_expired_notification_is_nowhere(table: str) -> None:
    last_second = NOW + TTL - timedelta(seconds=1)
    store(notification(1))
    assert all_notifications(epoch(last_second)) == unread_notifications(epoch(last_second))
    assert len(all_notifications(epoch(last_second))) == 1
    assert all_notifications(epoch(NOW + TTL)) == []
    assert unread_notifications(epoch(NOW + TTL)) == []
    assert mark_read(notification(1).id, NOW + TTL) is None
    assert not delete_notification(notification(1).id, epoch(NOW + TTL))


def test_a_read_notification_that_expired_cannot_be_read_again(table: str) -> None:
    store(notification(1))
    assert mark_read(notification(1).id, NOW) is not None
    assert mark_read(notification(1).id, NOW + TTL) is None


def test_a_notification_that_expires_meanwhile_is_left_alone(table: str) -> None:
    gone, kept = notification(1), notification(2, LATER)
    store(gone, kept)
    mark_all_read([gone, kept], NOW + TTL)
    rows = batch_get([NOTIFICATIONS.key(gone.id), NOTIFICATIONS.key(kept.id)], now=epoch(NOW))
    assert rows[NOTIFICATIONS.key(gone.id)]["is_read"] is False
    assert rows[NOTIFICATIONS.key(kept.id)]["is_read"] is True


def test_a_deletion_is_final_and_happens_once(table: str) -> None:
    store(notification(1))
    assert delete_notification(notification(1).id, epoch(NOW))
    assert not delete_notification(notification(1).id, epoch(NOW))
    assert all_notifications(epoch(NOW)) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize(("count", "steps"), [(0, 0), (1, 1), (100, 1), (101, 2), (250, 3)])
def test_all_are_marked_a_hundred_in_one_step(table: str, count: int, steps: int) -> None:
    entries = [notification(number) for number in range(count)]
    store(*entries)
    with meter() as usage:
        mark_all_read(entries, LATER)
    assert usage.calls == steps
    assert unread_notifications(epoch(LATER)) == []
    assert {entry.read_at for entry in all_notifications(epoch(LATER))} == ({iso(LATER)} if count else set())


def test_marking_all_keeps_earlier_readings_and_skips_deleted_ones(table: str) -> None:
    entries = [notification(number) for number in range(5)]
    store(*entries)

    def meanwhile() -> None:
        mark_read(entries[1].id, NOW)
        delete_notification(entries[3].id, epoch(NOW))

    with just_before(COMMIT, meanwhile):
        mark_all_read(entries, LATER)
    assert [reading_of(entries[number]) for number in (0, 1, 2, 4)] == [
        iso(LATER),
        iso(NOW),
        iso(LATER),
        iso(LATER),
    ]
    assert get_item(NOTIFICATIONS.key(entries[3].id), consistent=True, now=epoch(NOW)) is None


def test_marking_all_twice_at_once_ends(table: str) -> None:
    entries = [notification(number) for number in range(3)]
    store(*entries)
    with just_before(COMMIT, lambda: mark_all_read(entries, NOW)):
        mark_all_read(entries, LATER)
    assert {reading_of(entry) for entry in entries} == {iso(NOW)}


def test_a_failure_that_is_no_refusal_is_not_swallowed(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store(notification(1))
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", "no-such-table")
    with pytest.raises(Exception, match="ResourceNotFound") as caught:
        mark_read(notification(1).id, NOW)
    assert not isinstance(caught.value, ConditionFailed)


@pytest.mark.parametrize("metadata", [None, {}, [], "text", 0, {"": [1, None]}, [{"a": True}]])
def test_what_was_brought_along_may_have_any_metadata_and_no_message(table: str, metadata: Any) -> None:
    entry = replace(notification(1), id="17", message=None, metadata=metadata, type="made_up")
    store(entry)
    assert all_notifications(epoch(NOW)) == [entry]
    read = mark_read("17", LATER)
    assert read == replace(entry, is_read=True, read_at=iso(LATER), updated_at=iso(LATER))
