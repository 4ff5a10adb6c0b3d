"""The 20 tables of the shop's PostgreSQL database, each after those that it refers to."""

from collections.abc import Mapping

from migration.mapping import (
    audit,
    carts,
    categories,
    content,
    discounts,
    etsy_listings,
    etsy_receipts,
    etsy_sync,
    etsy_tokens,
    notifications,
    orders,
    products,
    shopify_links,
    sync_log,
)
from migration.schema.columns import Table

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        products.TABLE,
        products.IMAGES,
        products.VARIANTS,
        categories.TABLE,
        products.LINKS,
        carts.TABLE,
        carts.ITEMS,
        orders.TABLE,
        orders.LINES,
        notifications.TABLE,
        audit.TABLE,
        discounts.TABLE,
        shopify_links.TABLE,
        etsy_tokens.TABLE,
        etsy_sync.TABLE,
        etsy_listings.TABLE,
        sync_log.TABLE,
        etsy_receipts.TABLE,
        content.PERSONAGGI_TABLE,
        content.FUMETTI_TABLE,
    )
}


def ddl(*, roomy: bool = False) -> str:
    """The statements that create all tables.

    `roomy` leaves out limits and all constraints but primary keys, and keeps JSON as text. Data of unknown
    origin loads into it unchanged, and what is wrong is found row by row. Its timestamps have a time zone,
    so that an offset in the data counts.
    """
    return "\n".join(table.ddl(roomy=roomy) for table in TABLES.values())
