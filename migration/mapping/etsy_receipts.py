"""`etsy_receipts`: orders that were placed on Etsy."""

from collections.abc import Sequence
from decimal import Decimal

from common.dynamodb import Item
from etsy_sync.repositories.etsy_receipts import PENDING, EtsyReceipt, receipt_item
from migration.mapping.entity import Entity
from migration.mapping.records import Context, Record, Row
from migration.mapping.source_rows import (
    SourceRow,
    record_named_by,
    synchronised_columns,
    timestamp,
    without_absent,
)

RECEIPTS = "etsy_receipts"

_AMOUNTS = ("grand_total", "subtotal", "total_shipping_cost", "total_tax_cost")
_TEXTS = (
    "buyer_email",
    "buyer_name",
    "status",
    "currency",
    "payment_method",
    "shipping_address",
    "message_from_buyer",
)
_TIMES = ("etsy_created_at", "etsy_updated_at")


def _items(record: Record, context: Context) -> list[Item]:
    row = SourceRow(RECEIPTS, record.row(RECEIPTS), context)
    receipt = EtsyReceipt(
        id=row.key("etsy_receipt_id"),
        order_id=row.get("local_order_id"),
        shop_id=row.need("shop_id", ""),
        is_paid=row.need("is_paid", default=False),
        is_shipped=row.need("is_shipped", default=False),
        etsy_created_at=row.needed_time("etsy_created_at"),
        etsy_updated_at=row.needed_time("etsy_updated_at"),
        **row.synchronised(PENDING),
        **{name: row.get(name) for name in (*_TEXTS, *_AMOUNTS)},
    )
    return [row.remembering(receipt_item(receipt))]


def _rows(items: Sequence[Item]) -> dict[str, list[Row]]:
    return {RECEIPTS: [without_absent(item, _row(item)) for item in items]}


def _row(item: Item) -> Row:
    amounts = {name: None if item.get(name) is None else Decimal(item[name]) for name in _AMOUNTS}
    return {
        "etsy_receipt_id": item["id"],
        "local_order_id": item.get("order_id"),
        "shop_id": item["shop_id"],
        "is_paid": item["is_paid"],
        "is_shipped": item["is_shipped"],
        **{name: item.get(name) for name in _TEXTS},
        **amounts,
        **{name: timestamp(item.get(name)) for name in _TIMES},
        **synchronised_columns(item),
    }


ETSY_RECEIPTS = Entity(
    name=RECEIPTS,
    table=RECEIPTS,
    items=_items,
    rows=_rows,
    record_of=record_named_by("ETSY_RECEIPT#"),
)
