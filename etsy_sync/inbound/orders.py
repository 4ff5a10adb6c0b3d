"""What channels sold: each order read from its channel, because of a webhook or because it changed.

Whoever is first takes it; the others find nothing to do. The movement of each line makes it count once.
"""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from common import once
from common.stock_queue import announce
from etsy_sync.adapters.definition import ChannelDefinition
from etsy_sync.adapters.interface import Rejected
from etsy_sync.adapters.orders import ChannelOrder, Notice
from etsy_sync.adapters.runs import Progress, RunResult
from etsy_sync.inbound.sales import TakenOrder, take_sale
from etsy_sync.inbound.windows import Shop, begin, note_failure, sales_since, take_all
from etsy_sync.repositories.channel_events import DONE
from etsy_sync.repositories.channel_links import links_of_target

Handled = Literal["taken", "repeated", "ignored"]


def fetch(
    channel: ChannelDefinition,
    shop: str,
    now: datetime,
    progress: Progress | None = None,
    *,
    since: datetime | None = None,
) -> RunResult:
    """Takes every order of a shop that was made or changed since the last complete run.

    `since` begins there instead; the first run begins a day ago. Counts `taken`, `ignored` (of which the
    shop's stock serves nothing), `failed`. Raises what the channel's calls raise: what was read until then
    is taken, and the next run begins where this did.
    """
    run = begin(Shop(channel.name, shop, channel.order_kind), now, since)

    def take(order: ChannelOrder) -> str:
        if not order.is_ours:
            return "ignored"
        take_order(channel, shop, order, now, since=run.sales_since)
        return "taken"

    return take_all(run, channel.orders_since(shop, run.since), take, lambda order: order.id, progress)


def take_order(
    channel: ChannelDefinition,
    shop: str,
    order: ChannelOrder,
    now: datetime,
    *,
    since: datetime | None = None,
) -> TakenOrder:
    """Takes an order as it was read: the stock first, then the shop's order, then what is kept besides.

    Raises StaleVersion or TransactionBusy when others kept changing the same; then take it again.
    """
    taken = take_sale(order, now, since=since)
    if channel.keep_order is not None:
        channel.keep_order(order, shop, taken.order.id if taken.order else None, now)
    return taken


def handle(notice: Notice, channel: ChannelDefinition, now: datetime) -> Handled:
    """Reads the order that a webhook names and takes it, or announces the SKUs of a target.

    Raises what the channel's calls raise, StaleVersion and TransactionBusy: then the event is not done
    with, and has to come again.
    """
    mark = DONE.of(channel.name, notice.id)
    if once.found(mark, now):
        return "repeated"
    if not _take(notice, channel, now):
        return "ignored"
    once.is_first(mark, now)
    return "taken"


def _take(notice: Notice, channel: ChannelDefinition, now: datetime) -> bool:
    if notice.target is not None:
        announce(link.sku for link in links_of_target(channel.name, notice.target))
        return True
    return notice.order_id is not None and _take_named(notice, notice.order_id, channel, now)


def _take_named(notice: Notice, order_id: str, channel: ChannelDefinition, now: datetime) -> bool:
    """Whether the order that a webhook names takes anything of the shop's stock."""
    order = channel.find_order(notice.shop, order_id) if channel.find_order else None
    if order is None:
        missing = Rejected("not_found", f"{channel.name} does not give the order {order_id}")
        note_failure(Shop(channel.name, notice.shop, channel.order_kind), order_id, missing, now)
        return True
    if not order.is_ours:
        return False
    order = replace(order, is_delivered=order.is_delivered or notice.is_delivered)
    take_order(channel, notice.shop, order, now, since=sales_since(channel.name, notice.shop))
    return True
