"""The channels as the environment configures them, put together for whoever pushes or fetches."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from common.clock import utc_now
from common.config import ConfigurationError
from common.logging import logger
from etsy_sync.adapters.interface import Channel, NotConfigured
from etsy_sync.repositories.channel_links import CHANNELS, ChannelLink
from etsy_sync.repositories.etsy_tokens import etsy_connections
from etsy_sync.sync.comparing import Comparison, Progress
from etsy_sync.sync.pushing import Pusher

if TYPE_CHECKING:
    from etsy_sync.adapters.amazon.client import AmazonClient
    from etsy_sync.adapters.etsy.client import EtsyClient
    from etsy_sync.adapters.shopify.client import ShopifyClient

Purpose = Literal["sale", "routine"]


def is_configured(channel: str) -> bool:
    """Whether a channel's settings are complete; unusable ones are logged and count as missing."""
    try:
        if channel == "etsy":
            from etsy_sync.adapters.etsy.settings import EtsySettings

            settings = EtsySettings.from_environment()
            return settings.is_configured and settings.is_enabled
        if channel == "shopify":
            from etsy_sync.adapters.shopify.settings import ShopifySettings

            return ShopifySettings.from_environment().is_configured
        from etsy_sync.adapters.amazon.settings import AmazonSettings

        return AmazonSettings.from_environment().is_configured
    except ConfigurationError as error:
        logger().error("channel not configured", extra={"channel": channel, "reason": str(error)})
        return False


def enabled_channels() -> list[str]:
    """The channels that are configured."""
    return [channel for channel in CHANNELS if is_configured(channel)]


def etsy_shops() -> list[str]:
    """The connected shops that `ETSY_SHOP_IDS` allows; all connected ones where it names none."""
    from etsy_sync.adapters.etsy.settings import EtsySettings

    allowed = EtsySettings.from_environment().shop_ids
    return [each.shop_id for each in etsy_connections() if not allowed or each.shop_id in allowed]


def etsy_client(shop_id: str, *, purpose: Purpose = "sale") -> "EtsyClient":
    """The client of a connected shop; what it is for decides whether the reserve of calls is touched."""
    from etsy_sync.adapters.etsy.channel import etsy_channel

    return etsy_channel(shop_id, purpose=purpose).client


def shopify_client() -> "ShopifyClient":
    """The client of the Shopify shop."""
    from etsy_sync.adapters.shopify import channel

    return channel.shopify_client()


def amazon_client() -> "AmazonClient":
    """The client of the seller's account."""
    from etsy_sync.adapters.amazon.channel import amazon_channel

    return amazon_channel().client


def connect(link: ChannelLink, *, purpose: Purpose = "sale") -> Channel:
    """The channel of a link. Raises NotConfigured."""
    if not is_configured(link.channel):
        raise NotConfigured(f"{link.channel} is not configured")
    if link.channel == "etsy":
        from etsy_sync.adapters.etsy.channel import etsy_channel

        return etsy_channel(shop_of(link), purpose=purpose)
    if link.channel == "shopify":
        from etsy_sync.adapters.shopify.channel import shopify_channel

        return shopify_channel()
    from etsy_sync.adapters.amazon.channel import amazon_channel

    return amazon_channel()


def fetch_sales(link: ChannelLink) -> None:
    """Applies what the channel of a link has sold until now."""
    fetch_sales_of(link.channel, shop_of(link) if link.channel == "etsy" else "main", utc_now())


def fetch_sales_of(channel: str, shop: str, now: datetime, progress: Progress | None = None) -> Comparison:
    """Applies what a channel's shop has sold until now. Raises the channel's errors."""
    if channel == "etsy":
        from etsy_sync.inbound import etsy_receipts

        return etsy_receipts.fetch(etsy_client(shop), shop, now, progress)
    if channel == "shopify":
        from etsy_sync.inbound import shopify_orders

        return shopify_orders.fetch(shopify_client(), now, progress)
    from etsy_sync.inbound import amazon_orders

    return amazon_orders.fetch(amazon_client(), now, progress)


def fetch_returns(now: datetime) -> Comparison:
    """Books what came back to Amazon until now. Raises the channel's errors."""
    from etsy_sync.inbound import amazon_returns

    return amazon_returns.fetch(amazon_client(), now)


def pusher(*, purpose: Purpose = "sale") -> Pusher:
    """What tells the configured channels."""
    return Pusher(lambda link: connect(link, purpose=purpose), fetch_sales, utc_now)


def shop_of(link: ChannelLink) -> str:
    """The Etsy shop of a link: the listing's own, else the only connected one. Raises NotConfigured."""
    if shop_id := link.extra.get("shop_id"):
        return str(shop_id)
    shops = etsy_shops()
    if len(shops) != 1:
        raise NotConfigured(f"{len(shops)} Etsy shops are connected; the listing does not say which is its")
    return shops[0]
