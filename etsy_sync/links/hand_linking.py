"""Links of SKUs to Shopify and Amazon that an administrator makes and dissolves by hand."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from common.audit import Actor, record
from common.dynamodb import UnitOfWork
from common.errors import Conflict, InvalidInput, NotFound
from common.stock_levels import Stock, current_stock
from common.stock_queue import announce
from etsy_sync.links.making import new_link
from etsy_sync.repositories.channel_links import ChannelLink, add_link, links_of_sku, links_of_target
from etsy_sync.repositories.link_exclusions import allow_linking, exclude_from_linking

if TYPE_CHECKING:
    from etsy_sync.adapters.shopify.products import Variant

SHOPIFY, AMAZON = "shopify", "amazon"


def link_shopify_sku(
    sku: str, inventory_item_id: str, variant_id: str, actor: Actor, now: datetime
) -> ChannelLink:
    """Links a SKU to the Shopify variant that has it, named by either id where several have it.

    Raises NotFound, InvalidInput when it is not clear which variant is meant or Shopify does not count
    it, Conflict when it is linked already, and the channel's errors.
    """
    from etsy_sync.adapters.shopify.channel import shopify_client
    from etsy_sync.adapters.shopify.products import variants_by_sku

    stock = _counted(sku)
    found = variants_by_sku(shopify_client(), [sku])[sku]
    variant = _chosen(found, inventory_item_id, variant_id)
    extra = {"variant_id": variant.id}
    return _link(SHOPIFY, variant.inventory_item_id, stock, extra, actor, now)


def link_amazon_sku(sku: str, seller_sku: str, is_fba: bool, actor: Actor, now: datetime) -> ChannelLink:
    """Links a SKU to a listing of the seller's, by default the one of the same SKU.

    Where Amazon keeps the pieces, by its own word or `is_fba`, nothing is ever written there. Raises
    NotFound, Conflict when either is linked already, and the channel's errors.
    """
    from etsy_sync.adapters.amazon.channel import amazon_channel
    from etsy_sync.adapters.amazon.listings import listing

    stock, target = _counted(sku), seller_sku or sku
    if any(link.sku != sku for link in links_of_target(AMAZON, target)):
        raise Conflict(f"{target} is linked to another SKU already")
    found = listing(amazon_channel().client, target)
    if found is None:
        raise NotFound(f"Amazon has no listing of {target}")
    extra = {"is_fba": True} if is_fba or found.is_fba else {}
    return _link(AMAZON, target, stock, extra, actor, now)


def unlink_sku(channel: str, sku: str, target: str, actor: Actor, now: datetime) -> list[ChannelLink]:
    """Dissolves a SKU's links to a channel, or the one to `target` where it is given; answers them.

    What the channel shows stays as it is, and no job links it again. Raises NotFound.
    """
    found = [link for link in links_of_sku(sku) if link.channel == channel and target in {"", link.target}]
    if not found:
        raise NotFound(f"{sku} is not linked to {channel}")
    with UnitOfWork() as work:
        for link in found:
            work.delete(link.key)
            exclude_from_linking(work, channel, link.target, sku, now)
            _record(work, link, "DELETE", actor, now)
    return found


def _counted(sku: str) -> Stock:
    stock = current_stock([sku])[sku]
    if not stock.is_counted:
        raise NotFound(f"The shop has no SKU {sku}")
    return stock


def _chosen(found: Iterable["Variant"], inventory_item_id: str, variant_id: str) -> "Variant":
    wanted = [
        each
        for each in found
        if inventory_item_id in {"", each.inventory_item_id} and variant_id in {"", each.id}
    ]
    if not wanted:
        raise NotFound("Shopify has no such variant with this SKU")
    if len(wanted) > 1:
        items = ", ".join(each.inventory_item_id for each in wanted)
        raise InvalidInput.of_field("inventory_item_id", f"must be one of {items}")
    if not wanted[0].tracked:
        raise InvalidInput("Shopify does not count the stock of this variant")
    return wanted[0]


def _link(
    channel: str, target: str, stock: Stock, extra: Mapping[str, Any], actor: Actor, now: datetime
) -> ChannelLink:
    owner = (stock.product_id, stock.variant_id)
    link = new_link(channel, target, stock.sku, owner, extra, now)
    with UnitOfWork() as work:
        add_link(work, link)
        allow_linking(work, channel, target, stock.sku)
        _record(work, link, "CREATE", actor, now)
    announce([stock.sku])
    return link


def _record(work: UnitOfWork, link: ChannelLink, action: str, actor: Actor, now: datetime) -> None:
    record(
        work,
        actor=actor,
        action=action,
        entity_type="ChannelLink",
        entity_id=link.sku,
        now=now,
        metadata={"channel": link.channel, "target": link.target},
    )
