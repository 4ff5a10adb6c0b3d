"""Whatever the channels' tables hold comes back from the rows that it becomes."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.dynamodb import batch_write, fetch_all, get_item, is_live
from common.dynamodb.query import Query
from etsy_sync.repositories.etsy_listings import LISTINGS, all_listings, listings_of_product
from etsy_sync.repositories.etsy_receipts import RECEIPTS, newest_receipts, receipts_of_order
from etsy_sync.repositories.shopify_links import PRODUCT_LINKS, all_links, links_of_product
from etsy_sync.repositories.sync_log import entries_between
from etsy_sync.repositories.sync_states import sync_state
from migration.mapping.entities import ENTITIES
from migration.mapping.entity import Entity
from migration.mapping.etsy_listings import ETSY_LISTINGS
from migration.mapping.etsy_receipts import ETSY_RECEIPTS
from migration.mapping.etsy_sync import ETSY_SYNCS
from migration.mapping.etsy_tokens import ETSY_TOKENS
from migration.mapping.records import BadRow, Row
from migration.mapping.shopify_links import SHOPIFY_LINKS
from migration.mapping.sync_log import SYNC_LOG
from tests.migration.mapping.channel_rows import (
    AS_OF,
    THEN,
    back,
    moved,
    rows_of,
    timestamp,
    to_the_millisecond,
)

CHANNELS = (SHOPIFY_LINKS, ETSY_TOKENS, ETSY_SYNCS, ETSY_LISTINGS, SYNC_LOG, ETSY_RECEIPTS)
DAYS_90 = 90 * 24 * 3600

pytestmark = pytest.mark.usefixtures("token_key_at_hand")

LISTING: Row = {
    "id": 4,
    "etsy_listing_id": 1_700_000_000_001,
    "local_product_id": 7,
    "title": 'Stampa "Drago" 🐉\nA3',
    "description": "",
    "price": Decimal("25.00"),
    "quantity": 3,
    "sku": "DRAGO-A3",
    "state": "active",
    "url": "https://www.etsy.com/listing/1700000000001",
    "last_synced_at": THEN,
    "sync_status": "error",
    "created_at": THEN,
    "updated_at": THEN,
    "deleted_at": None,
}
RECEIPT: Row = {
    "id": 9,
    "etsy_receipt_id": 3_400_000_001,
    "local_order_id": 12,
    "shop_id": "12345",
    "grand_total": Decimal("30.10"),
    "is_paid": True,
    "is_shipped": False,
    "etsy_created_at": THEN,
    "etsy_updated_at": THEN,
    "sync_status": "pending",
    "created_at": THEN,
    "updated_at": THEN,
}
LINK: Row = {
    "id": 2,
    "local_product_id": 7,
    "shopify_product_id": 9_007_199_254_740_993,
    "last_synced_at": None,
    "sync_status": "synced",
    "created_at": THEN,
    "updated_at": THEN,
    "deleted_at": None,
}
ENTRY: Row = {
    "id": 5,
    "etsy_listing_id": 1_700_000_000_001,
    "local_variant_id": 70,
    "etsy_quantity": 5,
    "local_quantity": 3,
    "quantity_diff": -2,
    "sync_action": "push_to_etsy",
    "sync_result": "error",
    "error_message": "Etsy said no",
    "synced_at": THEN,
}


@pytest.mark.parametrize("entity", CHANNELS, ids=lambda entity: entity.name)
@pytest.mark.parametrize("missing", [False, True], ids=["whole", "columns missing"])
@given(data=st.data())
def test_every_value_comes_back(entity: Entity, missing: bool, data: st.DataObject) -> None:
    row = data.draw(rows_of(entity.table, missing=missing))
    items = moved(entity, row)
    assert back(entity, items) == to_the_millisecond(row)
    assert {entity.record_of(item) for item in items} == {row["id"]}
    assert all(item["PK"].count("#") >= 1 and not item["PK"].startswith("UNIQUE#") for item in items)


@pytest.mark.parametrize("entity", CHANNELS, ids=lambda entity: entity.name)
@given(data=st.data())
def test_a_second_run_finds_the_same(entity: Entity, data: st.DataObject) -> None:
    row = data.draw(rows_of(entity.table))
    first, second = moved(entity, row), moved(entity, row)
    assert all(entity.same(one, other) for one, other in zip(first, second, strict=True))
    ((changed,),) = [moved(entity, {**row, "id": row["id"] + 1})]
    assert not entity.same(changed, first[0])


@pytest.mark.parametrize("entity", CHANNELS, ids=lambda entity: entity.name)
def test_every_entity_takes_part_in_a_migration_and_no_other_reads_its_items(entity: Entity) -> None:
    assert entity in ENTITIES
    foreign = {"PK": "PRODUCT#1", "SK": "METADATA", "id": 1}
    assert entity.record_of(foreign) is None


@pytest.mark.parametrize(
    ("entity", "row", "column"),
    [
        (ETSY_LISTINGS, LISTING, "etsy_listing_id"),
        (ETSY_RECEIPTS, RECEIPT, "etsy_receipt_id"),
        (SHOPIFY_LINKS, LINK, "shopify_product_id"),
        (SHOPIFY_LINKS, LINK, "local_product_id"),
        (SYNC_LOG, ENTRY, "etsy_listing_id"),
        (ETSY_SYNCS, {"id": 1, "shop_id": ""}, "shop_id"),
    ],
)
def test_a_row_that_could_not_be_found_is_refused_by_name(entity: Entity, row: Row, column: str) -> None:
    bad = {**row, column: "" if column == "shop_id" else None}
    with pytest.raises(BadRow, match=f"{entity.table} {row['id']}: has no {column}"):
        moved(entity, bad)


def test_times_with_a_zone_are_told_in_utc() -> None:
    zoned = datetime(2025, 11, 21, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    (item,) = moved(SHOPIFY_LINKS, {**LINK, "created_at": zoned})
    assert item["created_at"] == "2025-11-21T08:30:00.000Z"


def test_listings_are_found_once_they_are_moved(table: str) -> None:
    deleted = {**LISTING, "id": 5, "etsy_listing_id": 2, "deleted_at": THEN}
    unlinked = {**LISTING, "id": 6, "etsy_listing_id": 1, "local_product_id": None}
    rows = [LISTING, deleted, unlinked]
    assert not batch_write([item for row in rows for item in moved(ETSY_LISTINGS, row)]).failed
    assert [listing.id for listing in all_listings()] == [1, 1_700_000_000_001]
    (linked,) = listings_of_product(7)
    assert (linked.id, linked.shown_status, linked.title) == (1_700_000_000_001, "failed", LISTING["title"])
    gone = LISTINGS.get(2)
    assert gone is not None
    assert (gone.product_id, gone.deleted_at) == (7, "2025-11-21T08:30:15.123Z")


def test_receipts_are_found_once_they_are_moved(table: str) -> None:
    older = {**RECEIPT, "id": 10, "etsy_receipt_id": 9_999_999_999, "etsy_created_at": THEN - timedelta(1)}
    older["local_order_id"] = None
    deleted = {**RECEIPT, "id": 11, "etsy_receipt_id": 1, "deleted_at": THEN}
    rows = [RECEIPT, older, deleted]
    assert not batch_write([item for row in rows for item in moved(ETSY_RECEIPTS, row)]).failed
    page, cursor = newest_receipts(10)
    assert ([receipt.id for receipt in page], cursor) == ([3_400_000_001, 9_999_999_999], None)
    assert [receipt.id for receipt in receipts_of_order(12)] == [3_400_000_001]
    stored = RECEIPTS.get(3_400_000_001)
    assert stored is not None
    assert str(stored.grand_total) == "30.10"


def test_several_links_of_one_product_are_all_kept(table: str) -> None:
    again = {**LINK, "id": 3, "shopify_product_id": 11, "deleted_at": THEN}
    assert not batch_write([*moved(SHOPIFY_LINKS, LINK), *moved(SHOPIFY_LINKS, again)]).failed
    assert [link.legacy_id for link in links_of_product(7)] == [2]
    assert [link.shopify_product_id for link in all_links()] == [9_007_199_254_740_993]
    dissolved = PRODUCT_LINKS.get(11)
    assert dissolved is not None
    assert dissolved.legacy_id == 3


def test_a_shop_goes_on_from_where_it_was(table: str) -> None:
    row = {"id": 1, "shop_id": "12345", "last_inventory_sync": THEN, "sync_status": "completed"}
    row |= {"rate_limit_remaining": 9876, "created_at": THEN, "updated_at": THEN}
    assert not batch_write(moved(ETSY_SYNCS, row)).failed
    state = sync_state("12345")
    assert state is not None
    assert (state.last_inventory_sync, state.rate_limit_remaining) == ("2025-11-21T08:30:15.123Z", 9876)


@pytest.mark.parametrize(
    ("action", "result", "direction", "old", "new", "status"),
    [
        ("push_to_etsy", "success", "push", 5, 3, "success"),
        ("push", "error", "push", 5, 3, "failed"),
        ("pull_from_etsy", "skipped", "pull", 3, 5, "skipped"),
        ("no_local_product", "skipped", "none", 5, 3, "skipped"),
        ("no_change", "success", "none", 5, 3, "success"),
    ],
)
def test_the_log_is_told_in_the_words_of_today(
    table: str, action: str, result: str, direction: str, old: int, new: int, status: str
) -> None:
    row = {**ENTRY, "sync_action": action, "sync_result": result}
    assert not batch_write(moved(SYNC_LOG, row)).failed
    ((entry,), _) = entries_between(0, 5, listing_id=ENTRY["etsy_listing_id"], now=int(AS_OF.timestamp()))
    assert (entry.direction, entry.old_quantity, entry.new_quantity, entry.status) == (
        direction,
        old,
        new,
        status,
    )
    assert (entry.id, entry.channel, entry.variant_id) == ("5", "etsy", 70)


def test_nothing_of_the_log_is_gone_on_arrival() -> None:
    as_of = int(AS_OF.timestamp())
    (old,) = moved(SYNC_LOG, {**ENTRY, "synced_at": timestamp("2019-01-01")})
    (recent,) = moved(SYNC_LOG, {**ENTRY, "synced_at": timestamp("2026-03-01")})
    assert old["expires_at"] == as_of + DAYS_90
    assert is_live(old, as_of)
    assert recent["expires_at"] == int(datetime(2026, 3, 1, tzinfo=UTC).timestamp()) + DAYS_90


def test_entries_that_were_made_since_go_back_in_the_old_words() -> None:
    new = {
        "PK": "SYNC_LOG#0b0c",
        "SK": "METADATA",
        "id": "0b0c",
        "channel": "etsy",
        "listing_id": 3,
        "direction": "pull",
        "old_quantity": 1,
        "new_quantity": 4,
        "status": "failed",
        "synced_at": "2026-02-01T00:00:00.000Z",
    }
    row = back(SYNC_LOG, [new])
    assert SYNC_LOG.record_of(new) == "0b0c"
    assert (row["id"], row["etsy_quantity"], row["local_quantity"], row["quantity_diff"]) == (None, 4, 1, -3)
    assert (row["sync_action"], row["sync_result"]) == ("pull_from_etsy", "error")
    assert SYNC_LOG.record_of(new | {"channel": "amazon"}) is None


def test_a_moved_row_expires_only_in_the_log(table: str) -> None:
    for entity, row in ((ETSY_LISTINGS, LISTING), (ETSY_RECEIPTS, RECEIPT), (SHOPIFY_LINKS, LINK)):
        assert "expires_at" not in moved(entity, row)[0]
    assert not batch_write(moved(SYNC_LOG, ENTRY)).failed
    assert get_item(("SYNC_LOG#5", "METADATA"), now=int(AS_OF.timestamp())) is not None
    assert fetch_all(Query("SYNC_LOG", index="GSI2"), now=int(AS_OF.timestamp()) + DAYS_90) == []
