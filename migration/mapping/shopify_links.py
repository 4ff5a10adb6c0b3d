"""`shopify_links`: which product is which Shopify product."""

from collections.abc import Sequence

from common.dynamodb import Item
from etsy_sync.repositories.shopify_links import PENDING, ShopifyLink, link_item
from migration.mapping.entity import Entity
from migration.mapping.records import Context, Record, Row
from migration.mapping.source_rows import (
    SourceRow,
    record_named_by,
    synchronised_columns,
    without_absent,
)

LINKS = "shopify_links"


def _items(record: Record, context: Context) -> list[Item]:
    row = SourceRow(LINKS, record.row(LINKS), context)
    link = ShopifyLink(
        shopify_product_id=row.key("shopify_product_id"),
        product_id=row.key("local_product_id"),
        **row.synchronised(PENDING),
    )
    return [row.remembering(link_item(link))]


def _rows(items: Sequence[Item]) -> dict[str, list[Row]]:
    return {LINKS: [without_absent(item, _row(item)) for item in items]}


def _row(item: Item) -> Row:
    return {
        "local_product_id": item["product_id"],
        "shopify_product_id": item["shopify_product_id"],
        **synchronised_columns(item),
    }


SHOPIFY_LINKS = Entity(
    name=LINKS,
    table=LINKS,
    items=_items,
    rows=_rows,
    record_of=record_named_by("SHOPIFY_LINK#"),
)
