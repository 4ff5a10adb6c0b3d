"""Orders: a summary row and one with the lines and addresses for each."""

from collections.abc import Mapping
from decimal import Decimal

from common.dynamodb import Item
from common.repositories.order_counter import ID_COUNTER
from common.repositories.orders import Order, OrderDetails, OrderLine, details_item, order_item, own_number
from migration.mapping.entity import Entity
from migration.mapping.order_rows import record_of, rows
from migration.mapping.reading import Columns
from migration.mapping.records import Child, Context, Record
from orders.states import DELIVERED, FULFILLED, PENDING, REFUNDED, UNFULFILLED

TABLE, LINES = "orders", "order_items"


def items(record: Record, context: Context) -> list[Item]:
    """Both rows of an order."""
    columns = Columns(TABLE, record.row(TABLE), context)
    order = _order(columns)
    lines = (_line(order, Columns(LINES, row, context)) for row in record.all(LINES))
    details = OrderDetails(
        lines=tuple(lines),
        shipping_address=columns.get("shipping_address"),
        billing_address=columns.get("billing_address"),
        notes=columns.get("notes"),
    )
    return [order_item(order), details_item(order.id, details)]


def _order(columns: Columns) -> Order:
    total = columns.amount("total")
    payment_status = columns.required("payment_status", PENDING)
    parcel = columns.required("fulfillment_status", UNFULFILLED)
    user_id = columns.get("user_id")
    return Order(
        id=columns.required("id"),
        order_number=columns.required("order_number"),
        customer_email=columns.required("customer_email"),
        customer_name=columns.required("customer_name"),
        subtotal=columns.amount("subtotal"),
        tax=columns.amount("tax"),
        discount=columns.amount("discount"),
        total=total,
        currency=columns.required("currency", "EUR"),
        payment_method=columns.get("payment_method"),
        created_at=columns.created_at(),
        updated_at=columns.updated_at(),
        payment_status=payment_status,
        fulfillment_status=FULFILLED if parcel == DELIVERED else parcel,
        # PostgreSQL does not say when; nothing has changed since.
        delivered_at=columns.updated_at() if parcel == DELIVERED else None,
        payment_intent_id=columns.get("payment_intent_id"),
        # PostgreSQL knows whole refunds only.
        refunded_amount=total if payment_status == REFUNDED else Decimal("0.00"),
        user_id=None if user_id is None else str(user_id),
        deleted_at=columns.moment("deleted_at"),
    )


def _line(order: Order, columns: Columns) -> OrderLine:
    created_at = columns.moment("created_at")
    return OrderLine(
        id=columns.required("id"),
        product_id=columns.get("product_id"),
        variant_id=columns.get("variant_id"),
        product_name=columns.required("product_name"),
        variant_name=columns.get("variant_name"),
        sku=columns.get("sku"),
        quantity=columns.required("quantity", 1),
        unit_price=columns.amount("unit_price", None),
        total_price=columns.amount("total_price", None),
        created_at=None if created_at == order.created_at else created_at,
    )


def reserves(record: Record) -> Mapping[str, int]:
    """A number of our own form stands for an id, which no new order may take."""
    number = own_number(str(record.row(TABLE).get("order_number") or ""))
    return {} if number is None else {ID_COUNTER: number}


ORDERS = Entity(
    name=TABLE,
    table=TABLE,
    items=items,
    rows=rows,
    record_of=record_of,
    children=(Child(LINES, "order_id"),),
    counters={TABLE: ID_COUNTER},
    reserves=reserves,
)
