"""Shopify's orders, cancellations and refunds: by webhook, and polled in case a webhook got lost."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from common import once
from common.stock_queue import announce
from etsy_sync.inbound.lines import ChannelLine
from etsy_sync.inbound.sales import ChannelOrder, take_refund, take_sale
from etsy_sync.inbound.windows import MAIN, Shop, begin, sales_since, take_all
from etsy_sync.repositories.channel_events import DONE
from etsy_sync.repositories.channel_links import links_of_target
from etsy_sync.sync.comparing import Comparison, Progress
from orders.repositories.channel_orders import GivenUp

if TYPE_CHECKING:
    from etsy_sync.adapters.shopify.client import ShopifyClient
    from etsy_sync.adapters.shopify.orders import Order, Refund
    from etsy_sync.adapters.shopify.webhooks import Event

SHOPIFY = "shopify"
# Anything else leaves the pieces out of stock. A cancelled order has a refund that says so too.
RESTOCKING = frozenset({"cancel", "return", "legacy_restock"})

Handled = Literal["taken", "repeated", "ignored"]


def handle(event: "Event", now: datetime) -> Handled:
    """Takes what a webhook reports; orders that the shop made to try its checkout are ignored.

    Raises InvalidInput for a payload that cannot be read, StaleVersion and TransactionBusy: then the
    event is not done with, and has to come again.
    """
    # Of one event several topics may be told, each with something of its own.
    mark = DONE.of(SHOPIFY, f"{event.topic}:{event.id}")
    if once.found(mark, now):
        return "repeated"
    if not _take_event(event, now):
        return "ignored"
    once.is_first(mark, now)
    return "taken"


def fetch(
    client: "ShopifyClient",
    now: datetime,
    progress: Progress | None = None,
    *,
    since: datetime | None = None,
) -> Comparison:
    """Takes every order that was made or changed since the last complete run, the oldest change first.

    `since` begins there instead; the first run begins a day ago. Counts `taken`, `ignored`, `failed`.
    Raises what the client's calls raise.
    """
    from etsy_sync.adapters.shopify.orders import orders_updated_since

    run = begin(Shop(SHOPIFY, MAIN, "order"), now, since)

    def take(order: "Order") -> str:
        return "taken" if _take_order(order, now, run.sales_since) else "ignored"

    return take_all(run, orders_updated_since(client, run.since), take, lambda it: it.id, progress)


def order_of(order: "Order") -> ChannelOrder:
    """An order in the terms of all channels."""
    given_up = _given_up(order.refunds)
    return ChannelOrder(
        channel=SHOPIFY,
        id=order.id,
        number=f"SHOPIFY-{order.name.removeprefix('#') or order.id}",
        created_at=order.created_at,
        updated_at=order.updated_at,
        currency=order.currency,
        lines=tuple(
            ChannelLine(
                event_id=_line_id(order.id, line.id),
                sku=line.sku,
                title=line.title,
                quantity=line.quantity,
                price=line.price,
                target=line.variant_id,
                given_up=given_up.get(_line_id(order.id, line.id), {}),
            )
            for line in order.lines
        ),
        total=order.total,
        subtotal=order.subtotal,
        tax=order.tax,
        discount=order.discount,
        is_paid=order.is_paid,
        is_cancelled=order.cancelled_at is not None,
        customer_name=order.customer_name,
        customer_email=order.email,
    )


def _take_event(event: "Event", now: datetime) -> bool:
    from etsy_sync.adapters.shopify import webhooks

    if event.topic == webhooks.ORDER_CREATED:
        return _take_order(webhooks.parse_order_created(event.payload), now, sales_since(SHOPIFY))
    if event.topic == webhooks.ORDER_CANCELLED:
        return _take_order(webhooks.parse_order_cancelled(event.payload), now, sales_since(SHOPIFY))
    if event.topic == webhooks.REFUND_CREATED:
        refund = webhooks.parse_refund(event.payload)
        take_refund(SHOPIFY, refund.order_id, _given_up([refund]), now)
        return True
    if event.topic == webhooks.LEVEL_UPDATED:
        # A sale lowers the level too, and so does what the shop tells Shopify: it moves nothing here.
        item = webhooks.parse_inventory_level(event.payload).inventory_item_id
        announce(link.sku for link in links_of_target(SHOPIFY, item))
        return True
    return False


def _take_order(order: "Order", now: datetime, since: datetime | None) -> bool:
    if order.is_test:
        return False
    take_sale(order_of(order), now, since=since)
    return True


def _given_up(refunds: Iterable["Refund"]) -> Mapping[str, Mapping[str, GivenUp]]:
    """What refunds say of each line, by its id; a refund may name a line more than once."""
    pieces: dict[str, Counter[tuple[str, bool]]] = defaultdict(Counter)
    for refund in refunds:
        for line in refund.lines:
            restocks = line.restock_type in RESTOCKING
            name = f"refund:{refund.id}" if restocks else f"refund:{refund.id}:kept"
            pieces[_line_id(refund.order_id, line.line_id)][name, restocks] += line.quantity
    return {
        line: {name: GivenUp(quantity, restocks) for (name, restocks), quantity in counted.items()}
        for line, counted in pieces.items()
    }


def _line_id(order_id: str, line_id: str) -> str:
    return f"{order_id}:{line_id}"
