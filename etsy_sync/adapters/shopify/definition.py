"""Shopify as one of the shop's channels."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from common.errors import Unauthenticated
from etsy_sync.adapters.definition import MAIN, ChannelDefinition, Purpose

if TYPE_CHECKING:
    from etsy_sync.adapters.interface import Unreadable
    from etsy_sync.adapters.orders import ChannelOrder, Notice
    from etsy_sync.adapters.runs import Progress, RunResult
    from etsy_sync.adapters.shopify.channel import ShopifyChannel


def _is_configured() -> bool:
    from etsy_sync.adapters.shopify.settings import ShopifySettings

    return ShopifySettings.from_environment().is_configured


def _connect(_shop: str, _purpose: Purpose) -> "ShopifyChannel":
    from etsy_sync.adapters.shopify.channel import shopify_channel

    return shopify_channel()


def _orders_since(_shop: str, moment: datetime) -> "Iterator[ChannelOrder | Unreadable]":
    from etsy_sync.adapters.shopify.channel import shopify_client
    from etsy_sync.adapters.shopify.orders import orders_updated_since

    return orders_updated_since(shopify_client(), moment)


def _find_order(_shop: str, order_id: str) -> "ChannelOrder | None":
    from etsy_sync.adapters.shopify.channel import shopify_client
    from etsy_sync.adapters.shopify.orders import find_order

    return find_order(shopify_client(), order_id)


def _read_notice(headers: Mapping[str, str], body: bytes, _now: datetime) -> "Notice":
    from etsy_sync.adapters.shopify.settings import ShopifySettings
    from etsy_sync.adapters.shopify.webhooks import read_notice

    settings = ShopifySettings.from_environment()
    notice = read_notice(headers, body, settings.webhook_secrets)
    if notice.shop != settings.shop_domain:
        # One app may be installed in several shops, whose webhooks are signed alike.
        raise Unauthenticated("The webhook is another shop's")
    return replace(notice, shop=MAIN)


def _read_catalogue(_shop: str, now: datetime, progress: "Progress | None") -> "RunResult":
    from etsy_sync.adapters.shopify.catalogue import link_shopify
    from etsy_sync.adapters.shopify.channel import shopify_client

    return link_shopify(shopify_client(), now, progress)


SHOPIFY = ChannelDefinition(
    name="shopify",
    is_configured=_is_configured,
    connect=_connect,
    orders_since=_orders_since,
    read_catalogue=_read_catalogue,
    find_order=_find_order,
    read_notice=_read_notice,
)
