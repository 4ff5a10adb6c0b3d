"""Stored orders as rows of PostgreSQL again."""

from collections.abc import Sequence

from common.dynamodb import Item
from common.repositories.stored_json import from_stored
from migration.mapping import restoring
from migration.mapping.records import Row

_PREFIX = "ORDER#"
_PLAIN = (
    "id",
    "order_number",
    "customer_email",
    "customer_name",
    "currency",
    "payment_status",
    "payment_intent_id",
    "payment_method",
    "fulfillment_status",
)
_OF_A_LINE = ("id", "product_id", "variant_id", "product_name", "variant_name", "sku", "quantity")


def record_of(item: Item) -> int | None:
    """The id of the order whose summary or details an item is."""
    is_row = item["PK"].startswith(_PREFIX) and item["SK"] in ("METADATA", "DETAILS")
    return int(item["PK"].removeprefix(_PREFIX)) if is_row else None


def rows(stored: Sequence[Item]) -> dict[str, list[Row]]:
    """The rows of PostgreSQL behind the items of one order."""
    own = restoring.by_sort_key(item for item in stored if record_of(item) is not None)
    summary, details = own.get("METADATA"), own.get("DETAILS", {})
    if summary is None:
        return {"orders": [], "order_items": []}
    return {
        "orders": [_order(summary, details)],
        "order_items": [_line(summary, line) for line in details.get("lines", [])],
    }


def _order(summary: Item, details: Item) -> Row:
    return {
        **restoring.plain(summary, _PLAIN),
        "user_id": restoring.number(summary.get("user_id")),
        **restoring.amounts(summary, "subtotal", "tax", "discount", "total"),
        "shipping_address": from_stored(details.get("shipping_address")),
        "billing_address": from_stored(details.get("billing_address")),
        "notes": details.get("notes"),
        **restoring.times(summary, "created_at", "updated_at", "deleted_at"),
    }


def _line(summary: Item, line: Item) -> Row:
    return {
        "order_id": summary["id"],
        **restoring.plain(line, _OF_A_LINE),
        **restoring.amounts(line, "unit_price", "total_price"),
        "created_at": restoring.moment(line.get("created_at", summary["created_at"])),
    }
