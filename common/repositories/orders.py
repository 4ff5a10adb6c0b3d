"""Orders: their types, the two rows that hold one, and how one is found, listed and changed.

`ORDER#{id}/METADATA` is a small summary: what lists show, and all that changes while an order lives.
`ORDER#{id}/DETAILS` holds the lines and addresses, which are written once and in no index.
`COUNTER/ORDER_ID` holds the last id in `value` and how many orders there are in `orders`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from common.dynamodb import (
    Item,
    Key,
    Page,
    Query,
    SortCondition,
    UnitOfWork,
    Update,
    attr,
    expected_version,
    fetch_all,
    fetch_page,
    get_item,
    index_keys,
    next_id,
    sort_key,
)
from common.optimistic import StaleVersion

SUMMARY, DETAILS = "METADATA", "DETAILS"
ID_COUNTER = "ORDER_ID"
COUNTER_KEY: Key = ("COUNTER", ID_COUNTER)

_OWN_NUMBER = re.compile(r"ORD-([0-9]{8,15})")


@dataclass(frozen=True, slots=True)
class OrderLine:
    """What was bought, as it was named and priced then; amounts in the order's currency."""

    id: int
    product_id: int
    variant_id: int
    product_name: str
    variant_name: str
    sku: str | None
    quantity: int
    unit_price: Decimal
    total_price: Decimal


@dataclass(frozen=True, slots=True)
class OrderDetails:
    """What only the page of one order shows; an address has street, city, state, zip_code, country."""

    lines: tuple[OrderLine, ...]
    shipping_address: Mapping[str, str] | None = None
    billing_address: Mapping[str, str] | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """An order without its lines; amounts in `currency`, times in ISO 8601 UTC.

    `payment_attempts` counts the charges that were tried, `restocked` is whether its pieces were put
    back on sale.
    """

    id: int
    order_number: str
    customer_email: str
    customer_name: str
    subtotal: Decimal
    tax: Decimal
    discount: Decimal
    total: Decimal
    currency: str
    payment_method: str
    created_at: str
    updated_at: str
    payment_status: str = "pending"
    fulfillment_status: str = "unfulfilled"
    payment_intent_id: str | None = None
    discount_code: str | None = None
    discount_id: int | None = None
    refunded_amount: Decimal = Decimal("0.00")
    payment_attempts: int = 0
    cancelled_at: str | None = None
    delivered_at: str | None = None
    restocked: bool = False
    version: int = 1


_FIELDS = tuple(Order.__dataclass_fields__)
_AMOUNTS = frozenset({"subtotal", "tax", "discount", "total", "refunded_amount"})


def number_of(order_id: int) -> str:
    """The number that a new order is known by: 42 becomes ORD-00000042."""
    return f"ORD-{order_id:08d}"


def partition(order_id: int) -> str:
    """The partition key that everything of one order is under."""
    return f"ORDER#{order_id}"


def order_key(order_id: int) -> Key:
    """The key of the summary row."""
    return partition(order_id), SUMMARY


def details_key(order_id: int) -> Key:
    """The key of the row with the lines and addresses."""
    return partition(order_id), DETAILS


def email_partition(email: str) -> str:
    """The GSI2 partition that lists the orders of an e-mail address, whatever its capitals."""
    return f"ORDER_EMAIL#{email.strip().lower()}"


def order_item(order: Order) -> Item:
    """The summary row of an order."""
    pk, sk = order_key(order.id)
    position = f"{order.created_at}#{order.id:010d}"
    values = {name: getattr(order, name) for name in _FIELDS}
    item = {
        "PK": pk,
        "SK": sk,
        **index_keys("GSI2", email_partition(order.customer_email), position),
        **index_keys("GSI3", "ORDER", position),
        **{name: value for name, value in values.items() if value is not None and value is not False},
    }
    if order.order_number != number_of(order.id):
        # The number does not give the id away, so an index has to.
        item |= index_keys("GSI1", f"ORDER_NUMBER#{order.order_number}", sk)
    return item


def order_from_item(item: Item) -> Order:
    """The order of a summary row."""
    values: dict[str, Any] = {name: item[name] for name in _FIELDS if name in item}
    for name in _AMOUNTS & values.keys():
        values[name] = Decimal(values[name])
    return Order(**values)


def details_item(order_id: int, details: OrderDetails) -> Item:
    """The row with an order's lines and addresses."""
    pk, sk = details_key(order_id)
    values = {
        "shipping_address": details.shipping_address,
        "billing_address": details.billing_address,
        "notes": details.notes,
    }
    return {
        "PK": pk,
        "SK": sk,
        **{name: value for name, value in values.items() if value is not None},
        "lines": [_line_map(line) for line in details.lines],
    }


def details_from_item(item: Item) -> OrderDetails:
    """The lines and addresses of a details row."""
    return OrderDetails(
        lines=tuple(_line(value) for value in item["lines"]),
        shipping_address=item.get("shipping_address"),
        billing_address=item.get("billing_address"),
        notes=item.get("notes"),
    )


