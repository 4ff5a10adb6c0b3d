"""Etsy's receipts become sales, cancellations and orders, and rows of their own."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.money import to_money
from common.optimistic import retry_when_stale
from etsy_sync.inbound.lines import ChannelLine
from etsy_sync.inbound.sales import ChannelOrder, Taken, take_cancellation, take_sale
from etsy_sync.inbound.windows import Shop, begin, sales_since, take_all
from etsy_sync.repositories.etsy_receipts import EtsyReceipt, add_receipt, change_receipt, receipt_by_id
from etsy_sync.repositories.sync_log import ETSY
from etsy_sync.sync.comparing import Comparison, Progress

if TYPE_CHECKING:
    from etsy_sync.adapters.etsy.client import EtsyClient
    from etsy_sync.adapters.etsy.receipts import Receipt

SYNCED = "synced"
REFUNDED, PARTLY_REFUNDED = "fully refunded", "partially refunded"


def fetch(
    client: "EtsyClient",
    shop_id: str,
    now: datetime,
    progress: Progress | None = None,
    *,
    since: datetime | None = None,
) -> Comparison:
    """Takes every receipt that was made or changed since the last complete run, the oldest change first.

    `since` begins there instead; the first run begins a day ago. Counts `taken` and `failed`. Raises what
    the client's calls raise: what was read until then is taken, and the next run begins where this did.
    """
    from etsy_sync.adapters.etsy.receipts import receipts_since

    run = begin(Shop(ETSY, shop_id, "receipt"), now, since)

    def take(receipt: "Receipt") -> str:
        keep(receipt, shop_id, now, since=run.sales_since)
        return "taken"

    return take_all(run, receipts_since(client, run.since), take, lambda it: str(it.receipt_id), progress)


def take_receipt(
    client: "EtsyClient", receipt_id: int, now: datetime, *, is_delivered: bool = False
) -> Taken:
    """Reads one receipt and takes it. Raises what the client's calls raise, StaleVersion, TransactionBusy."""
    from etsy_sync.adapters.etsy.receipts import receipt

    read = receipt(client, receipt_id)
    start = sales_since(ETSY, client.shop_id)
    return keep(read, client.shop_id, now, since=start, is_delivered=is_delivered)


def keep(
    receipt: "Receipt",
    shop_id: str,
    now: datetime,
    *,
    since: datetime | None = None,
    is_delivered: bool = False,
) -> Taken:
    """Takes a receipt as it was read: the stock first, then the order, then its row."""
    take = take_cancellation if receipt.is_canceled else take_sale
    taken = take(order_of(receipt, is_delivered=is_delivered), now, since=since)
    order_id = taken.order.id if taken.order else None
    retry_when_stale(lambda: _write_row(receipt, shop_id, order_id, now))
    return taken


def order_of(receipt: "Receipt", *, is_delivered: bool = False) -> ChannelOrder:
    """A receipt in the terms of all channels."""
    return ChannelOrder(
        channel=ETSY,
        id=str(receipt.receipt_id),
        number=f"ETSY-{receipt.receipt_id}",
        created_at=receipt.created_at,
        updated_at=receipt.updated_at,
        currency=receipt.currency,
        lines=tuple(
            ChannelLine(
                event_id=str(line.transaction_id),
                sku=line.sku,
                title=line.title,
                quantity=line.quantity,
                price=line.price,
                target=None if line.listing_id is None else str(line.listing_id),
            )
            for line in receipt.lines
        ),
        total=receipt.grand_total,
        subtotal=receipt.subtotal,
        tax=receipt.total_tax_cost,
        discount=receipt.discount,
        is_paid=receipt.is_paid,
        is_shipped=receipt.is_shipped,
        is_delivered=is_delivered,
        is_refunded=receipt.status == REFUNDED,
        is_partly_refunded=receipt.status == PARTLY_REFUNDED,
        customer_name=receipt.buyer_name,
        customer_email=receipt.buyer_email,
        address=_address(receipt),
        notes=receipt.message_from_buyer,
    )


def _address(receipt: "Receipt") -> dict[str, str] | None:
    """The address as the shop's own orders have it; None where Etsy withholds it."""
    values = {
        "street": ", ".join(line for line in (receipt.first_line, receipt.second_line) if line),
        "city": receipt.city,
        "state": receipt.state,
        "zip_code": receipt.zip,
        "country": receipt.country_iso,
    }
    known = {name: value for name, value in values.items() if value}
    return known or None


def _write_row(receipt: "Receipt", shop_id: str, order_id: int | None, now: datetime) -> None:
    before = receipt_by_id(receipt.receipt_id)
    if before is None:
        with UnitOfWork() as work:
            add_receipt(work, _row(receipt, shop_id, order_id, now))
        return
    after = _merged(before, receipt, order_id, now)
    if after != before:
        with UnitOfWork() as work:
            change_receipt(work, before, replace(after, updated_at=iso(now), last_synced_at=iso(now)))


def _merged(before: EtsyReceipt, receipt: "Receipt", order_id: int | None, now: datetime) -> EtsyReceipt:
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


def _row(receipt: "Receipt", shop_id: str, order_id: int | None, now: datetime) -> EtsyReceipt:
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
        shipping_address=", ".join((_address(receipt) or {}).values()) or None,
        message_from_buyer=receipt.message_from_buyer,
        last_synced_at=moment,
        sync_status=SYNCED,
    )
