"""Orders: their types, the two rows that hold one, and how one is found, listed and changed.

`ORDER#{id}/METADATA` is a small summary: what lists show, and all that changes while an order lives.
`ORDER#{id}/DETAILS` holds the lines and addresses, which are written once; while an order waits for its
payment this row is in an index of those that do.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from operator import itemgetter
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
    batch_get,
    expected_version,
    fetch_all,
    fetch_page,
    get_item,
    index_keys,
    read_cursor,
    sign_cursor,
    sort_key,
)
from common.dynamodb.stored_json import from_stored, to_stored
from common.emails import address_key, written_forms
from common.optimistic import StaleVersion

SUMMARY, DETAILS = "METADATA", "DETAILS"
# The GSI1 partition of the orders that wait for their payment, in the order in which their time ends.
UNPAID_PARTITION = "ORDER_UNPAID"

_EMAIL_PREFIX = "ORDER_EMAIL#"
# The pieces of an order whose payment failed are kept for the next try.
_UNPAID = ("pending", "failed")
_OWN_NUMBER = re.compile(r"ORD-([0-9]{8,15})")

Pieces = Mapping[str, int]
"""How many pieces of each line of an order, by the line's id as text."""

NO_MONEY = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class OrderLine:
    """What was bought, as it was named and priced then; amounts in the order's currency.

    Lines that were imported may lack what checking out always knows. `created_at` (ISO 8601 UTC) is
    set where a line is of another time than its order.
    """

    id: int
    product_id: int | None
    variant_id: int | None
    product_name: str
    variant_name: str | None
    sku: str | None
    quantity: int
    unit_price: Decimal
    total_price: Decimal
    created_at: str | None = None


