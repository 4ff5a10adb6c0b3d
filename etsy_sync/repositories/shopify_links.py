"""Which product of the shop is which Shopify product.

A row is found by Shopify's id, which belongs to one product only; GSI1 leads from the shop's product to
its links, GSI2 holds all of them. A dissolved link is kept with `deleted_at` and is in no index.
"""

from dataclasses import dataclass, replace
from typing import Any

from common.dynamodb import Item, Key, Query, UnitOfWork, attr, fetch_all, get_item, index_keys
from common.optimistic import StaleVersion
from etsy_sync.repositories.changed_rows import change_row

PENDING = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopifyLink:
    """`product_id` of the shop is `shopify_product_id` there; times in ISO 8601 UTC.

    `legacy_id` is the id of its row in the old database.
    """

    shopify_product_id: int
    product_id: int
    created_at: str
    updated_at: str
    last_synced_at: str | None = None
    sync_status: str = PENDING
    deleted_at: str | None = None
    legacy_id: int | None = None
    version: int = 1


_FIELDS = tuple(ShopifyLink.__dataclass_fields__)


def link_key(shopify_product_id: int) -> Key:
    """The key of the link of a Shopify product."""
    return f"SHOPIFY_LINK#{shopify_product_id}", "METADATA"


def link_item(link: ShopifyLink) -> Item:
    """The row of a link, without index keys while it is dissolved; fields that are None are not stored."""
    pk, sk = link_key(link.shopify_product_id)
    position = f"{link.shopify_product_id:020d}"
    indexed = {
        **index_keys("GSI1", f"SHOPIFY_PRODUCT#{link.product_id}", position),
        **index_keys("GSI2", "SHOPIFY_LINK", position),
    }
    values = {name: getattr(link, name) for name in _FIELDS}
    stored = {name: value for name, value in values.items() if value is not None}
    return {"PK": pk, "SK": sk, **({} if link.deleted_at is not None else indexed), **stored}


def link_from_item(item: Item) -> ShopifyLink:
    """The link that a row holds."""
    values: dict[str, Any] = {name: item[name] for name in _FIELDS if name in item}
    return ShopifyLink(**values)


def link_of_shopify_product(shopify_product_id: int) -> ShopifyLink | None:
    """The link of a Shopify product, a dissolved one included, by one consistent read."""
    item = get_item(link_key(shopify_product_id), consistent=True)
    return link_from_item(item) if item else None


def links_of_product(product_id: int) -> list[ShopifyLink]:
    """The links of a product of the shop, by one query of GSI1 (eventually consistent)."""
    return [link_from_item(item) for item in fetch_all(Query(f"SHOPIFY_PRODUCT#{product_id}", index="GSI1"))]


def all_links() -> list[ShopifyLink]:
    """Every link that is not dissolved, by one query of GSI2 (eventually consistent)."""
    return [link_from_item(item) for item in fetch_all(Query("SHOPIFY_LINK", index="GSI2"))]


def add_link(work: UnitOfWork, link: ShopifyLink) -> None:
    """Writes the first link of a Shopify product."""
    # Stops two administrators from each giving one Shopify product to another product of the shop.
    work.put(link_item(link), condition=attr("PK").missing(), failed=StaleVersion("Link"))


def change_link(work: UnitOfWork, before: ShopifyLink, after: ShopifyLink) -> ShopifyLink:
    """Writes what differs between a link as it was read and `after`, which is returned as stored.

    Dissolving is setting `deleted_at`, linking again is clearing it. StaleVersion at the commit.
    """
    stored = replace(after, version=before.version + 1)
    change_row(work, link_item(before), link_item(stored), "Link")
    return stored
