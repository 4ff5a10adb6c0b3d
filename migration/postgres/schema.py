"""The 20 tables of the shop's PostgreSQL database, each after those that it refers to."""

from collections.abc import Mapping
from dataclasses import replace

from migration.postgres.columns import Column, Table
from migration.postgres.earlier import EARLIER, GIVEN_UP


def _text(name: str, size: int, **options: bool | str | None) -> Column:
    return _column(name, f"varchar({size})", **options)


def _money(name: str, **options: bool | str | None) -> Column:
    return _column(name, "numeric(10,2)", **options)


def _column(name: str, kind: str, **options: bool | str | None) -> Column:
    return Column(name, kind, **options)  # type: ignore[arg-type]


_ID = Column("id", "serial")
_CREATED = Column("created_at", "timestamp", default="now()")
_UPDATED = Column("updated_at", "timestamp", default="now()")
_DELETED = Column("deleted_at", "timestamp", null=True)
_KEPT = (_CREATED, _UPDATED)
_SOFT = (_CREATED, _UPDATED, _DELETED)


def _table(name: str, *columns: Column) -> Table:
    return Table(name, (_ID, *columns))


_CATALOGUE = (
    _table(
        "products",
        _text("slug", 255, unique=True),
        _text("title", 500),
        _text("short_description", 1000, null=True),
        _column("long_description", "text", null=True),
        _money("base_price", default="0"),
        _text("currency", 3, default="'EUR'"),
        _text("sku", 100, null=True, unique=True),
        _text("gtin", 50, null=True),
        _text("status", 20, default="'draft'"),
        _column("character_id", "int", null=True),
        _text("character_value", 255, null=True),
        _text("etsy_link", 500, null=True),
        *_SOFT,
    ),
    _table(
        "product_images",
        _column("product_id", "int", references="products"),
        _text("url", 1000),
        _text("alt_text", 500, null=True),
        _column("position", "int", default="0"),
        _CREATED,
    ),
    _table(
        "product_variants",
        _column("product_id", "int", references="products"),
        _text("sku", 100, unique=True),
        _text("name", 255),
        _column("attributes", "jsonb", null=True),
        _money("price_adjustment", default="0"),
        _column("stock", "int", default="0"),
        *_SOFT,
    ),
    _table(
        "categories",
        _text("name", 255),
        _text("slug", 255, unique=True),
        _column("description", "text", null=True),
        _column("parent_id", "int", null=True, references="categories"),
        *_SOFT,
    ),
    Table(
        "product_categories",
        (
            _column("productsId", "int", references="products", cascade=True),
            _column("categoriesId", "int", references="categories", cascade=True),
        ),
        primary_key=("productsId", "categoriesId"),
    ),
)

_SALES = (
    _table(
        "carts",
        _text("session_token", 255, unique=True),
        _column("user_id", "int", null=True),
        _text("discount_code", 50, null=True),
        _money("discount_amount", default="0"),
        *_KEPT,
    ),
    _table(
        "cart_items",
        _column("cart_id", "int", references="carts"),
        _column("product_id", "int"),
        _column("variant_id", "int", null=True),
        _column("quantity", "int", default="1"),
        *_KEPT,
    ),
    _table(
        "orders",
        _text("order_number", 50, unique=True),
        _column("user_id", "int", null=True),
        _text("customer_email", 255),
        _text("customer_name", 255),
        _money("subtotal", default="0"),
        _money("tax", default="0"),
        _money("discount", default="0"),
        _money("total", default="0"),
        _text("currency", 3, default="'EUR'"),
        _text("payment_status", 20, default="'pending'"),
        _text("payment_intent_id", 255, null=True),
        _text("payment_method", 50, null=True),
        _text("fulfillment_status", 20, default="'unfulfilled'"),
        _column("shipping_address", "jsonb", null=True),
        _column("billing_address", "jsonb", null=True),
        _column("notes", "text", null=True),
        *_SOFT,
    ),
    _table(
        "order_items",
        _column("order_id", "int", references="orders"),
        _column("product_id", "int", null=True),
        _column("variant_id", "int", null=True),
        _text("product_name", 500),
        _text("variant_name", 255, null=True),
        _text("sku", 100, null=True),
        _column("quantity", "int", default="1"),
        _money("unit_price"),
        _money("total_price"),
        _CREATED,
    ),
    _table(
        "notifications",
        _text("type", 50),
        _text("title", 500),
        _column("message", "text", null=True),
        _column("metadata", "jsonb", null=True),
        _column("is_read", "boolean", default="false"),
        _column("read_at", "timestamp", null=True),
        *_KEPT,
    ),
    _table(
        "audit_logs",
        _column("user_id", "int", null=True),
        _text("action", 100),
        _text("entity_type", 100),
        _column("entity_id", "int", null=True),
        _column("changes", "jsonb", null=True),
        _text("ip_address", 50, null=True),
        _CREATED,
    ),
    _table(
        "discount_codes",
        _text("code", 50, unique=True),
        _text("type", 20),
        _money("value"),
        _money("min_order_value", null=True),
        _column("max_uses", "int", null=True),
        _column("times_used", "int", default="0"),
        _column("valid_from", "timestamp", null=True),
        _column("valid_until", "timestamp", null=True),
        _column("is_active", "boolean", default="true"),
        *_SOFT,
    ),
)

