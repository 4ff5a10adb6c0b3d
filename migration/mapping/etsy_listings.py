"""`etsy_products`: Etsy's listings and the products that they are linked to."""

from etsy_sync.repositories.etsy_listings import LISTINGS, EtsyListing
from migration.mapping.channels import KEPT_ID, SYNCHRONISED, channel_entity, named_by
from migration.schema.columns import Column, Table, long_text, money, text, whole

TABLE = Table(
    "etsy_products",
    (
        KEPT_ID,
        Column("etsy_listing_id", "bigint", unique=True, becomes="id", is_key=True),
        whole("local_product_id", null=True, references="products", becomes="product_id"),
        text("title", 255),
        long_text("description"),
        money("price", null=True),
        whole("quantity", default="0"),
        text("sku", 255, null=True),
        text("state", 50, null=True),
        long_text("url", is_address=True),
        *SYNCHRONISED,
    ),
    "ETSY_LISTING#{listing} / METADATA",
    fills_gaps=True,
)

ETSY_LISTINGS = channel_entity(
    TABLE, named_by("ETSY_LISTING#"), lambda values, *_: LISTINGS.item(EtsyListing(**values))
)
