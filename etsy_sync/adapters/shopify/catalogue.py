"""Links what the shop sells to the variants of the Shopify shop, by SKU."""

from collections import Counter, defaultdict
from datetime import datetime

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.errors import Conflict
from common.stock_levels import Stock, all_stock
from etsy_sync.adapters.runs import Progress, RunResult
from etsy_sync.adapters.shopify.client import ShopifyClient
from etsy_sync.adapters.shopify.products import Variant, all_variants
from etsy_sync.links.making import drop_vanished, link_sku
from etsy_sync.repositories.link_exclusions import excluded_from_linking
from etsy_sync.repositories.shopify_links import PRODUCT_LINKS, ShopifyLink

SHOPIFY = "shopify"


def link_shopify(client: ShopifyClient, now: datetime, progress: Progress | None = None) -> RunResult:
    """Reads every variant of the Shopify shop and links those whose SKU the shop has too.

    A SKU that several variants have is reported and not linked; a link whose inventory item is gone is
    dissolved. Raises the client's errors.
    """
    variants: dict[str, list[Variant]] = defaultdict(list)
    number = 0
    for number, variant in enumerate(all_variants(client), 1):
        variants[variant.sku].append(variant)
        if progress is not None and not number % 50:
            progress(number, None)
    result = RunResult(Counter(variants=number))
    targets = {each.inventory_item_id for found in variants.values() for each in found}
    linked, apart = drop_vanished(SHOPIFY, targets, result), excluded_from_linking(SHOPIFY)
    for sku, stock in all_stock().items():
        found = [each for each in variants.get(sku, []) if (each.inventory_item_id, sku) not in apart]
        if sku in linked or not found:
            continue
        if len(found) > 1:
            result.errors.append(f"SKU {sku} is on Shopify {len(found)} times; link by hand")
        elif not found[0].tracked:
            result.errors.append(f"SKU {sku}: Shopify does not count its stock")
        else:
            link_sku(SHOPIFY, found[0].inventory_item_id, stock, {"variant_id": found[0].id}, now, result)
            _link_product(found[0], stock, now)
    return result


def _link_product(variant: Variant, stock: Stock, now: datetime) -> None:
    shopify_product_id = int(variant.product_id)
    if stock.product_id is None or PRODUCT_LINKS.get(shopify_product_id) is not None:
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
            PRODUCT_LINKS.add(work, link)
    except Conflict:
        return