_CHANNELS = (
    _table(
        "shopify_links",
        _column("local_product_id", "int"),
        _column("shopify_product_id", "bigint", unique=True),
        _column("last_synced_at", "timestamp", null=True),
        _text("sync_status", 50, default="'pending'"),
        *_SOFT,
    ),
    _table(
        "etsy_oauth_tokens",
        _text("shop_id", 100, unique=True),
        _column("access_token", "text"),
        _column("refresh_token", "text"),
        _text("token_type", 50, default="'Bearer'"),
        _column("expires_at", "timestamp"),
        _text("scope", 500, null=True),
        *_KEPT,
    ),
    _table(
        "etsy_sync_config",
        _text("shop_id", 100, unique=True),
        _column("last_product_sync", "timestamp", null=True),
        _column("last_inventory_sync", "timestamp", null=True),
        _text("sync_status", 50, default="'idle'"),
        _column("sync_error", "text", null=True),
        _column("rate_limit_remaining", "int", default="10000"),
        _column("rate_limit_reset_at", "timestamp", null=True),
        *_KEPT,
    ),
    _table(
        "etsy_products",
        _column("etsy_listing_id", "bigint", unique=True),
        _column("local_product_id", "int", null=True, references="products"),
        _text("title", 255),
        _column("description", "text", null=True),
        _money("price", null=True),
        _column("quantity", "int", default="0"),
        _text("sku", 255, null=True),
        _text("state", 50, null=True),
        _column("url", "text", null=True),
        _column("last_synced_at", "timestamp", null=True),
        _text("sync_status", 50, default="'pending'"),
        *_SOFT,
    ),
    _table(
        "etsy_inventory_sync_log",
        _column("etsy_listing_id", "bigint"),
        _column("local_variant_id", "int", null=True, references="product_variants"),
        _column("etsy_quantity", "int"),
        _column("local_quantity", "int"),
        _column("quantity_diff", "int"),
        _text("sync_action", 50),
        _text("sync_result", 50),
        _column("error_message", "text", null=True),
        _column("synced_at", "timestamp", default="now()"),
    ),
    _table(
        "etsy_receipts",
        _column("etsy_receipt_id", "bigint", unique=True),
        _column("local_order_id", "int", null=True, references="orders"),
        _text("shop_id", 100),
        _text("buyer_email", 255, null=True),
        _text("buyer_name", 255, null=True),
        _text("status", 50, null=True),
        _column("is_paid", "boolean", default="false"),
        _column("is_shipped", "boolean", default="false"),
        _money("grand_total", null=True),
        _money("subtotal", null=True),
        _money("total_shipping_cost", null=True),
        _money("total_tax_cost", null=True),
        _text("currency", 10, null=True),
        _text("payment_method", 100, null=True),
        _column("shipping_address", "text", null=True),
        _column("message_from_buyer", "text", null=True),
        _column("etsy_created_at", "timestamp"),
        _column("etsy_updated_at", "timestamp"),
        _column("last_synced_at", "timestamp", null=True),
        _text("sync_status", 50, default="'pending'"),
        *_SOFT,
    ),
)

_CONTENT = (
    _table(
        "personaggi",
        _text("name", 100),
        _column("description", "text", null=True),
        _text("icon", 500, null=True),
        _column("images", "json", null=True),
        _text("background_color", 50, default="'#E0E7FF'"),
        _text("background_type", 20, default="'solid'"),
        _text("gradient_from", 50, null=True),
        _text("gradient_to", 50, null=True),
        _text("background_image", 500, null=True),
        _column("order", "int", default="0"),
        *_SOFT,
    ),
    _table(
        "fumetti",
        _text("title", 200),
        _column("description", "text", null=True),
        _text("cover_image", 500, null=True),
        _column("pages", "json", null=True),
        _column("order", "int", default="0"),
        *_SOFT,
    ),
)

TABLES: Mapping[str, Table] = {
    table.name: replace(table, earlier=EARLIER.get(table.name, {}), given_up=GIVEN_UP.get(table.name, ()))
    for table in (*_CATALOGUE, *_SALES, *_CHANNELS, *_CONTENT)
}


def ddl(*, roomy: bool = False) -> str:
    """The statements that create all tables.

    `roomy` leaves out limits and all constraints but primary keys, and keeps JSON as text. Data of unknown
    origin loads into it unchanged, and what is wrong is found row by row. Its timestamps have a time zone,
    so that an offset in the data counts.
    """
    return "\n".join(table.ddl(roomy=roomy) for table in TABLES.values())
