"""Which product of the shop is which Shopify product.

A row is found by Shopify's id, which belongs to one product only; GSI1 leads from the shop's product to
its links, GSI2 holds all of them. A dissolved link is kept with `deleted_at` and is in no index.
"""

from dataclasses import dataclass

from common import prefixes
from common.dynamodb import Index
from common.dynamodb.rows import Rows

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


_OF_PRODUCT = Index[ShopifyLink](
    "GSI1", prefixes.SHOPIFY_PRODUCT + "#{product_id}", "{shopify_product_id:020d}"
)
_ALL = Index[ShopifyLink]("GSI2", prefixes.SHOPIFY_LINK, "{shopify_product_id:020d}")

PRODUCT_LINKS = Rows(
    ShopifyLink,
    "Link",
    key=prefixes.SHOPIFY_LINK + "#{shopify_product_id}",
    indexes=(_OF_PRODUCT, _ALL),
    # Two administrators may each want to give one Shopify product to another product of the shop.
    rereads=True,
)


def links_of_product(product_id: int) -> list[ShopifyLink]:
    """The links of a product of the shop, by one query of GSI1 (eventually consistent)."""
    return PRODUCT_LINKS.all(_OF_PRODUCT.query(product_id=product_id))


def all_links() -> list[ShopifyLink]:
    """Every link that is not dissolved, by one query of GSI2 (eventually consistent)."""
    return PRODUCT_LINKS.all(_ALL.query())
