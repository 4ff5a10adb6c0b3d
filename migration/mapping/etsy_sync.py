"""`etsy_sync_config`: how far the synchronisation with each Etsy shop is."""

from collections.abc import Sequence

from common.dynamodb import Item
from etsy_sync.repositories.etsy_sync import IDLE, EtsySync, sync_item
from migration.mapping.entity import Entity
from migration.mapping.records import Context, Record, Row
from migration.mapping.source_rows import SourceRow, record_named_by, timestamp, without_absent

SYNCS = "etsy_sync_config"

# What the column holds until the platform has said how many calls are left.
CALLS_A_DAY = 10_000

_TIMES = ("last_product_sync", "last_inventory_sync", "rate_limit_reset_at", "created_at", "updated_at")


def _items(record: Record, context: Context) -> list[Item]:
    row = SourceRow(SYNCS, record.row(SYNCS), context)
    sync = EtsySync(
        shop_id=row.key("shop_id"),
        last_product_sync=row.time("last_product_sync"),
        last_inventory_sync=row.time("last_inventory_sync"),
        sync_status=row.need("sync_status", IDLE),
        sync_error=row.get("sync_error"),
        rate_limit_remaining=row.need("rate_limit_remaining", CALLS_A_DAY),
        rate_limit_reset_at=row.time("rate_limit_reset_at"),
        created_at=row.needed_time("created_at"),
        updated_at=row.needed_time("updated_at"),
        legacy_id=row.get("id"),
    )
    return [row.remembering(sync_item(sync))]


def _rows(items: Sequence[Item]) -> dict[str, list[Row]]:
    return {SYNCS: [without_absent(item, _row(item)) for item in items]}


def _row(item: Item) -> Row:
    return {
        "id": item.get("legacy_id"),
        "shop_id": item["shop_id"],
        "sync_status": item.get("sync_status", IDLE),
        "sync_error": item.get("sync_error"),
        "rate_limit_remaining": item.get("rate_limit_remaining", CALLS_A_DAY),
        **{name: timestamp(item.get(name)) for name in _TIMES},
    }


ETSY_SYNCS = Entity(
    name=SYNCS,
    table=SYNCS,
    items=_items,
    rows=_rows,
    record_of=record_named_by("ETSY_SYNC#"),
)
