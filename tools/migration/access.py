"""Asks the shop's own queries for what was moved: by slug, by code, by number, in lists and through links.

A probe looks for one record; it gives a sentence for each query that does not find it. Of a large table
every k-th record is looked for.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from common.dynamodb import INDEXES, Item, Query, fetch_all, get_item, sort_key
from common.dynamodb.unique import marker_key
from common.repositories.carts import cart_key, load
from common.repositories.categories import category_by_slug
from common.repositories.discounts import discount_by_code
from common.repositories.orders import id_of_foreign_number, order_by_id, own_number
from common.repositories.products import product_by_id, product_by_slug
from tools.migration.batches import BEFORE_ALL_TIME
from tools.migration.records import Context, Record

Probe = Callable[[Record, Context], Iterator[str]]

SAMPLE = 1000


def every(count: int) -> int:
    """Which records of so many are looked for: every k-th, so that it is about a thousand at most."""
    return max(1, -(-count // SAMPLE))


def not_found(record: Record, items: Iterable[Item], context: Context) -> list[str]:
    """What does not lead to a record: a sentence for each query that should and does not.

    `items` are the rows that the table has for it.
    """
    probe = PROBES.get(record.entity)
    found = list(probe(record, context)) if probe else []
    return found + list(_in_indexes(items))


def _product(record: Record, _context: Context) -> Iterator[str]:
    row = record.row("products")
    by_id = product_by_id(int(record.id))
    if by_id is None:
        yield "the product by its id"
    by_slug = product_by_slug(row["slug"])
    is_found = by_slug is not None and by_slug.id == record.id
    if is_found is (row.get("deleted_at") is not None):
        yield (
            "the product by its slug" if not is_found else "a deleted product by its slug, which must not be"
        )
    if row.get("deleted_at") is None:
        yield from _variants(record)


def _variants(record: Record) -> Iterator[str]:
    for variant in record.all("product_variants"):
        if variant.get("deleted_at") is not None or not variant["sku"]:
            continue
        marker = get_item(marker_key("VARIANT_SKU", variant["sku"]), consistent=True) or {}
        pointer = get_item((f"VARIANT#{variant['id']}", "METADATA"), consistent=True) or {}
        if marker.get("owner") != f"VARIANT#{variant['id']}" or pointer.get("product_id") != record.id:
            yield f"variant {variant['id']} by its SKU"


def _category(record: Record, _context: Context) -> Iterator[str]:
    row = record.row("categories")
    found = category_by_slug(row["slug"])
    if (found is not None and found.id == record.id) is (row.get("deleted_at") is not None):
        yield "the category by its slug"


def _discount(record: Record, _context: Context) -> Iterator[str]:
    row = record.row("discount_codes")
    found = discount_by_code(str(row["code"]).upper())
    if (found is not None and found.id == record.id) is (row.get("deleted_at") is not None):
        yield "the discount code by its text"


def _order(record: Record, _context: Context) -> Iterator[str]:
    row = record.row("orders")
    wanted = None if row.get("deleted_at") is not None else record.id
    if _id_of_number(row["order_number"]) != wanted:
        yield "the order by its number"


def _id_of_number(number: str) -> int | None:
    own = own_number(number)
    order = order_by_id(own) if own is not None else None
    if order is not None and order.order_number == number:
        return order.id
    return id_of_foreign_number(number)


def _cart(record: Record, context: Context) -> Iterator[str]:
    # As of the move, so that a cart that has expired since is no difference.
    found = load(cart_key(record.row("carts")["session_token"]), context.as_of)
    if found is None or len(found.items) > len(record.all("cart_items")):
        yield "the cart by its session"


def _in_indexes(items: Iterable[Item]) -> Iterator[str]:
    """Each entry of an index that a row has: by status, by e-mail, by entity, by day, and so on."""
    for item in items:
        for index in INDEXES:
            if f"{index}PK" not in item:
                continue
            query = Query(item[f"{index}PK"], sort=sort_key().eq(item[f"{index}SK"]), index=index)
            keys = {(found["PK"], found["SK"]) for found in fetch_all(query, now=BEFORE_ALL_TIME)}
            if (item["PK"], item["SK"]) not in keys:
                yield f"{item['PK']} / {item['SK']} in {index} under {item[f'{index}PK']}"


PROBES: Mapping[str, Probe] = {
    "products": _product,
    "categories": _category,
    "discount_codes": _discount,
    "orders": _order,
    "carts": _cart,
}
