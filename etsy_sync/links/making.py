"""Links of single SKUs to what a channel sells: made, and dissolved where what they led to is gone."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.errors import Conflict
from common.stock_levels import Stock
from common.stock_queue import announce
from etsy_sync.adapters.runs import RunResult
from etsy_sync.repositories.channel_links import ChannelLink, add_link, all_links, remove_link


def new_link(
    channel: str,
    target: str,
    sku: str,
    owner: tuple[int | None, int | None],
    extra: Mapping[str, Any],
    now: datetime,
) -> ChannelLink:
    """A link of a SKU of which the channel has been told nothing; `owner` is its product and variant."""
    moment = iso(now)
    product_id, variant_id = owner
    return ChannelLink(
        sku=sku,
        channel=channel,
        target=target,
        product_id=product_id,
        variant_id=variant_id,
        extra=extra,
        created_at=moment,
        updated_at=moment,
    )


def drop_vanished(channel: str, targets: Iterable[str], result: RunResult) -> set[str]:
    """The SKUs that are linked to targets that there are; the other links are dissolved."""
    present, linked = set(targets), set[str]()
    for link in all_links(channel):
        if link.target in present:
            linked.add(link.sku)
        else:
            remove_link(link)
            result.counts["vanished"] += 1
    return linked


def link_sku(
    channel: str,
    target: str,
    stock: Stock,
    extra: Mapping[str, Any],
    now: datetime,
    result: RunResult,
) -> None:
    """Links a SKU of which the channel is told at once; counts it, unless it is linked already."""
    owner = (stock.product_id, stock.variant_id)
    link = new_link(channel, target, stock.sku, owner, extra, now)
    try:
        with UnitOfWork() as work:
            add_link(work, link)
    except Conflict:
        # Another run has linked it since the links were read.
        return
    result.counts["linked"] += 1
    announce([stock.sku])
