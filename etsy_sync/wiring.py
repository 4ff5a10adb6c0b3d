"""The channels as the environment configures them, put together for whoever pushes or fetches."""

from datetime import datetime

from common.clock import utc_now
from common.config import ConfigurationError
from common.logging import logger
from etsy_sync.adapters.definition import ChannelDefinition, Purpose
from etsy_sync.adapters.interface import Channel, NotConfigured
from etsy_sync.adapters.registry import CHANNELS
from etsy_sync.adapters.runs import Progress, RunResult
from etsy_sync.repositories.channel_links import ChannelLink
from etsy_sync.sync.pushing import Pusher


def is_configured(channel: ChannelDefinition) -> bool:
    """Whether a channel's settings are complete; unusable ones are logged and count as missing."""
    try:
        return channel.is_configured()
    except ConfigurationError as error:
        logger().error("channel not configured", extra={"channel": channel.name, "reason": str(error)})
        return False


def enabled_channels() -> list[ChannelDefinition]:
    """The channels that are configured."""
    return [channel for channel in CHANNELS.values() if is_configured(channel)]


def connect(link: ChannelLink, *, purpose: Purpose = "sale") -> Channel:
    """The channel of a link; what it is for decides which calls are kept back. Raises NotConfigured."""
    channel = CHANNELS[link.channel]
    if not is_configured(channel):
        raise NotConfigured(f"{channel.name} is not configured")
    return channel.connect(channel.shop_of(link), purpose)


def fetch_sales(link: ChannelLink) -> None:
    """Applies what the channel of a link has sold until now."""
    channel = CHANNELS[link.channel]
    fetch_sales_of(channel, channel.shop_of(link), utc_now())


def fetch_sales_of(
    channel: ChannelDefinition, shop: str, now: datetime, progress: Progress | None = None
) -> RunResult:
    """Applies what a channel's shop has sold until now. Raises the channel's errors."""
    from etsy_sync.inbound.orders import fetch

    return fetch(channel, shop, now, progress)


def pusher(*, purpose: Purpose = "sale") -> Pusher:
    """What tells the configured channels."""
    return Pusher(lambda link: connect(link, purpose=purpose), fetch_sales, utc_now)
