"""Etsy receipts: orders that were placed there, each with the order of the shop that it became.

GSI1 leads from an order to its receipts, GSI2 holds all of them by the time of their making.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from common.currencies import DEFAULT_CURRENCY
from common.dynamodb import Item, Key, Query, UnitOfWork, attr, fetch_all, fetch_page, get_item, index_keys
from common.money import unrounded
from common.optimistic import StaleVersion
from etsy_sync.repositories.changed_rows import change_row

PENDING = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class EtsyReceipt:
    """A receipt; amounts in `currency`, times in ISO 8601 UTC.

    `etsy_created_at` and `etsy_updated_at` are the platform's times, `created_at` and `updated_at` the
    row's. `order_id` is the shop's order; `legacy_id` the id of its row in the old database.
    """

    id: int
    shop_id: str
    etsy_created_at: str
    etsy_updated_at: str
    created_at: str
    updated_at: str
    order_id: int | None = None
    buyer_email: str | None = None
    buyer_name: str | None = None
    status: str | None = None
    is_paid: bool = False
    is_shipped: bool = False
    grand_total: Decimal | None = None
    subtotal: Decimal | None = None
    total_shipping_cost: Decimal | None = None
    total_tax_cost: Decimal | None = None
    currency: str | None = None
    payment_method: str | None = None
    shipping_address: str | None = None
    message_from_buyer: str | None = None
    last_synced_at: str | None = None
    sync_status: str = PENDING
    deleted_at: str | None = None
    legacy_id: int | None = None
    version: int = 1


_FIELDS = tuple(EtsyReceipt.__dataclass_fields__)
_MONEY = frozenset({"grand_total", "subtotal", "total_shipping_cost", "total_tax_cost"})


def receipt_key(receipt_id: int) -> Key:
    """The key of a receipt."""
    return f"ETSY_RECEIPT#{receipt_id}", "METADATA"


def receipt_index_keys(receipt: EtsyReceipt) -> dict[str, str]:
    """The index keys of a receipt; none while it is deleted."""
    if receipt.deleted_at is not None:
        return {}
    number, order_id = f"{receipt.id:020d}", receipt.order_id
    by_order = index_keys("GSI1", f"ETSY_ORDER#{order_id}", number) if order_id is not None else {}
    return {**by_order, **index_keys("GSI2", "ETSY_RECEIPT", f"{receipt.etsy_created_at}#{number}")}


def receipt_item(receipt: EtsyReceipt) -> Item:
    """The row of a receipt; fields that are None are not stored."""
    pk, sk = receipt_key(receipt.id)
    values = {name: getattr(receipt, name) for name in _FIELDS}
    stored = {name: value for name, value in values.items() if value is not None}
    return {"PK": pk, "SK": sk, **receipt_index_keys(receipt), **stored}


def receipt_from_item(item: Item) -> EtsyReceipt:
    """The receipt that a row holds."""
    values: dict[str, Any] = {name: item[name] for name in _FIELDS if name in item}
    currency = item.get("currency") or DEFAULT_CURRENCY
    amounts = {name: unrounded(values[name], currency) for name in _MONEY & values.keys()}
    return EtsyReceipt(**values | amounts)


def receipt_by_id(receipt_id: int) -> EtsyReceipt | None:
    """The receipt with this id, a deleted one included, by one consistent read."""
    item = get_item(receipt_key(receipt_id), consistent=True)
    return receipt_from_item(item) if item else None


def receipts_of_order(order_id: int) -> list[EtsyReceipt]:
    """The receipts linked to an order, by one query of GSI1 (eventually consistent)."""
    return [receipt_from_item(item) for item in fetch_all(Query(f"ETSY_ORDER#{order_id}", index="GSI1"))]


def newest_receipts(limit: int, cursor: str | None = None) -> tuple[list[EtsyReceipt], str | None]:
    """A page of receipts that are not deleted, newest first, and the cursor of what follows."""
    page = fetch_page(Query("ETSY_RECEIPT", index="GSI2", descending=True), limit, cursor)
    return [receipt_from_item(item) for item in page.items], page.cursor


def add_receipt(work: UnitOfWork, receipt: EtsyReceipt) -> None:
    """Writes a receipt that is seen for the first time."""
    # Stops two runs that both saw it first from both making an order of it.
    work.put(receipt_item(receipt), condition=attr("PK").missing(), failed=StaleVersion("Receipt"))


def change_receipt(work: UnitOfWork, before: EtsyReceipt, after: EtsyReceipt) -> EtsyReceipt:
    """Writes what differs between a receipt as it was read and `after`, which is returned as stored.

    StaleVersion at the commit when somebody else changed it since.
    """
    stored = replace(after, version=before.version + 1)
    change_row(work, receipt_item(before), receipt_item(stored), "Receipt")
    return stored
