"""`etsy_receipts`: orders that were placed on Etsy."""

from etsy_sync.repositories.etsy_receipts import RECEIPTS, EtsyReceipt
from migration.mapping.channels import KEPT_ID, SYNCHRONISED, channel_entity, named_by
from migration.schema.columns import Column, Table, flag, long_text, moment, money, text, whole

TABLE = Table(
    "etsy_receipts",
    (
        KEPT_ID,
        Column("etsy_receipt_id", "bigint", unique=True, becomes="id", is_key=True),
        whole("local_order_id", null=True, references="orders", becomes="order_id"),
        text("shop_id", 100),
        text("buyer_email", 255, null=True),
        text("buyer_name", 255, null=True),
        text("status", 50, null=True),
        flag("is_paid", default="false"),
        flag("is_shipped", default="false"),
        money("grand_total", null=True),
        money("subtotal", null=True),
        money("total_shipping_cost", null=True),
        money("total_tax_cost", null=True),
        text("currency", 10, null=True),
        text("payment_method", 100, null=True),
        long_text("shipping_address"),
        long_text("message_from_buyer"),
        moment("etsy_created_at"),
        moment("etsy_updated_at"),
        *SYNCHRONISED,
    ),
    "ETSY_RECEIPT#{receipt} / METADATA",
    fills_gaps=True,
)

ETSY_RECEIPTS = channel_entity(
    TABLE, named_by("ETSY_RECEIPT#"), lambda values, *_: RECEIPTS.item(EtsyReceipt(**values))
)
