"""`shopify_links`: which product is which Shopify product."""

from collections.abc import Sequence

from common.dynamodb import Item
from common.repositories.shopify_links import PENDING, ShopifyLink, link_item
from tools.migration.entity import Entity
from tools.migration.mapping.source_rows import SourceRow, record_named_by, timestamp, without_absent
from tools.migration.records import Context, Record, Row

LINKS = "shopify_links"


def _items(record: Record, context: Context) -> list[Item]:
    row = SourceRow(LINKS, record.row(LINKS), context)
    link = ShopifyLink(
        shopify_product_id=row.key("shopify_product_id"),
        product_id=row.key("local_product_id"),
        last_synced_at=row.time("last_synced_at"),
        sync_status=row.need("sync_status", PENDING),
        created_at=row.needed_time("created_at"),
        updated_at=row.needed_time("updated_at"),
        deleted_at=row.time("deleted_at"),
        legacy_id=row.get("id"),
    )
    return [row.remembering(link_item(link))]


def _rows(items: Sequence[Item]) -> dict[str, list[Row]]:
    return {LINKS: [without_absent(item, _row(item)) for item in items]}


def _row(item: Item) -> Row:
    return {
        "id": item.get("legacy_id"),
        "local_product_id": item["product_id"],
        "shopify_product_id": item["shopify_product_id"],
        "last_synced_at": timestamp(item.get("last_synced_at")),
        "sync_status": item["sync_status"],
        "created_at": timestamp(item["created_at"]),
        "updated_at": timestamp(item["updated_at"]),
        "deleted_at": timestamp(item.get("deleted_at")),
    }


SHOPIFY_LINKS = Entity(
    name=LINKS,
    table=LINKS,
    items=_items,
    rows=_rows,
    record_of=record_named_by("SHOPIFY_LINK#"),
)
