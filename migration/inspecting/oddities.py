"""What is odd about the rows of one shop, as questions to PostgreSQL: each names the rows it finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from common.currencies import without_decimals
from migration.findings import Finding, Kind

_HEADS = {"table": "entity", "what": "what", "rows": "count", "for example": "examples"}
# How much an oddity matters: nothing can be moved like this; to be looked at; good to know.
BLOCKING = Kind("blocking", "Blocking", _HEADS)
ATTENTION = Kind("attention", "Attention", _HEADS)
INFORMATION = Kind("information", "Information", _HEADS)


def oddity(kind: Kind, table: str, what: str, count: int, examples: Sequence[str] = ()) -> Finding:
    """Something odd about a table: how many rows it is true of, and up to ten of them as examples."""
    return Finding(kind, table, details={what: ""}, count=count, examples=examples)


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the database: `sql` gives one column `found` that names a row for people.

    It is asked where the tables have all columns that it `needs`; the first of them is what it is about.
    """

    kind: Kind
    what: str
    needs: Mapping[str, tuple[str, ...]]
    sql: str

    @property
    def table(self) -> str:
        """The table that it is about."""
        return next(iter(self.needs))


_WHOLE = ", ".join(f"'{code}'" for code in without_decimals())

QUESTIONS = (
    Question(
        ATTENTION,
        "prices finer than their currency; they are shown as they are and rounded when they are sold",
        {
            "products": ("base_price", "currency", "deleted_at"),
            "product_variants": ("product_id", "price_adjustment", "deleted_at"),
        },
        f"""SELECT DISTINCT p.id || ': ' || p.currency AS found
           FROM products p
           LEFT JOIN product_variants v ON v.product_id = p.id AND v.deleted_at IS NULL
           WHERE p.deleted_at IS NULL AND upper(btrim(p.currency)) IN ({_WHOLE})
             AND (p.base_price % 1 <> 0 OR v.price_adjustment % 1 <> 0)""",  # noqa: S608 - codes of our own
    ),
    Question(
        INFORMATION,
        "images of one product at the same position; they are shown in the order of position and id",
        {"product_images": ("product_id", "position")},
        """SELECT 'product ' || product_id || ', position ' || position || ': images '
               || string_agg(id::text, ', ' ORDER BY id) AS found
           FROM product_images GROUP BY product_id, position HAVING count(*) > 1""",
    ),
    Question(
        INFORMATION,
        "SKUs of a product that a variant has as well; each kind is unique for itself",
        {"products": ("sku", "deleted_at"), "product_variants": ("sku", "product_id", "deleted_at")},
        """SELECT p.sku || ': product ' || p.id || ', variant ' || v.id || ' of ' || v.product_id AS found
           FROM products p JOIN product_variants v ON v.sku = p.sku
           WHERE p.sku <> '' AND p.deleted_at IS NULL AND v.deleted_at IS NULL""",
    ),
    Question(
        ATTENTION,
        "stock below zero; it is moved as it is",
        {"product_variants": ("stock",)},
        "SELECT id || ': ' || stock AS found FROM product_variants WHERE stock < 0",
    ),
    Question(
        ATTENTION,
        "codes that differ only in case; the shop takes what is typed in any case, so the first keeps it",
        {"discount_codes": ("code", "deleted_at")},
        """SELECT string_agg(code || ' (' || id || ')', ', ' ORDER BY id) AS found
           FROM discount_codes WHERE deleted_at IS NULL
           GROUP BY upper(code) HAVING count(DISTINCT code) > 1""",
    ),
    Question(
        INFORMATION,
        "carts without items",
        {"carts": ("session_token",), "cart_items": ("cart_id",)},
        """SELECT c.id::text AS found FROM carts c
           WHERE NOT EXISTS (SELECT FROM cart_items i WHERE i.cart_id = c.id)""",
    ),
    Question(
        INFORMATION,
        "cart items without a variant",
        {"cart_items": ("variant_id",)},
        "SELECT id::text AS found FROM cart_items WHERE variant_id IS NULL",
    ),
    Question(
        INFORMATION,
        "cart items of a cart for the same thing; each is kept",
        {"cart_items": ("cart_id", "product_id", "variant_id")},
        """SELECT 'cart ' || cart_id || ': items ' || string_agg(id::text, ', ' ORDER BY id) AS found
           FROM cart_items GROUP BY cart_id, product_id, variant_id HAVING count(*) > 1""",
    ),
    Question(
        INFORMATION,
        "carts untouched for 30 days; they get 30 more from the day of the move",
        {"carts": ("updated_at",)},
        "SELECT id::text AS found FROM carts WHERE updated_at < now() - interval '30 days'",
    ),
    Question(
        INFORMATION,
        "notifications older than 90 days; they get 90 more from the day of the move",
        {"notifications": ("created_at",)},
        "SELECT id::text AS found FROM notifications WHERE created_at < now() - interval '90 days'",
    ),
    Question(
        INFORMATION,
        "audit entries older than 365 days; they get 365 more from the day of the move",
        {"audit_logs": ("created_at",)},
        "SELECT id::text AS found FROM audit_logs WHERE created_at < now() - interval '365 days'",
    ),
    Question(
        INFORMATION,
        "order numbers that are not made of the id; they are kept and found by an index entry of their own",
        {"orders": ("order_number",)},
        """SELECT id || ': ' || order_number AS found FROM orders WHERE order_number
               IS DISTINCT FROM 'ORD-' || lpad(id::text, greatest(8, length(id::text)), '0')""",
    ),
    Question(
        ATTENTION,
        "orders that were refunded in part; nobody says how much, so nothing of it counts as given back",
        {"orders": ("payment_status", "deleted_at")},
        """SELECT id::text AS found FROM orders
           WHERE deleted_at IS NULL AND lower(btrim(payment_status)) = 'partially_refunded'""",
    ),
    Question(
        INFORMATION,
        "totals that are not subtotal plus tax minus discount; they are moved as they are",
        {"orders": ("subtotal", "tax", "discount", "total")},
        """SELECT id || ': ' || subtotal || ' + ' || tax || ' - ' || discount || ' is not ' || total AS found
           FROM orders WHERE subtotal + tax - discount <> total""",
    ),
    Question(
        INFORMATION,
        "subtotals that are not the sum of the order's items; they are moved as they are",
        {"orders": ("subtotal",), "order_items": ("order_id", "total_price")},
        """SELECT o.id || ': ' || o.subtotal || ' is not ' || sum(i.total_price) AS found
           FROM orders o JOIN order_items i ON i.order_id = o.id
           GROUP BY o.id, o.subtotal HAVING sum(i.total_price) <> o.subtotal""",
    ),
    Question(
        INFORMATION,
        "orders without items",
        {"orders": ("order_number",), "order_items": ("order_id",)},
        """SELECT o.id::text AS found FROM orders o
           WHERE NOT EXISTS (SELECT FROM order_items i WHERE i.order_id = o.id)""",
    ),
    Question(
        INFORMATION,
        "prices of items that are not quantity times unit price; they are moved as they are",
        {"order_items": ("quantity", "unit_price", "total_price")},
        """SELECT id || ': ' || quantity || ' * ' || unit_price || ' is not ' || total_price AS found
           FROM order_items WHERE quantity * unit_price <> total_price""",
    ),
)
