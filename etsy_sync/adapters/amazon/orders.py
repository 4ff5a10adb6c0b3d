"""Amazon's orders: what was sold, cancelled and changed since a moment.

https://developer-docs.amazon.com/sp-api/reference/searchorders. Neither names nor addresses are asked for.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from common.clock import iso, parse_iso
from etsy_sync.adapters.amazon.client import AmazonClient
from etsy_sync.adapters.amazon.limits import Operation
from etsy_sync.adapters.interface import Unreadable
from etsy_sync.adapters.orders import CANCEL, ChannelLine, ChannelOrder
from orders.repositories.channel_orders import Cancellation

AMAZON = "amazon"
INCLUDED = "PROCEEDS,CANCELLATION,FULFILLMENT"
CANCELLED, SHIPPED = "CANCELLED", "SHIPPED"
# PENDING, and PENDING_AVAILABILITY of what is ordered before it is on sale.
PENDING = "PENDING"


def orders_updated_since(client: AmazonClient, moment: datetime) -> Iterator[ChannelOrder | Unreadable]:
    """The orders of the marketplace that were placed or changed at `moment` or later, page by page.

    Amazon holds the pieces of a pending order back from other buyers: it counts as sold. What an order costs
    is what the seller gets, known once its payment is authorised. What Amazon keeps and sends itself is not
    the shop's.
    Amazon shows an order some two minutes after it changed: overlap the moments. Raises a ChannelError,
    RateLimited also between two pages; then ask again from the same moment.
    """
    params = {
        "lastUpdatedAfter": iso(moment),
        "marketplaceIds": client.settings.marketplace_id,
        "includedData": INCLUDED,
    }
    while True:
        body = client.call(Operation.SEARCH_ORDERS, "GET", "/orders/2026-01-01/orders", params=params)
        for order in body.get("orders") or ():
            yield _order(order)
        token = (body.get("pagination") or {}).get("nextToken")
        if not token:
            return
        params = {**params, "paginationToken": str(token)}


def _order(row: Mapping[str, Any]) -> ChannelOrder | Unreadable:
    try:
        return _read(row)
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
        return Unreadable(str(row.get("orderId")))


def _read(row: Mapping[str, Any]) -> ChannelOrder:
    fulfillment = row.get("fulfillment") or {}
    status, order_id = str(fulfillment.get("fulfillmentStatus", "")), str(row["orderId"])
    is_cancelled = status == CANCELLED
    items = row.get("orderItems") or ()
    lines = tuple(_line(order_id, item, is_cancelled=is_cancelled) for item in items)
    proceeds, currency = _money((row.get("proceeds") or {}).get("grandTotal"))
    # One that was cancelled before it was paid never becomes an order of the shop.
    is_paid = proceeds is not None or not (is_cancelled or status.startswith(PENDING))
    total = _total(proceeds, lines) if is_paid else None
    # Where Amazon does not say, the shop's own pieces are taken to be sold: none is sold twice.
    is_ours = fulfillment.get("fulfilledBy") != "AMAZON" and bool(lines)
    return ChannelOrder(
        channel=AMAZON,
        id=order_id,
        number=f"AMAZON-{order_id}",
        created_at=parse_iso(row["createdTime"]),
        updated_at=parse_iso(row["lastUpdatedTime"]),
        currency=currency or _currency(row),
        lines=lines,
        total=total,
        subtotal=total or Decimal(0),
        is_ours=is_ours,
        is_paid=is_paid,
        is_cancelled=is_cancelled,
        is_shipped=status == SHIPPED,
    )


def _total(proceeds: Decimal | None, lines: Iterable[ChannelLine]) -> Decimal:
    """What an order costs; of its lines where Amazon does not tell what the seller gets."""
    of_lines = sum((line.price * line.quantity for line in lines), Decimal(0))
    return of_lines if proceeds is None else proceeds


def _line(order_id: str, item: Mapping[str, Any], *, is_cancelled: bool) -> ChannelLine:
    product, quantity = item["product"], int(item["quantityOrdered"])
    price, _ = _money((product.get("price") or {}).get("unitPrice"))
    cancelled = _cancelled(item, quantity, is_cancelled=is_cancelled)
    sku = str(product.get("sellerSku") or "")
    return ChannelLine(
        event_id=f"{order_id}:{item['orderItemId']}",
        sku=sku,
        title=str(product.get("title") or ""),
        quantity=quantity,
        price=price or Decimal(0),
        target=sku,
        cancellations={CANCEL: Cancellation(cancelled, restocks=True)} if cancelled else {},
    )


def _cancelled(item: Mapping[str, Any], quantity: int, *, is_cancelled: bool) -> int:
    """Amazon gives no number of its own for it: what is neither sent nor still to be sent.

    Only where Amazon says that it cancelled something: what it does not say must stay sold.
    """
    counts = item.get("fulfillment") or {}
    if is_cancelled:
        return quantity - int(counts.get("quantityFulfilled", 0))
    was_cancelled = bool((item.get("cancellation") or {}).get("cancellationExecution"))
    if not was_cancelled or not {"quantityFulfilled", "quantityUnfulfilled"} <= counts.keys():
        return 0
    return max(0, quantity - int(counts["quantityFulfilled"]) - int(counts["quantityUnfulfilled"]))


def _currency(row: Mapping[str, Any]) -> str:
    prices = [(item["product"].get("price") or {}).get("unitPrice") for item in row.get("orderItems") or ()]
    return next((currency for _, currency in map(_money, prices) if currency), "")


def _money(money: Mapping[str, Any] | None) -> tuple[Decimal | None, str]:
    if not money:
        return None, ""
    return Decimal(money["amount"]), str(money["currencyCode"])
