"""Orders as a CSV file for a spreadsheet or an accountant: a row for each line of each order."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from common.csv_files import BYTE_ORDER_MARK, csv_text
from common.errors import Conflict
from common.http.answer_size import fits
from common.money import unrounded
from common.repositories.orders import (
    Order,
    OrderDetails,
    OrderLine,
    TaxAmount,
    all_orders,
    details_of_orders,
)
from orders.orders import OrderFilters
from orders.refund_pieces import refunded_of
from orders.states import word

TOO_LARGE = (
    "These orders are more than an answer can hold: ask for a shorter time by start_date and end_date, "
    "or use `artshop orders export`"
)

_ADDRESS = ("street", "city", "state", "zip_code", "country")
# In every row of an order.
_OF_ALL = (
    "order_number",
    "created_at",
    "status",
    "payment_status",
    "fulfillment_status",
    "payment_method",
    "paid_at",
    "delivered_at",
    "cancelled_at",
    "channel",
    "withdrawal_status",
    "invoice",
    "corrections",
    "customer_name",
    "customer_email",
    "language",
    *(f"shipping_{name}" for name in _ADDRESS),
    "currency",
)
_OF_LINE = (
    "product",
    "variant",
    "sku",
    "quantity",
    "refunded_quantity",
    "unit_price",
    "line_total",
    "tax_class",
    "tax_rate",
    "numbers",
)
# In its first row alone, so that a column may be added up.
_AMOUNTS = (
    "subtotal",
    "discount",
    "shipping",
    "shipping_discount",
    "tax",
    "total",
    "refunded_amount",
    "credited",
)
_OF_TAX = ("prices_include_tax", "taxes", "tax_treatment", "vat_number")
_ONCE = ("discount_code", "shipping_method", *_AMOUNTS, *_OF_TAX, "carrier", "tracking_number", "notes")
COLUMNS = (*_OF_ALL, *_OF_LINE, *_ONCE)


def answerable_file(filters: OrderFilters) -> str:
    """The orders that the filters want as CSV; Conflict where an answer cannot hold them."""
    text = whole_file(filters)
    if not fits(text):
        raise Conflict(TOO_LARGE)
    return text


def whole_file(filters: OrderFilters) -> str:
    """The orders that the filters want as CSV with a header, the oldest first.

    All orders of the stretch of time are read, and the lines of those that are wanted. Amounts are in the
    order's currency, as they are stored, with a point; times are in UTC.
    """
    found = [] if filters.selects_none else all_orders(filters.created())
    wanted = [order for order in reversed(found) if order.deleted_at is None and filters.wants(order)]
    details = details_of_orders(order.id for order in wanted)
    rows = (
        [row.get(name) for name in COLUMNS]
        for order in wanted
        for row in order_rows(order, details.get(order.id, OrderDetails(())))
    )
    return BYTE_ORDER_MARK + csv_text(COLUMNS, rows)


def order_rows(order: Order, details: OrderDetails) -> Iterator[dict[str, Any]]:
    """The rows of an order by column, one where it has no lines."""
    of_all, once = _of_all(order, details), _once(order, details)
    for line in details.lines or (None,):
        yield of_all | (_of_line(order, line) if line else {}) | once
        once = {}


def _of_all(order: Order, details: OrderDetails) -> dict[str, Any]:
    address = details.shipping_address if isinstance(details.shipping_address, Mapping) else {}
    own = {name: getattr(order, name) for name in _OF_ALL if hasattr(order, name)}
    where = {f"shipping_{name}": _text(address.get(name)) for name in _ADDRESS}
    return {**own, "status": word(order), "corrections": " ".join(order.corrections), **where}


def _of_line(order: Order, line: OrderLine) -> dict[str, Any]:
    return {
        "product": line.product_name,
        "variant": line.variant_name,
        "sku": line.sku,
        "quantity": line.quantity,
        "refunded_quantity": refunded_of(order, line),
        "unit_price": unrounded(line.unit_price, order.currency),
        "line_total": unrounded(line.total_price, order.currency),
        "tax_class": line.tax_class,
        "tax_rate": line.tax_rate,
        "numbers": " ".join(str(number) for number in line.numbers or ()),
    }


def _once(order: Order, details: OrderDetails) -> dict[str, Any]:
    parcel, delivery = order.parcel, details.delivery
    return {
        **{name: unrounded(getattr(order, name), order.currency) for name in _AMOUNTS},
        "discount_code": order.discount_code,
        "shipping_method": delivery.method if delivery else None,
        "prices_include_tax": "true" if order.prices_include_tax else "false",
        "taxes": taxes_text(details.taxes, order.currency),
        "tax_treatment": details.tax_treatment,
        "vat_number": details.vat_number,
        "carrier": parcel.carrier if parcel else None,
        "tracking_number": parcel.tracking_number if parcel else None,
        "notes": details.notes,
    }


def taxes_text(taxes: Iterable[TaxAmount], currency: str) -> str:
    """The amounts by rate in one cell: `AT standard 0.2: 20.00 of 100.00; ...`."""
    amounts = ((it, unrounded(it.tax, currency), unrounded(it.net, currency)) for it in taxes)
    return "; ".join(f"{it.country} {it.tax_class} {it.rate}: {tax} of {net}" for it, tax, net in amounts)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
