"""Orders: their types, the two rows that hold one, and how one is found, listed and changed.

`ORDER#{id}/METADATA` is a small summary: what lists show, and all that changes while an order lives.
`ORDER#{id}/DETAILS` holds the lines and addresses, which are written once; while an order waits for its
payment this row is in an index of those that do.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from typing import Any

from common import prefixes
from common.dynamodb import (
    Index,
    Item,
    Key,
    Query,
    SortCondition,
    UnitOfWork,
    batch_get,
    fetch_all,
    get_item,
    read_cursor,
    sign_cursor,
    sort_key,
)
from common.dynamodb.rows import Rows, difference
from common.dynamodb.shapes import Shape
from common.emails import address_key, written_forms
from common.optimistic import StaleVersion

SUMMARY, DETAILS = "METADATA", "DETAILS"
# The pieces of an order whose payment failed are kept for the next try.
_UNPAID = ("pending", "failed")
_OWN_NUMBER = re.compile(r"ORD-([0-9]{8,15})")

Pieces = Mapping[str, int]
"""How many pieces of each line of an order, by the line's id as text."""

NO_MONEY = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class TaxAmount:
    """What one rate comes to in an order: `net` is taxed at `rate` (a fraction, as 0.2) with `tax`.

    Both in the order's currency. `country` is where the tax is owed (ISO 3166-1 alpha-2), `tax_class` what
    the goods count as there; shipping is taxed as the goods and is in their amounts.
    """

    country: str
    tax_class: str
    rate: Decimal
    net: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an order reaches its buyer: `method` as the shop names it, at a `price` in the order's currency.

    `country` (ISO 3166-1 alpha-2) is where it goes to, `weight` what it weighs, in grams. `place` is where an
    order that is picked up can be fetched.
    """

    method: str
    price: Decimal
    country: str | None = None
    weight: int | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel on its way: who carries it, under which number, and where it can be followed (a URL)."""

    carrier: str
    tracking_number: str | None = None
    tracking_url: str | None = None
    shipped_at: str | None = None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """What was bought, as it was named and priced then; amounts in the order's currency.

    Lines that were imported may lack what checking out always knows. `created_at` (ISO 8601 UTC) is
    set where a line is of another time than its order. `tax_class` and `tax_rate` (a fraction) are what its
    tax was worked out by, `numbers` those of its pieces of an edition, and `cannot_be_withdrawn` says that it
    was made to the buyer's measure.
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
    tax_class: str | None = None
    tax_rate: Decimal | None = None
    numbers: tuple[int, ...] | None = None
    cannot_be_withdrawn: bool | None = None


@dataclass(frozen=True, slots=True)
class OrderDetails:
    """What only the page of one order shows; an address has street, city, state, zip_code, country.

    Addresses that were imported are whatever JSON their shop wrote. `taxes` are the amounts by rate, none
    where the tax is one number; `tax_treatment` says by which rule they were chosen (see orders.taxation),
    `tax_note` is the sentence that papers have to hold, and `vat_number` the buyer's.
    """

    lines: tuple[OrderLine, ...]
    shipping_address: Any = None
    billing_address: Any = None
    notes: str | None = None
    delivery: Delivery | None = None
    taxes: tuple[TaxAmount, ...] = ()
    tax_treatment: str | None = None
    tax_note: str | None = None
    vat_number: str | None = None


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
    are kept but neither found nor listed. `shipping` is what its delivery costs, of which `shipping_discount`
    was taken off, and `refunded_shipping` whether a refund of it was made or begun. `language` (`it` or `en`)
    is what its buyer reads, `parcel` the last one that was sent, `withdrawal_status` how its buyer's
    withdrawals stand: as the oldest open one, else as the last. Where `prices_include_tax`, `tax` is a part
    of the total and not added to it. `numbered` says that some of its pieces are an edition's.
    `invoice` is the number of its invoice, `corrections` those of the credit and debit notes after it, which
    took `credited` of it back.
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
    shipping: Decimal = NO_MONEY
    shipping_discount: Decimal = NO_MONEY
    refunded_shipping: bool = False
    language: str | None = None
    paid_at: str | None = None
    parcel: Parcel | None = None
    invoice: str | None = None
    corrections: tuple[str, ...] = ()
    credited: Decimal = NO_MONEY
    prices_include_tax: bool = False
    numbered: bool = False
    withdrawal_status: str | None = None
    version: int = 1

    @property
    def is_awaited(self) -> bool:
        """Whether it has to be paid by `payment_due_at`; one that is on its way to its buyer does not."""
        is_open = self.cancelled_at is None and self.delivered_at is None and self.deleted_at is None
        is_unpaid = self.payment_status in _UNPAID and self.fulfillment_status == "unfulfilled"
        return self.payment_due_at is not None and is_open and is_unpaid

    @property
    def email_key(self) -> str:
        """Its buyer's e-mail address in the form that all forms of it share."""
        return address_key(self.customer_email)

    def is_overdue(self, now: str) -> bool:
        """Whether that time has gone at `now` (ISO 8601 UTC)."""
        return self.is_awaited and self.payment_due_at is not None and self.payment_due_at < now


def number_of(order_id: int) -> str:
    """The number that a new order is known by: 42 becomes ORD-00000042."""
    return f"ORD-{order_id:08d}"


def partition(order_id: int) -> str:
    """The partition key that everything of one order is under."""
    return f"{prefixes.ORDER}#{order_id}"


