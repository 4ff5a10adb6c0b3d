"""What the rows of each PostgreSQL table become, for people: partition key / sort key."""

from collections.abc import Mapping

DESTINATIONS: Mapping[str, str] = {
    "products": "PRODUCT#{id} / METADATA and LISTING; markers of slug and SKU",
    "product_images": "in the METADATA row of the product",
    "product_variants": "in the METADATA row of the product, stock in LISTING; VARIANT#{id}; marker of SKU",
    "categories": "CATEGORY#{id} / METADATA; marker of slug",
    "product_categories": "PRODUCT#{p} / CATEGORY#{c} and CATEGORY#{c} / PRODUCT#{p}",
    "carts": "CART#{session} / METADATA",
    "cart_items": "in the row of the cart",
    "orders": "ORDER#{id} / METADATA and DETAILS",
    "order_items": "in the DETAILS row of the order",
    "notifications": "NOTIFICATION#{id} / METADATA",
    "audit_logs": "AUDIT#{day}#{id} / METADATA",
    "discount_codes": "DISCOUNT#{id} / METADATA; marker of the code in capitals",
    "shopify_links": "SHOPIFY_LINK#{product of Shopify} / METADATA",
    "etsy_oauth_tokens": "ETSY_TOKEN#{shop} / METADATA, the tokens encrypted",
    "etsy_sync_config": "ETSY_SYNC#{shop} / METADATA",
    "etsy_products": "ETSY_LISTING#{listing} / METADATA",
    "etsy_inventory_sync_log": "SYNC_LOG#{id} / METADATA",
    "etsy_receipts": "ETSY_RECEIPT#{receipt} / METADATA",
    "personaggi": "PERSONAGGIO#{id} / METADATA",
    "fumetti": "FUMETTO#{id} / METADATA",
}
