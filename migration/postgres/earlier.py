"""What columns were called in an earlier schema of the shop's, of which a database may still be.

The links to Shopify are left out: there a row was of a product or of a variant, which today's cannot say.
"""

from collections.abc import Mapping

from migration.postgres.columns import Column

# The earlier name and the one of today, by table.
EARLIER: Mapping[str, Mapping[str, str]] = {
    "discount_codes": {
        "min_purchase": "min_order_value",
        "used_count": "times_used",
        "starts_at": "valid_from",
        "expires_at": "valid_until",
        "active": "is_active",
    },
    "notifications": {"payload": "metadata"},
    "audit_logs": {"actor": "user_id", "diff": "changes"},
    "product_categories": {"product_id": "productsId", "category_id": "categoriesId"},
}

# Columns without a successor, of which the shop has a use.
GIVEN_UP: Mapping[str, tuple[Column, ...]] = {
    "carts": (Column("expires_at", "timestamp", null=True),),
    "notifications": (Column("severity", "varchar(20)", null=True),),
}