@dataclass(frozen=True, slots=True)
class OrderDetails:
    """What only the page of one order shows; an address has street, city, state, zip_code, country.

    Addresses that were imported are whatever JSON their shop wrote.
    """

    lines: tuple[OrderLine, ...]
    shipping_address: Any = None
    billing_address: Any = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """An order without its lines; amounts in `currency`, times in ISO 8601 UTC.

    `payment_attempts` counts the charges that its holder tried, `session_mark` tells the cart session that
    made it from others, and an order that is not paid by `payment_due_at` is cancelled. `refunded_pieces` and
    `restocked_pieces` say how many pieces of each line a refund was made or begun for and how many are on
    sale again; `restocked` is whether all are, and the only one of the three that older orders have.
    `disputed_amount` is held by open disputes with the buyer's bank, `lost_amount` went with those that were
    lost, `dispute_status` is the provider's word for the latest. `channel` is where an order was placed that
    was not placed here; its buyer's address may be unknown (empty). Orders that were imported may have
    no `payment_method`, words of their own for the two states, a `user_id`, and `deleted_at`, with which they
    are kept but neither found nor listed.
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
    payment_method: str | None
    created_at: str
    updated_at: str
    payment_status: str = "pending"
    fulfillment_status: str = "unfulfilled"
    payment_intent_id: str | None = None
    discount_code: str | None = None
    discount_id: int | None = None
    refunded_amount: Decimal = NO_MONEY
    payment_attempts: int = 0
    cancelled_at: str | None = None
    delivered_at: str | None = None
    restocked: bool = False
    refunded_pieces: Pieces = field(default_factory=dict)
    restocked_pieces: Pieces = field(default_factory=dict)
    disputed_amount: Decimal = NO_MONEY
    lost_amount: Decimal = NO_MONEY
    dispute_status: str | None = None
    user_id: str | None = None
    deleted_at: str | None = None
    channel: str | None = None
    session_mark: str | None = None
    payment_due_at: str | None = None
    version: int = 1

    @property
    def is_awaited(self) -> bool:
        """Whether it has to be paid by `payment_due_at`; one that is on its way to its buyer does not."""
        is_open = self.cancelled_at is None and self.delivered_at is None and self.deleted_at is None
        is_unpaid = self.payment_status in _UNPAID and self.fulfillment_status == "unfulfilled"
        return self.payment_due_at is not None and is_open and is_unpaid

    def is_overdue(self, now: str) -> bool:
        """Whether that time has gone at `now` (ISO 8601 UTC)."""
        return self.is_awaited and self.payment_due_at is not None and self.payment_due_at < now


_FIELDS = tuple(Order.__dataclass_fields__)
_UNKNOWN = dict.fromkeys(("product_id", "variant_id", "variant_name", "sku"))
# Most orders have none of these, and each index repeats the row.
_RARE = frozenset({"refunded_pieces", "restocked_pieces", "disputed_amount", "lost_amount"})
_AMOUNTS = frozenset(
    {"subtotal", "tax", "discount", "total", "refunded_amount", "disputed_amount", "lost_amount"}
)


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
    """The GSI2 partition that lists the orders of an e-mail address, in whichever form it is written."""
    return f"{_EMAIL_PREFIX}{address_key(email)}"


def order_item(order: Order) -> Item:
    """The summary row of an order."""
    pk, sk = order_key(order.id)
    values = {name: getattr(order, name) for name in _FIELDS}
    return {
        "PK": pk,
        "SK": sk,
        **_order_index_keys(order),
        **{name: value for name, value in values.items() if _is_stored(name, value)},
    }


def _is_stored(name: str, value: object) -> bool:
    return bool(value) if name in _RARE else value is not None and value is not False


def _order_index_keys(order: Order) -> dict[str, str]:
    if order.deleted_at is not None:
        return {}
    position = f"{order.created_at}#{order.id:010d}"
    keys = index_keys("GSI3", "ORDER", position)
    if order.customer_email:
        keys |= index_keys("GSI2", email_partition(order.customer_email), position)
    if order.order_number != number_of(order.id):
        # The number does not give the id away, so an index has to.
        keys |= index_keys("GSI1", f"ORDER_NUMBER#{order.order_number}", SUMMARY)
    return keys


def order_from_item(item: Item) -> Order:
    """The order of a summary row."""
    values: dict[str, Any] = {name: item[name] for name in _FIELDS if name in item}
    values.setdefault("payment_method", None)
    for name in _AMOUNTS & values.keys():
        values[name] = Decimal(values[name])
    return Order(**values)


def details_item(order_id: int, details: OrderDetails, due_at: str | None = None) -> Item:
    """The row with an order's lines and addresses, listed while the order has to be paid by `due_at`."""
    pk, sk = details_key(order_id)
    values = {
        "shipping_address": to_stored(details.shipping_address),
        "billing_address": to_stored(details.billing_address),
        "notes": details.notes,
    }
    return {
        "PK": pk,
        "SK": sk,
        **({} if due_at is None else _due_keys(order_id, due_at)),
        **{name: value for name, value in values.items() if value is not None},
        "lines": [_line_map(line) for line in details.lines],
    }


def _due_keys(order_id: int, due_at: str) -> dict[str, str]:
    # Beside the lines, so that whoever looks for pieces sees in one read which orders keep them.
    return index_keys("GSI1", UNPAID_PARTITION, f"{due_at}#{order_id:010d}")


def details_from_item(item: Item) -> OrderDetails:
    """The lines and addresses of a details row."""
    return OrderDetails(
        lines=tuple(_line(value) for value in item["lines"]),
        shipping_address=from_stored(item.get("shipping_address")),
        billing_address=from_stored(item.get("billing_address")),
        notes=item.get("notes"),
    )


def _line_map(line: OrderLine) -> Item:
    values = {name: getattr(line, name) for name in OrderLine.__dataclass_fields__}
    return {name: value for name, value in values.items() if value is not None}


def _line(value: Item) -> OrderLine:
    amounts = {name: Decimal(value[name]) for name in ("unit_price", "total_price")}
    return OrderLine(**{**_UNKNOWN, **value, **amounts})


def order_by_id(order_id: int) -> Order | None:
    """The order with this id, by one consistent read; None for a deleted one too."""
    item = get_item(order_key(order_id), consistent=True)
    return order_from_item(item) if item and "deleted_at" not in item else None


