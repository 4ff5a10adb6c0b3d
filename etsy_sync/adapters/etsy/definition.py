"""Etsy as one of the shop's channels."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from etsy_sync.adapters.definition import ChannelDefinition, Purpose
from etsy_sync.repositories.channel_links import ChannelLink
from etsy_sync.repositories.etsy_tokens import etsy_connections

if TYPE_CHECKING:
    from etsy_sync.adapters.etsy.channel import EtsyChannel
    from etsy_sync.adapters.interface import Unreadable
    from etsy_sync.adapters.orders import ChannelOrder, Notice
    from etsy_sync.adapters.runs import Progress, RunResult


def _is_configured() -> bool:
    from etsy_sync.adapters.etsy.settings import EtsySettings

    settings = EtsySettings.from_environment()
    return settings.is_configured and settings.is_enabled


def _shops() -> list[str]:
    """The connected shops that `ETSY_SHOP_IDS` allows; all connected ones where it names none."""
    from etsy_sync.adapters.etsy.settings import EtsySettings

    allowed = EtsySettings.from_environment().shop_ids
    return [each.shop_id for each in etsy_connections() if not allowed or each.shop_id in allowed]


def _shop_of(link: ChannelLink) -> str:
    """The listing's own shop, else the only connected one."""
    from etsy_sync.adapters.interface import NotConfigured

    if shop_id := link.extra.get("shop_id"):
        return str(shop_id)
    shops = _shops()
    if len(shops) != 1:
        raise NotConfigured(f"{len(shops)} Etsy shops are connected; the listing does not say which is its")
    return shops[0]


def _connect(shop: str, purpose: Purpose) -> "EtsyChannel":
    from etsy_sync.adapters.etsy.channel import etsy_channel

    return etsy_channel(shop, purpose=purpose)


def _orders_since(shop: str, moment: datetime) -> "Iterator[ChannelOrder | Unreadable]":
    from etsy_sync.adapters.etsy.orders import orders_since

    return orders_since(_connect(shop, "sale").client, moment)


def _find_order(shop: str, order_id: str) -> "ChannelOrder":
    from etsy_sync.adapters.etsy.orders import find_order

    return find_order(_connect(shop, "sale").client, order_id)


def _read_notice(headers: Mapping[str, str], body: bytes, now: datetime) -> "Notice":
    from etsy_sync.adapters.etsy.settings import EtsySettings
    from etsy_sync.adapters.etsy.webhooks import read_notice

    return read_notice(headers, body, EtsySettings.from_environment().webhook_secret, now)


def _keep_order(order: "ChannelOrder", shop: str, local_id: int | None, now: datetime) -> None:
    from etsy_sync.adapters.etsy.receipt_rows import keep_receipt

    keep_receipt(order, shop, local_id, now)


def _read_catalogue(shop: str, now: datetime, progress: "Progress | None") -> "RunResult":
    from etsy_sync.adapters.etsy.catalogue import fetch_listings

    return fetch_listings(_connect(shop, "routine").client, now, progress)


def _refresh_tokens(now: datetime) -> "RunResult":
    from etsy_sync.adapters.etsy.tokens import refresh_due
    from etsy_sync.adapters.runs import RunResult

    results = refresh_due(now)
    errors = [f"shop {each.shop_id}: {each.error}" for each in results if each.error]
    return RunResult(Counter(each.outcome for each in results), errors)


ETSY = ChannelDefinition(
    name="etsy",
    is_configured=_is_configured,
    connect=_connect,
    orders_since=_orders_since,
    read_catalogue=_read_catalogue,
    order_kind="receipt",
    shops=_shops,
    shop_of=_shop_of,
    find_order=_find_order,
    read_notice=_read_notice,
    keep_order=_keep_order,
    refresh_tokens=_refresh_tokens,
    largest_quantity=999,
    has_numeric_targets=True,
)
