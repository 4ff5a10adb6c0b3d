"""`etsy_products`: Etsy's listings and the products that they are linked to."""

from collections.abc import Sequence
from decimal import Decimal

from common.dynamodb import Item
from etsy_sync.repositories.etsy_listings import PENDING, EtsyListing, listing_item
from migration.mapping.entity import Entity
from migration.mapping.records import Context, Record, Row
from migration.mapping.source_rows import (
    SourceRow,
    record_named_by,
    synchronised_columns,
    without_absent,
)

LISTINGS = "etsy_products"


def _items(record: Record, context: Context) -> list[Item]:
    row = SourceRow(LISTINGS, record.row(LISTINGS), context)
    listing = EtsyListing(
        id=row.key("etsy_listing_id"),
        product_id=row.get("local_product_id"),
        title=row.need("title", ""),
        description=row.get("description"),
        price=row.get("price"),
        quantity=row.need("quantity", 0),
        sku=row.get("sku"),
        state=row.get("state"),
        url=row.get("url"),
        **row.synchronised(PENDING),
    )
    return [row.remembering(listing_item(listing))]


def _rows(items: Sequence[Item]) -> dict[str, list[Row]]:
    return {LISTINGS: [without_absent(item, _row(item)) for item in items]}


def _row(item: Item) -> Row:
    price = item.get("price")
    return {
        "etsy_listing_id": item["id"],
        "local_product_id": item.get("product_id"),
        "title": item["title"],
        "description": item.get("description"),
        "price": None if price is None else Decimal(price),
        "quantity": item["quantity"],
        "sku": item.get("sku"),
        "state": item.get("state"),
        "url": item.get("url"),
        **synchronised_columns(item),
    }


ETSY_LISTINGS = Entity(
    name=LISTINGS,
    table=LISTINGS,
    items=_items,
    rows=_rows,
    record_of=record_named_by("ETSY_LISTING#"),
)
