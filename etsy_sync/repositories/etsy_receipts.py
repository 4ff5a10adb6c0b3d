"""Etsy receipts: orders that were placed there, each with the order of the shop that it became.

GSI1 leads from an order to its receipts, GSI2 holds all of them by the time of their making.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from common import prefixes
from common.currencies import DEFAULT_CURRENCY
from common.dynamodb import Index
from common.dynamodb.rows import Rows
from common.money import unrounded

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


_OF_ORDER = Index[EtsyReceipt](
    "GSI1", prefixes.ETSY_ORDER + "#{order_id}", "{id:020d}", when=lambda it: it.order_id is not None
)
_NEWEST = Index[EtsyReceipt]("GSI2", prefixes.ETSY_RECEIPT, "{etsy_created_at}#{id:020d}")

_MONEY = ("grand_total", "subtotal", "total_shipping_cost", "total_tax_cost")


def _with_decimals(receipt: EtsyReceipt) -> EtsyReceipt:
    currency = receipt.currency or DEFAULT_CURRENCY
    amounts = {name: getattr(receipt, name) for name in _MONEY}
    known: dict[str, Any] = {
        name: unrounded(value, currency) for name, value in amounts.items() if value is not None
    }
    return replace(receipt, **known)


RECEIPTS = Rows(
    EtsyReceipt,
    "Receipt",
    key=prefixes.ETSY_RECEIPT + "#{id}",
    indexes=(_OF_ORDER, _NEWEST),
    # Two runs may both have seen a receipt first: one of them makes an order of it.
    rereads=True,
    completed=_with_decimals,
)


def receipts_of_order(order_id: int) -> list[EtsyReceipt]:
    """The receipts linked to an order, by one query of GSI1 (eventually consistent)."""
    return RECEIPTS.all(_OF_ORDER.query(order_id=order_id))


def newest_receipts(limit: int, cursor: str | None = None) -> tuple[list[EtsyReceipt], str | None]:
    """A page of receipts that are not deleted, newest first, and the cursor of what follows."""
    return RECEIPTS.page(_NEWEST.query(descending=True), limit, cursor)