_POSITION = "{created_at}#{id:010d}"
# Where the number does not give the id away, an index has to.
_BY_NUMBER: Index[Order] = Index(
    "GSI1",
    prefixes.ORDER_NUMBER + "#{order_number}",
    SUMMARY,
    when=lambda order: order.order_number != number_of(order.id),
)
_OF_EMAIL: Index[Order] = Index(
    "GSI2", prefixes.ORDER_EMAIL + "#{email_key}", _POSITION, when=lambda order: bool(order.customer_email)
)
_BY_AGE: Index[Order] = Index("GSI3", prefixes.ORDER, _POSITION)
# In the row of the details, so that whoever looks for pieces sees in one read which orders keep them.
_UNPAID_ONES: Index[Order] = Index(
    "GSI1", prefixes.ORDER_UNPAID, "{payment_due_at}#{id:010d}", when=lambda order: order.is_awaited
)

ORDERS = Rows(
    Order,
    "Order",
    key=prefixes.ORDER + "#{id}",
    sort=SUMMARY,
    indexes=(_BY_NUMBER, _OF_EMAIL, _BY_AGE),
    # Most orders have none of these, and each index repeats the row.
    unstored=(
        "refunded_pieces",
        "restocked_pieces",
        "restocked",
        "disputed_amount",
        "lost_amount",
        "shipping",
        "corrections",
        "credited",
        "prices_include_tax",
        "numbered",
        "shipping_discount",
        "refunded_shipping",
    ),
)
_DETAILS_SHAPE = Shape(OrderDetails, unstored=("taxes",))


def details_key(order_id: int) -> Key:
    """The key of the row with the lines and addresses."""
    return partition(order_id), DETAILS


def details_item(order_id: int, details: OrderDetails) -> Item:
    """The row with an order's lines and addresses."""
    pk, sk = details_key(order_id)
    return {"PK": pk, "SK": sk, **_DETAILS_SHAPE.store(details)}


def details_from_item(item: Item) -> OrderDetails:
    """The lines and addresses of a details row."""
    return _DETAILS_SHAPE.read(item)


def order_by_id(order_id: int) -> Order | None:
    """The order with this id, by one consistent read; None for a deleted one too."""
    order = ORDERS.get(order_id)
    return order if order and order.deleted_at is None else None


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
    return ORDERS.of(rows[SUMMARY]), details_from_item(rows[DETAILS])


def own_number(number: str) -> int | None:
    """The id that a number of our own form names, at no read; None for every other number.

    Nobody has checked that there is such an order, and that it has this number.
    """
    own = _OWN_NUMBER.fullmatch(number)
    return int(own[1]) if own and number_of(int(own[1])) == number else None


def id_of_foreign_number(number: str) -> int | None:
    """The id of the order that was imported with this number, by one query of GSI1."""
    found = ORDERS.first(_BY_NUMBER.query(order_number=number)) if number else None
    return found.id if found else None


def newest_orders(limit: int, created: SortCondition | None = None) -> list[Order]:
    """The `limit` newest orders, of those that `created` selects by their time where it is given."""
    return ORDERS.all(_BY_AGE.query(sort=created, descending=True), limit=limit)


def all_orders(created: SortCondition | None = None) -> list[Order]:
    """All orders, newest first, of those that `created` selects by their time where it is given."""
    return ORDERS.all(_BY_AGE.query(sort=created, descending=True))


def orders_of_email(email: str, limit: int, cursor: str | None) -> tuple[list[Order], str | None]:
    """A page of one customer's orders, newest first, and the cursor of what follows.

    One query; for an address whose domain has two forms one of each form, because an order that was moved in
    before is found by the form that its own shop wrote. Raises InvalidCursor.
    """
    forms = written_forms(email)
    if len(forms) > 1:
        return _orders_of_forms(forms, limit, cursor)
    return ORDERS.page(_OF_EMAIL.query(email_key=address_key(email), descending=True), limit, cursor)


def _orders_of_forms(
    forms: tuple[str, ...], limit: int, cursor: str | None
) -> tuple[list[Order], str | None]:
    scope = f"orders:{forms[0]}"
    queries = (_OF_EMAIL.query(email_key=form, descending=True) for form in forms)
    rows = [item for query in queries for item in fetch_all(query)]
    if cursor is not None:
        before = read_cursor(cursor, scope)["position"]
        rows = [item for item in rows if item["GSI2SK"] < before]
    rows.sort(key=itemgetter("GSI2SK"), reverse=True)
    shown = rows[:limit]
    more = sign_cursor({"position": shown[-1]["GSI2SK"]}, scope) if len(rows) > limit else None
    return [ORDERS.of(item) for item in shown], more


def orders_due(now: str, limit: int | None = None) -> dict[int, OrderDetails]:
    """The orders whose time to be paid had gone at `now` (ISO 8601 UTC), longest ago first, by their ids.

    What the index says may be some moments old.
    """
    rows = fetch_all(_UNPAID_ONES.query(sort=sort_key().lt(now)), limit=limit)
    return {int(row["PK"].removeprefix(f"{prefixes.ORDER}#")): details_from_item(row) for row in rows}


def add_order(work: UnitOfWork, order: Order, details: OrderDetails, taken: Exception) -> None:
    """Writes a new order; `taken` is raised when there is one with this id already."""
    ORDERS.add(work, order, exists=taken)
    work.put(details_item(order.id, details) | _UNPAID_ONES.keys(order))


def change_order(work: UnitOfWork, before: Order, after: Order) -> Order:
    """Writes what differs between `before`, as it was read, and `after`; returns it as it is then.

    It is listed while it has to be paid, and no longer. Raises StaleVersion at the commit when somebody else
    changed the order since it was read: of two refunds that both saw the same order one takes effect.
    """
    stored = ORDERS.change(work, before, after, failed=StaleVersion(ORDERS.noun))
    listed = difference(_UNPAID_ONES.keys(before), _UNPAID_ONES.keys(stored))
    if listed:
        work.update(details_key(after.id), listed)
    return stored
