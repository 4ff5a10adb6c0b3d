"""Every channel that the shop sells on besides its own page: the one place that lists them."""

from collections.abc import Mapping

from etsy_sync.adapters.amazon.definition import AMAZON
from etsy_sync.adapters.definition import ChannelDefinition
from etsy_sync.adapters.etsy.definition import ETSY
from etsy_sync.adapters.shopify.definition import SHOPIFY

CHANNELS: Mapping[str, ChannelDefinition] = {each.name: each for each in (ETSY, SHOPIFY, AMAZON)}
