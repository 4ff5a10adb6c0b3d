"""Links what the shop sells to what Shopify and Amazon sell, by SKU."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.errors import Conflict
from common.repositories.sku_stock import every_sku_row
from common.stock_levels import Stock, all_stock
from common.stock_queue import announce
from etsy_sync.links.etsy_linking import new_link
from etsy_sync.repositories.channel_links import add_link, all_links, remove_link
from etsy_sync.repositories.kept_apart import kept_apart
from etsy_sync.repositories.shopify_links import ShopifyLink, link_of_shopify_product
from etsy_sync.repositories.shopify_links import add_link as add_product_link
from etsy_sync.sync.comparing import Comparison, Progress

if TYPE_CHECKING:
    from etsy_sync.adapters.amazon.client import AmazonClient
    from etsy_sync.adapters.shopify.client import ShopifyClient
    from etsy_sync.adapters.shopify.products import Variant

SHOPIFY, AMAZON = "shopify", "amazon"


def link_shopify(client: "ShopifyClient", now: datetime, progress: Progress | None = None) -> Comparison:
    """Reads every variant of the Shopify shop and links those whose SKU the shop has too.

    A SKU that several variants have is reported and not linked; a link whose inventory item is gone is
    dissolved. Raises the client's errors.
    """
    from etsy_sync.adapters.shopify.products import all_variants

    variants: dict[str, list[Variant]] = defaultdict(list)
    number = 0
    for number, variant in enumerate(all_variants(client), 1):
        variants[variant.sku].append(variant)
        if progress is not None and not number % 50:
            progress(number, None)
    comparison = Comparison(Counter(variants=number))
    targets = {each.inventory_item_id for found in variants.values() for each in found}
    linked, apart = _still_there(SHOPIFY, targets, comparison), kept_apart(SHOPIFY)
    for sku, stock in all_stock().items():
        found = [each for each in variants.get(sku, []) if (each.inventory_item_id, sku) not in apart]
        if sku in linked or not found:
            continue
        if len(found) > 1:
            comparison.errors.append(f"SKU {sku} is on Shopify {len(found)} times; link by hand")
        elif not found[0].tracked:
            comparison.errors.append(f"SKU {sku}: Shopify does not count its stock")
        else:
            _link(SHOPIFY, found[0].inventory_item_id, stock, {"variant_id": found[0].id}, now, comparison)
            _link_product(found[0], stock, now)
    return comparison


def link_amazon(client: "AmazonClient", now: datetime, progress: Progress | None = None) -> Comparison:
    """Links each SKU that is mapped to an ASIN and that the seller lists under that SKU.

    One call for each twenty SKUs that are mapped and not linked. What Amazon keeps in its own stores is
    linked as such, and its quantity never written. Raises the client's errors.
    """
    from etsy_sync.adapters.amazon.listings import listings

    linked = {link.sku for link in all_links(AMAZON)}
    linked |= {sku for target, sku in kept_apart(AMAZON) if target == sku}
    mapped = [row.sku for row in every_sku_row() if row.asin and row.sku not in linked]
    stocks = all_stock()
    comparison = Comparison(Counter(mapped=len(mapped)))
    found = {shown.sku: shown for shown in listings(client, mapped)}
    for number, sku in enumerate(mapped):
        shown = found.get(sku)
        if shown is None:
            comparison.errors.append(f"SKU {sku} is mapped to an ASIN, but Amazon has no listing of it")
        else:
            extra = {"is_fba": True} if shown.is_fba else {}
            _link(AMAZON, sku, stocks[sku], extra, now, comparison)
        if progress is not None:
            progress(number + 1, len(mapped))
    return comparison


def _still_there(channel: str, targets: Iterable[str], comparison: Comparison) -> set[str]:
    """The SKUs that are linked to targets that there are; the other links are dissolved."""
    present, linked = set(targets), set[str]()
    for link in all_links(channel):
        if link.target in present:
            linked.add(link.sku)
        else:
            remove_link(link)
            comparison.counts["vanished"] += 1
    return linked


def _link(
    channel: str,
    target: str,
    stock: Stock,
    extra: Mapping[str, Any],
    now: datetime,
    comparison: Comparison,
) -> None:
    owner = (stock.product_id, stock.variant_id)
    link = new_link(channel, target, stock.sku, owner, extra, now)
    try:
        with UnitOfWork() as work:
            add_link(work, link)
    except Conflict:
        # Another run has linked it since the links were read.
        return
    comparison.counts["linked"] += 1
    announce([stock.sku])


def _link_product(variant: "Variant", stock: Stock, now: datetime) -> None:
    shopify_product_id = int(variant.product_id)
    if stock.product_id is None or link_of_shopify_product(shopify_product_id) is not None:
        return
    moment = iso(now)
    link = ShopifyLink(
        shopify_product_id=shopify_product_id,
        product_id=stock.product_id,
        created_at=moment,
        updated_at=moment,
    )
    try:
        with UnitOfWork() as work:
            add_product_link(work, link)
    except Conflict:
        return
