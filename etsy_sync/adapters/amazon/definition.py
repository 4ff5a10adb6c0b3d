"""Amazon as one of the shop's channels."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from etsy_sync.adapters.definition import MAIN, ChannelDefinition, Purpose

if TYPE_CHECKING:
    from etsy_sync.adapters.amazon.channel import AmazonChannel
    from etsy_sync.adapters.interface import Unreadable
    from etsy_sync.adapters.orders import ChannelOrder
    from etsy_sync.adapters.returns import ReturnsReport
    from etsy_sync.adapters.runs import Progress, RunResult
    from etsy_sync.stock.returns import Returned


def _is_configured() -> bool:
    from etsy_sync.adapters.amazon.settings import AmazonSettings

    return AmazonSettings.from_environment().is_configured


def _connect(_shop: str, _purpose: Purpose) -> "AmazonChannel":
    from etsy_sync.adapters.amazon.channel import amazon_channel

    return amazon_channel()


def _orders_since(shop: str, moment: datetime) -> "Iterator[ChannelOrder | Unreadable]":
    from etsy_sync.adapters.amazon.orders import orders_updated_since

    return orders_updated_since(_connect(shop, "sale").client, moment)


def _read_catalogue(shop: str, now: datetime, progress: "Progress | None") -> "RunResult":
    from etsy_sync.adapters.amazon.catalogue import link_amazon

    return link_amazon(_connect(shop, "routine").client, now, progress)


def _returned_since(kind: str, moment: datetime, pending: str | None) -> "ReturnsReport[Returned]":
    from etsy_sync.adapters.amazon.returns import read_returns

    return read_returns(_connect(MAIN, "routine").client, kind, moment, pending)


AMAZON = ChannelDefinition(
    name="amazon",
    is_configured=_is_configured,
    connect=_connect,
    orders_since=_orders_since,
    read_catalogue=_read_catalogue,
    return_kinds=("fba", "merchant"),
    returned_since=_returned_since,
    shows_late=True,
)