def details_of(order_id: int) -> OrderDetails | None:
    """The lines and addresses of an order, by one consistent read."""
    item = get_item(details_key(order_id), consistent=True)
    return details_from_item(item) if item else None


def details_of_orders(order_ids: Iterable[int]) -> dict[int, OrderDetails]:
    """The lines and addresses of several orders by id, by one batch read for each hundred."""
    keys = {details_key(order_id): order_id for order_id in order_ids}
    return {keys[key]: details_from_item(item) for key, item in batch_get(keys).items()}


def order_with_details(order_id: int) -> tuple[Order, OrderDetails] | None:
    """The order with this id and its details, by one consistent query; None for a deleted one too."""
    both = sort_key().between(DETAILS, SUMMARY)
    rows = {row["SK"]: row for row in fetch_all(Query(partition(order_id), sort=both, consistent=True))}
    if rows.keys() != {SUMMARY, DETAILS} or "deleted_at" in rows[SUMMARY]:
        return None
    return order_from_item(rows[SUMMARY]), details_from_item(rows[DETAILS])


def own_number(number: str) -> int | None:
    """The id that a number of our own form names, at no read; None for every other number.

    Nobody has checked that there is such an order, and that it has this number.
    """
    own = _OWN_NUMBER.fullmatch(number)
    return int(own[1]) if own and number_of(int(own[1])) == number else None


def id_of_foreign_number(number: str) -> int | None:
    """The id of the order that was imported with this number, by one query of GSI1."""
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
    """A page of one customer's orders, newest first, and the cursor of what follows.

    One query; for an address whose domain has two forms one of each form, because an order that was moved in
    before is found by the form that its own shop wrote. Raises InvalidCursor.
    """
    forms = written_forms(email)
    if len(forms) > 1:
        return _orders_of_forms(forms, limit, cursor)
    page: Page = fetch_page(Query(email_partition(email), index="GSI2", descending=True), limit, cursor)
    return [order_from_item(item) for item in page.items], page.cursor


def _orders_of_forms(
    forms: tuple[str, ...], limit: int, cursor: str | None
) -> tuple[list[Order], str | None]:
    scope = f"orders:{forms[0]}"
    queries = (Query(f"{_EMAIL_PREFIX}{form}", index="GSI2", descending=True) for form in forms)
    rows = [item for query in queries for item in fetch_all(query)]
    if cursor is not None:
        before = read_cursor(cursor, scope)["position"]
        rows = [item for item in rows if item["GSI2SK"] < before]
    rows.sort(key=itemgetter("GSI2SK"), reverse=True)
    shown = rows[:limit]
    more = sign_cursor({"position": shown[-1]["GSI2SK"]}, scope) if len(rows) > limit else None
    return [order_from_item(item) for item in shown], more


def orders_due(now: str, limit: int | None = None) -> dict[int, OrderDetails]:
    """The orders whose time to be paid had gone at `now` (ISO 8601 UTC), longest ago first, by their ids.

    What the index says may be some moments old.
    """
    query = Query(UNPAID_PARTITION, sort=sort_key().lt(now), index="GSI1")
    rows = fetch_all(query, limit=limit)
    return {int(row["PK"].removeprefix("ORDER#")): details_from_item(row) for row in rows}


def add_order(work: UnitOfWork, order: Order, details: OrderDetails, taken: Exception) -> None:
    """Writes a new order; `taken` is raised when there is one with this id already."""
    # Stops an order from being written over one that was imported with an id ahead of the counter.
    work.put(order_item(order), condition=attr("PK").missing(), failed=taken, tag="order")
    work.put(details_item(order.id, details, order.payment_due_at if order.is_awaited else None))


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
    _list_as_due(work, before, stored)
    return stored


def _list_as_due(work: UnitOfWork, before: Order, after: Order) -> None:
    """Lists an order that has to be paid from now on, and no longer one that has not."""
    if after.is_awaited == before.is_awaited:
        return
    update = Update()
    for name, value in _due_keys(after.id, after.payment_due_at or "").items():
        if after.is_awaited:
            update.set(name, value)
        else:
            update.remove(name)
    work.update(details_key(after.id), update, tag="details")
