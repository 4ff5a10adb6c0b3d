"""Links to Shopify and Amazon as the administrator's pages read them."""

from collections.abc import Iterable
from typing import Any

from etsy_sync.repositories.channel_links import ChannelLink


def shopify_link_json(link: ChannelLink) -> dict[str, Any]:
    """A link to an inventory item of Shopify; `shopify_variant_id` is Shopify's, `variant_id` the shop's."""
    return {
        "inventory_item_id": link.target,
        "shopify_variant_id": link.extra.get("variant_id"),
        **_shared(link),
    }


def amazon_link_json(link: ChannelLink) -> dict[str, Any]:
    """A link to a listing of the seller's; `is_fba` where Amazon keeps the pieces."""
    return {"seller_sku": link.target, "is_fba": link.is_kept_there, **_shared(link)}


def numbers_by_status(links: Iterable[ChannelLink]) -> dict[str, int]:
    """How many links there are of each status."""
    numbers: dict[str, int] = {}
    for link in links:
        numbers[link.sync_status] = numbers.get(link.sync_status, 0) + 1
    return numbers


def _shared(link: ChannelLink) -> dict[str, Any]:
    return {
        "sku": link.sku,
        "product_id": link.product_id,
        "variant_id": link.variant_id,
        "quantity": link.expected,
        "sync_status": link.sync_status,
        "sync_error": link.error,
        "last_synced_at": link.last_synced_at,
    }
