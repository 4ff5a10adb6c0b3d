"""`shopify_links`: which product is which Shopify product."""

from etsy_sync.repositories.shopify_links import PRODUCT_LINKS, ShopifyLink
from migration.mapping.channels import KEPT_ID, SYNCHRONISED, channel_entity, named_by
from migration.schema.columns import Column, Table, whole

# An earlier schema's names are left out: there a row was of a product or of a variant, which today's is not.
TABLE = Table(
    "shopify_links",
    (
        KEPT_ID,
        whole("local_product_id", becomes="product_id", is_key=True),
        Column("shopify_product_id", "bigint", unique=True, is_key=True),
        *SYNCHRONISED,
    ),
    "SHOPIFY_LINK#{product of Shopify} / METADATA",
    fills_gaps=True,
)

SHOPIFY_LINKS = channel_entity(
    TABLE, named_by("SHOPIFY_LINK#"), lambda values, *_: PRODUCT_LINKS.item(ShopifyLink(**values))
)
