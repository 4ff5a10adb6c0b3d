"""Amazon's orders: what was sold, cancelled and changed since a moment.

https://developer-docs.amazon.com/sp-api/reference/searchorders. Neither names nor addresses are asked for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from common.clock import iso, parse_iso
from etsy_sync.adapters.amazon.client import AmazonClient
from etsy_sync.adapters.amazon.limits import Operation
from etsy_sync.adapters.interface import Unreadable

INCLUDED = "PROCEEDS,CANCELLATION,FULFILLMENT"
CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces of a SKU in an order; `price` of one piece, None while the payment is pending."""

    id: str
    sku: str
    title: str
    quantity: int
    quantity_cancelled: int
    price: Decimal | None

    @property
    def remaining(self) -> int:
        """How many pieces the buyer gets, or has got."""
        return self.quantity - self.quantity_cancelled


@dataclass(frozen=True, slots=True)
class Order:
    """An order; `status` is Amazon's, `total` what the seller gets, None while the payment is pending.

    Amazon holds the pieces of a pending order back from other buyers: it counts as sold.
    """

    id: str
    status: str
    is_cancelled: bool
    is_fba: bool
    created_at: datetime
    updated_at: datetime
    currency: str
    total: Decimal | None
    lines: tuple[Line, ...]

    @property
    def lines_of_stock(self) -> tuple[Line, ...]:
        """The lines that the shop's own stock serves: none where Amazon keeps and sends the pieces."""
        return () if self.is_fba else self.lines


def orders_updated_since(client: AmazonClient, moment: datetime) -> Iterator[Order | Unreadable]:
    """The orders of the marketplace that were placed or changed at `moment` or later, page by page.

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


def _order(row: Mapping[str, Any]) -> Order | Unreadable:
    try:
        fulfillment = row.get("fulfillment") or {}
        status = str(fulfillment.get("fulfillmentStatus", ""))
        is_cancelled = status == CANCELLED
        lines = tuple(_line(item, is_cancelled=is_cancelled) for item in row.get("orderItems") or ())
        total, currency = _money((row.get("proceeds") or {}).get("grandTotal"))
        return Order(
            id=str(row["orderId"]),
            status=status,
            is_cancelled=is_cancelled,
            # Where Amazon does not say, the shop's own pieces are taken to be sold: none is sold twice.
            is_fba=fulfillment.get("fulfilledBy") == "AMAZON",
            created_at=parse_iso(row["createdTime"]),
            updated_at=parse_iso(row["lastUpdatedTime"]),
            currency=currency or _currency(row),
            total=total,
            lines=lines,
        )
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
        return Unreadable(str(row.get("orderId")))


def _line(item: Mapping[str, Any], *, is_cancelled: bool) -> Line:
    product, quantity = item["product"], int(item["quantityOrdered"])
    price, _ = _money((product.get("price") or {}).get("unitPrice"))
    return Line(
        id=str(item["orderItemId"]),
        sku=str(product.get("sellerSku") or ""),
        title=str(product.get("title") or ""),
        quantity=quantity,
        quantity_cancelled=_cancelled(item, quantity, is_cancelled=is_cancelled),
        price=price,
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
