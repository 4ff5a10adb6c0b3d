"""Entries of the synchronisation's log."""

from datetime import UTC, datetime

from common.dynamodb import AT_ONCE
from etsy_sync.repositories.sync_log import (
    ENTRIES,
    SyncEntry,
    entries_between,
    expiry_of,
)

NOW = int(datetime(2026, 2, 1, tzinfo=UTC).timestamp())


def an_entry(number: int, *, listing_id: int = 1, channel: str = "etsy") -> SyncEntry:
    synced_at = f"2026-01-{number:02d}T00:00:00.000Z"
    return SyncEntry(
        id=f"entry-{number}",
        channel=channel,
        listing_id=listing_id,
        sync_type="inventory",
        direction="push",
        status="success",
        old_quantity=5,
        new_quantity=0,
        synced_at=synced_at,
        expires_at=expiry_of(synced_at),
    )


def test_an_entry_is_read_as_it_was_written() -> None:
    assert ENTRIES.of(ENTRIES.item(an_entry(1))) == an_entry(1)


def test_an_entry_is_kept_for_ninety_days() -> None:
    assert an_entry(1).expires_at == int(datetime(2026, 4, 1, tzinfo=UTC).timestamp())


def write(*entries: SyncEntry) -> None:
    for entry in entries:
        ENTRIES.put(AT_ONCE, entry)


def test_entries_of_a_channel_come_newest_first_by_place_and_by_listing(table: str) -> None:
    entries = [an_entry(1), an_entry(2, listing_id=2), an_entry(3), an_entry(4, channel="shopify")]
    write(*entries)
    assert entries_between(0, 2, now=NOW) == ([entries[2], entries[1]], 3)
    assert entries_between(2, 4, now=NOW) == ([entries[0]], 3)
    assert entries_between(0, 5, now=NOW, listing_id=1) == ([entries[2], entries[0]], 2)
    assert entries_between(0, 5, now=NOW, channel="shopify", listing_id=1) == ([entries[3]], 1)
    assert entries_between(0, 5, now=NOW, listing_id=2) == ([entries[1]], 1)


def test_an_expired_entry_is_neither_shown_nor_counted(table: str) -> None:
    write(an_entry(1), an_entry(31))
    assert entries_between(0, 5, now=an_entry(1).expires_at) == ([an_entry(31)], 1)
