"""Etsy's receipts as orders of a channel."""

from collections.abc import Iterator
from datetime import datetime

from etsy_sync.adapters.etsy import receipts
from etsy_sync.adapters.etsy.client import EtsyClient
from etsy_sync.adapters.etsy.receipts import Receipt
from etsy_sync.adapters.interface import Unreadable
from etsy_sync.adapters.orders import ChannelLine, ChannelOrder

ETSY = "etsy"
REFUNDED, PARTLY_REFUNDED = "fully refunded", "partially refunded"


def orders_since(client: EtsyClient, moment: datetime) -> Iterator[ChannelOrder | Unreadable]:
    """Every order that was made or changed at this time or later, the longest unchanged first.

    Raises what the client's calls raise.
    """
    for found in receipts.receipts_since(client, moment):
        yield found if isinstance(found, Unreadable) else order_of(found)


def find_order(client: EtsyClient, order_id: str) -> ChannelOrder:
    """One order. Raises Rejected (`not_found`), and what the client's calls raise."""
    return order_of(receipts.receipt(client, int(order_id)))


def order_of(receipt: Receipt) -> ChannelOrder:
    """A receipt in the terms of all channels, which it is kept in; Etsy has no idea of edited orders."""
    order = ChannelOrder(
        channel=ETSY,
        id=str(receipt.receipt_id),
        number=f"ETSY-{receipt.receipt_id}",
        created_at=receipt.created_at,
        updated_at=receipt.updated_at,
        currency=receipt.currency,
        lines=tuple(_line(line) for line in receipt.lines),
        total=receipt.grand_total,
        subtotal=receipt.subtotal,
        tax=receipt.total_tax_cost,
        discount=receipt.discount,
        is_paid=receipt.is_paid,
        is_shipped=receipt.is_shipped,
        is_refunded=receipt.status == REFUNDED,
        is_partly_refunded=receipt.status == PARTLY_REFUNDED,
        customer_name=receipt.buyer_name,
        customer_email=receipt.buyer_email,
        address=receipt.address,
        notes=receipt.message_from_buyer,
        source=receipt,
    )
    return order.called_off() if receipt.is_canceled else order


def _line(line: receipts.ReceiptLine) -> ChannelLine:
    return ChannelLine(
        event_id=str(line.transaction_id),
        sku=line.sku,
        title=line.title,
        quantity=line.quantity,
        price=line.price,
        target=None if line.listing_id is None else str(line.listing_id),
    )
