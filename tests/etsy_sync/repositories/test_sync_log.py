"""Entries of the synchronisation's log."""

from datetime import UTC, datetime

from etsy_sync.repositories.sync_log import (
    ENTRIES,
    SyncEntry,
    expiry_of,
    newest_entries,
    number_of_entries,
    write_entries,
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


def test_entries_come_newest_first_in_pages_and_by_listing(table: str) -> None:
    entries = [an_entry(1), an_entry(2, listing_id=2), an_entry(3), an_entry(4, channel="shopify")]
    assert not write_entries(entries).failed
    first, cursor = newest_entries(3, now=NOW)
    rest, end = newest_entries(3, cursor, now=NOW)
    assert [entry.id for entry in [*first, *rest]] == ["entry-4", "entry-3", "entry-2", "entry-1"]
    assert end is None
    of_listing, _ = newest_entries(5, now=NOW, listing_id=1)
    assert of_listing == [entries[2], entries[0]]
    assert newest_entries(5, now=NOW, channel="shopify", listing_id=1)[0] == [entries[3]]
    assert number_of_entries(now=NOW) == 4
    assert number_of_entries(now=NOW, listing_id=2) == 1


def test_an_expired_entry_is_neither_shown_nor_counted(table: str) -> None:
    assert not write_entries([an_entry(1), an_entry(31)]).failed
    later = an_entry(1).expires_at
    assert [entry.id for entry in newest_entries(5, now=later)[0]] == ["entry-31"]
    assert number_of_entries(now=later) == 1