def _line_map(line: OrderLine) -> Item:
    values = {name: getattr(line, name) for name in OrderLine.__dataclass_fields__}
    return {name: value for name, value in values.items() if value is not None}


def _line(value: Item) -> OrderLine:
    amounts = {name: Decimal(value[name]) for name in ("unit_price", "total_price")}
    return OrderLine(**{"sku": None, **value, **amounts})


def order_by_id(order_id: int) -> Order | None:
    """The order with this id, by one consistent read."""
    item = get_item(order_key(order_id), consistent=True)
    return order_from_item(item) if item else None


def details_of(order_id: int) -> OrderDetails | None:
    """The lines and addresses of an order, by one consistent read."""
    item = get_item(details_key(order_id), consistent=True)
    return details_from_item(item) if item else None


def order_with_details(order_id: int) -> tuple[Order, OrderDetails] | None:
    """The order with this id and its details, by one consistent query."""
    both = sort_key().between(DETAILS, SUMMARY)
    rows = {row["SK"]: row for row in fetch_all(Query(partition(order_id), sort=both, consistent=True))}
    if rows.keys() != {SUMMARY, DETAILS}:
        return None
    return order_from_item(rows[SUMMARY]), details_from_item(rows[DETAILS])


def id_of_number(number: str) -> int | None:
    """The id behind an order number; None when no order has it.

    Our own numbers contain the id and cost no read, but nobody has checked that the order exists;
    numbers that were brought along are looked up in GSI1.
    """
    own = _OWN_NUMBER.fullmatch(number)
    if own and number_of(int(own[1])) == number:
        return int(own[1])
    found = fetch_all(Query(f"ORDER_NUMBER#{number}", index="GSI1"), limit=1) if number else []
    return int(found[0]["id"]) if found else None


def newest_orders(limit: int, created: SortCondition | None = None) -> list[Order]:
    """The `limit` newest orders, of those that `created` selects by their time where it is given."""
    query = Query("ORDER", sort=created, index="GSI3", descending=True)
    return [order_from_item(item) for item in fetch_all(query, limit=limit)]


def all_orders(created: SortCondition | None = None) -> list[Order]:
    """All orders, newest first, of those that `created` selects by their time where it is given."""
    query = Query("ORDER", sort=created, index="GSI3", descending=True)
    return [order_from_item(item) for item in fetch_all(query)]


def orders_of_email(email: str, limit: int, cursor: str | None) -> tuple[list[Order], str | None]:
    """A page of one customer's orders, newest first, and the cursor of what follows."""
    page: Page = fetch_page(Query(email_partition(email), index="GSI2", descending=True), limit, cursor)
    return [order_from_item(item) for item in page.items], page.cursor


def number_of_orders() -> int:
    """How many orders there are, by one read of their counter."""
    return int((get_item(COUNTER_KEY) or {}).get("orders", 0))


def add_order(work: UnitOfWork, order: Order, details: OrderDetails, taken: Exception) -> None:
    """Writes a new order; `taken` is raised when there is one with this id already."""
    # Stops an order from being written over one that was brought along with an id ahead of the counter.
    work.put(order_item(order), condition=attr("PK").missing(), failed=taken, tag="order")
    work.put(details_item(order.id, details))


def change_order(work: UnitOfWork, before: Order, after: Order) -> Order:
    """Writes what differs between `before`, as it was read, and `after`; returns it as it is then.

    Raises StaleVersion at the commit when somebody else changed the order since it was read.
    """
    stored = replace(after, version=before.version + 1)
    update = Update()
    for name in _FIELDS:
        old, new = getattr(before, name), getattr(stored, name)
        if new is None and old is not None:
            update.remove(name)
        elif new != old:
            update.set(name, new)
    # Stops two changes that both saw the same order, such as two refunds, from both taking effect.
    condition = expected_version(before.version)
    work.update(order_key(before.id), update, condition=condition, failed=StaleVersion("Order"), tag="order")
    return stored


def last_id_in(counter: Item | None) -> int:
    """The last id that was given out, as the counter's row says."""
    return int((counter or {}).get("value", 0))


def count_next_order(work: UnitOfWork, order_id: int, taken: Exception) -> None:
    """Counts an order that takes the id after the last one; `taken` is raised when that was given out."""
    last = attr("value").missing() if order_id == 1 else attr("value").eq(order_id - 1)
    work.update(
        COUNTER_KEY,
        Update().set("value", order_id).add("orders", 1),
        # Stops two orders that saw the same last id from both taking the one after it.
        condition=last,
        failed=taken,
        tag="counter",
    )


def count_order(work: UnitOfWork) -> None:
    """Counts an order whose id was reserved before."""
    work.update(COUNTER_KEY, Update().add("orders", 1), tag="counter")


def reserve_id() -> int:
    """Takes the next id out of the counter, for an order that could not take the one it saw free."""
    return next_id(ID_COUNTER)
