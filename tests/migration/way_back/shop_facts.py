"""What a shop and the old database each say of the same things, read by ways that share nothing.

The shop's side is read by its repositories and from its rows, the database's by plain SQL. What a report
of the way back lists as held otherwise is left out of both.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from common.dynamodb import Item
from common.repositories.categories import all_categories
from common.repositories.orders import all_orders, details_of
from common.repositories.personaggi import PERSONAGGI
from common.repositories.products import product_by_id
from content.repositories.fumetti import FUMETTI
from migration.reports import Report
from orders.repositories.discounts import all_discounts
from tests.migration.moves import Move, table_items

Facts = dict[str, Any]
_OTHERWISE = "What PostgreSQL holds otherwise"
# What the awkward rows write in another way than the shop, which gives it back like that.
_WORDS = {"Archived ": "archived", " Succeeded": "paid", "DELIVERED": "fulfilled"}


def facts_of_shop(move: Move, report: Report) -> Facts:
    """What the shop says."""
    items = table_items()
    numbers = sorted(it["id"] for it in items if it["PK"].startswith("PRODUCT#") and it["SK"] == "METADATA")
    products = [product for number in numbers if (product := product_by_id(number)) is not None]
    facts = {
        "products": {it.id: (it.slug, it.title, it.base_price, it.sku, it.status) for it in products},
        "deleted products": {it.id for it in products if it.deleted_at},
        "product_variants": {v.id: (v.sku, v.name, v.stock) for it in products for v in it.variants},
        "product_images": {
            image.id: (it.id, image.key, image.position) for it in products for image in it.images
        },
        "categories": {it.id: (it.slug, it.name, it.parent_id) for it in all_categories()},
        "discount_codes": {
            it.id: (it.code, it.discount_type, it.discount_value, it.is_active) for it in all_discounts()
        },
        "orders": {
            it.id: (it.order_number, it.total, it.payment_status, it.fulfillment_status)
            for it in all_orders()
        },
        "order_items": Counter(
            (it.id, line.product_name, line.sku, line.quantity, line.total_price)
            for it in all_orders()
            for line in getattr(details_of(it.id), "lines", ())
        ),
        "personaggi": {it.id: (it.name, it.order) for it in (*PERSONAGGI.live(), *PERSONAGGI.deleted())},
        "fumetti": {it.id: (it.title, it.order) for it in (*FUMETTI.live(), *FUMETTI.deleted())},
        "carts": {_session(item): _quantities(item) for item in items if item["PK"].startswith("CART#")},
        "notifications": Counter(
            (it["type"], it["title"], it["is_read"]) for it in items if it["PK"].startswith("NOTIFICATION#")
        ),
        "audit_logs": Counter(
            (it["action"], it["entity_type"]) for it in items if it["PK"].startswith("AUDIT#")
        ),
    }
    return _comparable(facts, move, report)


def facts_of_database(move: Move, report: Report) -> Facts:
    """What the database says."""
    facts: Facts = {
        "products": _by_id(move, "SELECT id, slug, title, base_price, sku, status FROM products"),
        "deleted products": {
            number for (number,) in move.sql("SELECT id FROM products WHERE deleted_at IS NOT NULL")
        },
        "product_variants": _by_id(move, "SELECT id, sku, name, stock FROM product_variants"),
        "product_images": _by_id(move, "SELECT id, product_id, url, position FROM product_images"),
        "categories": _by_id(
            move, "SELECT id, slug, name, parent_id FROM categories WHERE deleted_at IS NULL"
        ),
        "discount_codes": _by_id(
            move, "SELECT id, code, type, value, is_active FROM discount_codes WHERE deleted_at IS NULL"
        ),
        "orders": _by_id(
            move,
            "SELECT id, order_number, total, payment_status, fulfillment_status FROM orders "
            "WHERE deleted_at IS NULL",
        ),
        "order_items": Counter(
            move.sql(
                "SELECT o.id, i.product_name, i.sku, i.quantity, i.total_price FROM order_items i "
                "JOIN orders o ON o.id = i.order_id WHERE o.deleted_at IS NULL"
            )
        ),
        "personaggi": _by_id(move, 'SELECT id, name, "order" FROM personaggi'),
        "fumetti": _by_id(move, 'SELECT id, title, "order" FROM fumetti'),
        "carts": _carts(move),
        "notifications": Counter(move.sql("SELECT type, title, is_read FROM notifications")),
        "audit_logs": Counter(
            move.sql("SELECT action, entity_type FROM audit_logs") if _has_log(move) else ()
        ),
    }
    return _comparable(facts, move, report)


def _comparable(facts: Facts, move: Move, report: Report) -> Facts:
    """Without the rows that are held otherwise, and with the addresses of pictures as keys."""
    (otherwise,) = [section for section in report.sections if section.title == _OTHERWISE]
    for table, label, *_ in otherwise.rows:
        _leave_out(facts, str(table), *str(label).split(" of "))
    facts["product_images"] = {
        number: (product, url.removeprefix("https://shop.example.com").removeprefix("/"), position)
        for number, (product, url, position) in facts["product_images"].items()
    }
    if not _has_log(move):
        del facts["audit_logs"]
    return facts


def _leave_out(facts: Facts, table: str, key: str, record: str = "") -> None:
    if table == "order_items":
        for line in [line for line in facts[table] if line[0] == int(record)]:
            del facts[table][line]
    elif isinstance(facts.get(table), dict) and key.isdecimal():
        facts[table].pop(int(key), None)


def _by_id(move: Move, statement: str) -> dict[int, tuple[Any, ...]]:
    return {row[0]: tuple(map(_in_words_of_the_shop, row[1:])) for row in move.sql(statement)}


def _in_words_of_the_shop(value: Any) -> Any:
    return _WORDS.get(value, value) if isinstance(value, str) else value


def _carts(move: Move) -> dict[str, Mapping[Any, int]]:
    found: dict[str, Counter[Any]] = {
        token: Counter() for (token,) in move.sql("SELECT session_token FROM carts")
    }
    for token, product, variant, quantity in move.sql(
        "SELECT session_token, product_id, variant_id, quantity "
        "FROM cart_items i JOIN carts c ON c.id = i.cart_id"
    ):
        found[token][product, variant] += quantity
    return {token: dict(items) for token, items in found.items()}


def _session(cart: Item) -> str:
    return str(cart["PK"]).removeprefix("CART#")


def _quantities(cart: Item) -> Mapping[Any, int]:
    found: Counter[Any] = Counter()
    entries: Iterable[Item] = cart["items"].values()
    for entry in entries:
        found[entry["product_id"], entry.get("variant_id")] += entry["quantity"]
    return dict(found)


def _has_log(move: Move) -> bool:
    return move.sql("SELECT to_regclass('audit_logs') IS NOT NULL") == [(True,)]
