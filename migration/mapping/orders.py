"""Orders: a summary row and one with the lines and addresses for each."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from common.dynamodb import Item
from common.repositories.order_counter import ID_COUNTER
from common.repositories.orders import ORDERS, Order, OrderDetails, OrderLine, details_item, own_number
from migration.mapping.entity import Entity
from migration.mapping.reading import attributes, own_id, row_of
from migration.mapping.records import Child, Context, Record, Row
from migration.schema.columns import (
    CREATED,
    DELETED,
    ELSEWHERE,
    ID,
    NOW,
    UPDATED,
    Table,
    json,
    long_text,
    moment,
    money,
    text,
    whole,
)
from migration.schema.conversions import FOREIGN_ID, MOMENT
from migration.schema.vocabularies import CURRENCIES, Vocabulary
from orders.states import (
    DELIVERED,
    FULFILLED,
    FULFILLMENT_STATUSES,
    PAID,
    PARTIALLY_FULFILLED,
    PAYMENT_STATUSES,
    PENDING,
    PROCESSING,
    REFUNDED,
    SHIPPED,
    UNFULFILLED,
)

_SUMMARY, _DETAILS = "METADATA", "DETAILS"
# Words of a step of the order; of `delivered` the order makes two attributes.
_STEPS = {
    PENDING: UNFULFILLED,
    PROCESSING: PARTIALLY_FULFILLED,
    SHIPPED: FULFILLED,
    DELIVERED: DELIVERED,
}
_PAYMENTS = Vocabulary(PAYMENT_STATUSES, {"succeeded": PAID, "unpaid": PENDING})
TABLE = Table(
    "orders",
    (
        ID,
        text("order_number", 50, unique=True),
        whole("user_id", null=True, convert=FOREIGN_ID),
        text("customer_email", 255),
        text("customer_name", 255),
        money("subtotal", default="0"),
        money("tax", default="0"),
        money("discount", default="0"),
        money("total", default="0"),
        text("currency", 3, default="'EUR'", words=CURRENCIES),
        text("payment_status", 20, default="'pending'", words=_PAYMENTS),
        text("payment_intent_id", 255, null=True),
        text("payment_method", 50, null=True),
        text(
            "fulfillment_status", 20, default="'unfulfilled'", words=Vocabulary(FULFILLMENT_STATUSES, _STEPS)
        ),
        json("shipping_address", part=_DETAILS),
        json("billing_address", part=_DETAILS),
        long_text("notes", part=_DETAILS),
        CREATED,
        UPDATED,
        DELETED,
    ),
    "ORDER#{id} / METADATA and DETAILS",
)
LINES = Table(
    "order_items",
    (
        ID,
        whole("order_id", references="orders", becomes=ELSEWHERE),
        whole("product_id", null=True),
        whole("variant_id", null=True),
        text("product_name", 500),
        text("variant_name", 255, null=True),
        text("sku", 100, null=True),
        whole("quantity", default="1"),
        money("unit_price"),
        money("total_price"),
        moment("created_at", default=NOW, becomes=ELSEWHERE),
    ),
    "in the DETAILS row of the order",
)


def _items(record: Record, context: Context) -> list[Item]:
    """Both rows of an order."""
    row = record.row(TABLE.name)
    order = _order(row, context)
    details = OrderDetails(
        **attributes(TABLE, row, context, _DETAILS),
        lines=tuple(_line(order, line, context) for line in record.all(LINES.name)),
    )
    return [ORDERS.item(order), details_item(order.id, details)]


def _order(row: Row, context: Context) -> Order:
    values = attributes(TABLE, row, context)
    is_delivered = values["fulfillment_status"] == DELIVERED
    return Order(
        **(values | ({"fulfillment_status": FULFILLED} if is_delivered else {})),
        # PostgreSQL does not say when; nothing has changed since.
        delivered_at=values["updated_at"] if is_delivered else None,
        # PostgreSQL knows whole refunds only.
        refunded_amount=values["total"] if values["payment_status"] == REFUNDED else Decimal("0.00"),
    )


def _line(order: Order, row: Row, context: Context) -> OrderLine:
    """A line; it says when it was made where that is not when the order was."""
    made = row.get("created_at")
    created_at = None if made is None else MOMENT.here(made, context)
    own = None if created_at == order.created_at else created_at
    return OrderLine(**attributes(LINES, row, context), created_at=own)


_record_of = own_id("ORDER#", _SUMMARY, _DETAILS)


def _rows(stored: Sequence[Item]) -> dict[str, list[Row]]:
    own = {item["SK"]: item for item in stored if _record_of(item) is not None}
    summary, details = own.get(_SUMMARY), own.get(_DETAILS, {})
    if summary is None:
        return {TABLE.name: [], LINES.name: []}
    order = row_of(TABLE, summary) | row_of(TABLE, details, _DETAILS)
    return {TABLE.name: [order], LINES.name: [_line_row(summary, line) for line in details.get("lines", [])]}


def _line_row(summary: Item, line: Item) -> Row:
    created_at = MOMENT.there(line.get("created_at", summary["created_at"]))
    return row_of(LINES, line, order_id=summary["id"], created_at=created_at)


def _reserves(record: Record) -> Mapping[str, int]:
    """A number of our own form stands for an id, which no new order may take."""
    number = own_number(str(record.row(TABLE.name).get("order_number") or ""))
    return {} if number is None else {ID_COUNTER: number}


ORDERS_ENTITY = Entity(
    name=TABLE.name,
    table=TABLE.name,
    items=_items,
    rows=_rows,
    record_of=_record_of,
    children=(Child(LINES.name, "order_id"),),
    counters={TABLE.name: ID_COUNTER},
    reserves=_reserves,
)
