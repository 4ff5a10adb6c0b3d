"""Amazon's orders, as far as the shop's own stock serves them."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from etsy_sync.inbound.lines import ChannelLine
from etsy_sync.inbound.sales import CANCEL, ChannelOrder, take_sale
from etsy_sync.inbound.windows import MAIN, Shop, begin, take_all
from etsy_sync.sync.comparing import Comparison, Progress
from orders.repositories.channel_orders import GivenUp

if TYPE_CHECKING:
    from etsy_sync.adapters.amazon.client import AmazonClient
    from etsy_sync.adapters.amazon.orders import Line, Order

AMAZON = "amazon"
SHIPPED = "SHIPPED"
# PENDING, and PENDING_AVAILABILITY of what is ordered before it is on sale.
PENDING = "PENDING"


def fetch(
    client: "AmazonClient",
    now: datetime,
    progress: Progress | None = None,
    *,
    since: datetime | None = None,
) -> Comparison:
    """Takes every order that was made or changed since the last complete run.

    What Amazon sends out of its own stores is ignored. `since` begins there instead; the first run begins
    a day ago. Counts `taken`, `ignored`, `failed`. Raises what the client's calls raise.
    """
    from etsy_sync.adapters.amazon.orders import orders_updated_since

    run = begin(Shop(AMAZON, MAIN, "order"), now, since)

    def take(order: "Order") -> str:
        if not order.lines_of_stock:
            return "ignored"
        take_sale(order_of(order), now, since=run.sales_since)
        return "taken"

    return take_all(run, orders_updated_since(client, run.since), take, lambda it: it.id, progress)


def order_of(order: "Order") -> ChannelOrder:
    """An order in the terms of all channels; what it costs is known once its payment is authorised."""
    # One that was cancelled before it was paid never becomes an order of the shop.
    is_paid = order.total is not None or not (order.is_cancelled or order.status.startswith(PENDING))
    total = _total(order) if is_paid else None
    return ChannelOrder(
        channel=AMAZON,
        id=order.id,
        number=f"AMAZON-{order.id}",
        created_at=order.created_at,
        updated_at=order.updated_at,
        currency=order.currency,
        lines=tuple(_line(order.id, line) for line in order.lines_of_stock),
        total=total,
        subtotal=total or Decimal(0),
        is_paid=is_paid,
        is_cancelled=order.is_cancelled,
        is_shipped=order.status == SHIPPED,
    )


def _total(order: "Order") -> Decimal:
    """What the order costs; of its lines where Amazon does not tell what the seller gets."""
    if order.total is not None:
        return order.total
    return sum(((line.price or Decimal(0)) * line.quantity for line in order.lines_of_stock), Decimal(0))


def _line(order_id: str, line: "Line") -> ChannelLine:
    cancelled = GivenUp(line.quantity_cancelled, restocks=True)
    return ChannelLine(
        event_id=f"{order_id}:{line.id}",
        sku=line.sku,
        title=line.title,
        quantity=line.quantity,
        price=line.price or Decimal(0),
        target=line.sku,
        given_up={CANCEL: cancelled} if cancelled.quantity else {},
    )
