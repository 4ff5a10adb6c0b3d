"""Asks the shop's own queries for what was moved: by slug, by code, by number, and through links.

A probe looks for some records; it gives a sentence for each query that does not find one of them. Of a
large table every k-th record is looked for. Probes of some records each run side by side.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from common.currencies import DEFAULT_CURRENCY
from common.dynamodb import INDEXES, Item, Query, fetch_all, sort_key
from common.dynamodb.unique import marker_key
from common.money import to_money
from common.parallel import side_by_side
from common.repositories.categories import category_by_slug
from common.repositories.orders import (
    ORDERS,
    id_of_foreign_number,
    newest_orders,
    own_number,
)
from common.repositories.products import product_by_id, product_by_slug
from migration.mapping.entity import MALFORMED, RecordId
from migration.mapping.reading import attributes
from migration.mapping.records import Context, Record, Row
from migration.mapping.words import word_of
from migration.schema.tables import TABLES
from migration.table.batches import BEFORE_ALL_TIME, read_all
from orders.orders import OrderFilters
from orders.pricing import discount_amount
from orders.repositories.carts import cart_key, load_all
from orders.repositories.discounts import PERCENTAGE, DiscountCode, discount_by_code
from orders.states import DELIVERED, FULFILLED, PENDING, UNFULFILLED

Problems = Iterator[tuple[RecordId, str]]
"""The record and what does not lead to it."""
Probe = Callable[[Sequence[Record], Context], Problems]

SAMPLE = 1000
QUERIED = 100

_PROBED_AT_ONCE = 50
_VARIANT = "VARIANT#"
# Of it no percentage is the amount of the same number, unless both take nothing or all.
_SUBTOTAL = Decimal("1000.00")
_STATES = {"payment_status": PENDING, "fulfillment_status": UNFULFILLED}


def every(count: int, sample: int = SAMPLE) -> int:
    """Which records of so many are looked for: every k-th, so that it is about `sample` at most."""
    return max(1, -(-count // sample))


def not_found(
    entity: str,
    asked: Sequence[Record],
    queried: Iterable[tuple[RecordId, Sequence[Item]]],
    context: Context,
    workers: int,
) -> list[tuple[RecordId, str]]:
    """What does not lead to records of an entity: a sentence for each query that should and does not.

    `asked` are looked for as the shop does it; `queried` are ids with the rows that the table has for
    each, which are looked for in every index that they are in.
    """
    probe = PROBES.get(entity)
    groups = [asked[start : start + _PROBED_AT_ONCE] for start in range(0, len(asked), _PROBED_AT_ONCE)]
    with side_by_side(workers) as start_call:
        running = [start_call(_probing(probe, group, context)) for group in groups if probe]
        running += [start_call(_querying(*one)) for one in queried]
    return [problem for call in running for problem in call.result()]


def _probing(
    probe: Probe, group: Sequence[Record], context: Context
) -> Callable[[], list[tuple[RecordId, str]]]:
    def ask() -> list[tuple[RecordId, str]]:
        try:
            return list(probe(group, context))
        except MALFORMED as error:
            # The shop fails as well where it meets a row that it cannot have written.
            return [(group[0].id, f"this and those after it: {type(error).__name__} {error}")]

    return ask


def _querying(record: RecordId, items: Sequence[Item]) -> Callable[[], list[tuple[RecordId, str]]]:
    return lambda: [(record, problem) for problem in absent_in_indexes(items)]


def absent_in_indexes(items: Iterable[Item], indexes: Sequence[str] = INDEXES) -> Iterator[str]:
    """Each entry of an index that a row should have, by its attributes, and no query finds."""
    for item in items:
        for index in indexes:
            if f"{index}PK" not in item:
                continue
            query = Query(item[f"{index}PK"], sort=sort_key().eq(item[f"{index}SK"]), index=index)
            keys = {(found["PK"], found["SK"]) for found in fetch_all(query, now=BEFORE_ALL_TIME)}
            if (item["PK"], item["SK"]) not in keys:
                yield f"{item['PK']} / {item['SK']} in {index} under {item[f'{index}PK']}"


def _products(records: Sequence[Record], _context: Context) -> Problems:
    for record in records:
        row = record.row("products")
        if product_by_id(int(record.id)) is None:
            yield record.id, "the product by its id"
        by_slug = product_by_slug(row["slug"])
        is_found = by_slug is not None and by_slug.id == record.id
        if is_found and _is_deleted(row):
            yield record.id, "a deleted product by its slug, which must not be"
        elif not is_found and not _is_deleted(row):
            yield record.id, "the product by its slug"
    yield from _variants([record for record in records if not _is_deleted(record.row("products"))])


def _variants(products: Sequence[Record]) -> Problems:
    live = [
        (product.id, variant["id"], marker_key("VARIANT_SKU", variant["sku"]))
        for product in products
        for variant in product.all("product_variants")
        if variant["sku"] and not _is_deleted(variant)
    ]
    pointers = [(f"{_VARIANT}{variant}", "METADATA") for _, variant, _ in live]
    there = read_all([*pointers, *(marker for _, _, marker in live)]) if live else {}
    for (product, variant, marker), pointer in zip(live, pointers, strict=True):
        is_owner = there.get(marker, {}).get("owner") == f"{_VARIANT}{variant}"
        if not is_owner or there.get(pointer, {}).get("product_id") != product:
            yield product, f"variant {variant} by its SKU"


def _categories(records: Sequence[Record], _context: Context) -> Problems:
    for record in records:
        row = record.row("categories")
        found = category_by_slug(row["slug"])
        if (found is not None and found.id == record.id) is _is_deleted(row):
            yield record.id, "the category by its slug"


def _discounts(records: Sequence[Record], _context: Context) -> Problems:
    for record in records:
        row = record.row("discount_codes")
        found = discount_by_code(str(row["code"]).upper())
        is_found = found is not None and found.id == record.id
        if is_found is _is_deleted(row):
            yield record.id, "the discount code by its text"
        elif found is not None and is_found and _taken_off(found) != _to_be_taken_off(row):
            yield record.id, f"what the code takes off, which is {_taken_off(found)} of {_SUBTOTAL}"


def _taken_off(code: DiscountCode) -> Decimal:
    return discount_amount(code, _SUBTOTAL, code.currency)


def _to_be_taken_off(row: Row) -> Decimal:
    """What PostgreSQL says of it: a percentage, or an amount."""
    value = Decimal(row["value"])
    is_share = word_of("discount_codes", "type", row["type"]) == PERCENTAGE
    return min(to_money(_SUBTOTAL * value / 100 if is_share else value, DEFAULT_CURRENCY), _SUBTOTAL)


def _orders(records: Sequence[Record], context: Context) -> Problems:
    numbers = {record.id: str(record.row("orders")["order_number"]) for record in records}
    own = {number: own_number(number) for number in numbers.values()}
    stored = read_all([ORDERS.key(order) for order in own.values() if order is not None])
    for record in records:
        number = numbers[record.id]
        order = own[number]
        item = stored.get(ORDERS.key(order)) if order is not None else None
        wanted = None if _is_deleted(record.row("orders")) else record.id
        if _id_of_number(number, item) != wanted:
            yield record.id, "the order by its number"
        elif wanted is not None and not _is_listed(record, context):
            yield record.id, "the order in the list of its states"


def _id_of_number(number: str, item: Item | None) -> int | None:
    """The id of the live order with this number; `item` is that of the order whose own it would be."""
    if item is not None and "deleted_at" not in item:
        order = ORDERS.of(item)
        if order.order_number == number:
            return order.id
    return id_of_foreign_number(number)


def _is_listed(record: Record, context: Context) -> bool:
    """Whether the list of all orders has it, and still has it when its states are asked for."""
    row = record.row("orders")
    states = {name: row.get(name) or instead for name, instead in _STATES.items()}
    payment, parcel = (word_of("orders", name, text) or "" for name, text in states.items())
    filters = OrderFilters(
        payment_status=payment,
        status=DELIVERED if parcel == DELIVERED else "",
        fulfillment_status=FULFILLED if parcel == DELIVERED else parcel,
    )
    created_at = attributes(TABLES["orders"], row, context)["created_at"]
    place = sort_key().eq(f"{created_at}#{int(record.id):010d}")
    return any(order.id == record.id and filters.wants(order) for order in newest_orders(1, place))


def _carts(records: Sequence[Record], context: Context) -> Problems:
    keys = {record.id: cart_key(record.row("carts")["session_token"]) for record in records}
    # As of the move, so that a cart that has expired since is no difference.
    found = load_all(keys.values(), context.as_of)
    for record in records:
        cart = found.get(keys[record.id])
        if cart is None or len(cart.items) > len(record.all("cart_items")):
            yield record.id, "the cart by its session"


def _is_deleted(row: Row) -> bool:
    return row.get("deleted_at") is not None


PROBES: Mapping[str, Probe] = {
    "products": _products,
    "categories": _categories,
    "discount_codes": _discounts,
    "orders": _orders,
    "carts": _carts,
}
