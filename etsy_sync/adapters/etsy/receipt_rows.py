"""The row that is kept of each receipt, for the administrator's list of them."""

from dataclasses import replace
from datetime import datetime

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.money import to_money
from common.optimistic import retry_when_stale
from etsy_sync.adapters.etsy.receipts import Receipt
from etsy_sync.adapters.orders import ChannelOrder
from etsy_sync.repositories.etsy_receipts import RECEIPTS, EtsyReceipt

SYNCED = "synced"


def keep_receipt(order: ChannelOrder, shop_id: str, local_id: int | None, now: datetime) -> None:
    """Keeps the receipt that an order was read from; `local_id` is that of the shop's order, if there is one.

    Raises StaleVersion when others kept changing the row.
    """
    receipt: Receipt = order.source
    retry_when_stale(lambda: _write_row(receipt, shop_id, local_id, now))


def _write_row(receipt: Receipt, shop_id: str, order_id: int | None, now: datetime) -> None:
    before = RECEIPTS.get(receipt.receipt_id)
    if before is None:
        with UnitOfWork() as work:
            RECEIPTS.add(work, _row(receipt, shop_id, order_id, now))
        return
    after = _merged(before, receipt, order_id, now)
    if after != before:
        with UnitOfWork() as work:
            RECEIPTS.change(work, before, replace(after, updated_at=iso(now), last_synced_at=iso(now)))


def _merged(before: EtsyReceipt, receipt: Receipt, order_id: int | None, now: datetime) -> EtsyReceipt:
    """The row with what is news; what Etsy said later than this is not overwritten."""
    local = before.order_id if before.order_id is not None else order_id
    if before.etsy_updated_at > iso(receipt.updated_at):
        return replace(before, order_id=local)
    after = _row(receipt, before.shop_id, local, now)
    return replace(
        after,
        created_at=before.created_at,
        updated_at=before.updated_at,
        last_synced_at=before.last_synced_at,
        legacy_id=before.legacy_id,
        version=before.version,
    )


def _row(receipt: Receipt, shop_id: str, order_id: int | None, now: datetime) -> EtsyReceipt:
    moment = iso(now)
    return EtsyReceipt(
        id=receipt.receipt_id,
        shop_id=shop_id,
        etsy_created_at=iso(receipt.created_at),
        etsy_updated_at=iso(receipt.updated_at),
        created_at=moment,
        updated_at=moment,
        order_id=order_id,
        buyer_email=receipt.buyer_email,
        buyer_name=receipt.buyer_name,
        status=receipt.status,
        is_paid=receipt.is_paid,
        is_shipped=receipt.is_shipped,
        grand_total=to_money(receipt.grand_total, receipt.currency),
        subtotal=to_money(receipt.subtotal, receipt.currency),
        total_shipping_cost=to_money(receipt.total_shipping_cost, receipt.currency),
        total_tax_cost=to_money(receipt.total_tax_cost, receipt.currency),
        currency=receipt.currency,
        payment_method=receipt.payment_method,
        shipping_address=", ".join((receipt.address or {}).values()) or None,
        message_from_buyer=receipt.message_from_buyer,
        last_synced_at=moment,
        sync_status=SYNCED,
    )
