"""The JSON forms of orders: flat, with the names that each of the clients knows."""

from typing import Any

from common.repositories.orders import Delivery, Order, OrderDetails, OrderLine, Parcel, TaxAmount
from orders.access import access_token
from orders.providers import Intent
from orders.refund_pieces import refunded_of, restocked_of
from orders.states import word

_STATE = ("id", "order_number", "payment_status", "fulfillment_status")
_PUBLIC = (
    "id",
    "order_number",
    "subtotal",
    "tax",
    "discount",
    "shipping",
    "total",
    "currency",
    "prices_include_tax",
    "payment_status",
    "fulfillment_status",
    "payment_method",
    "refunded_amount",
    "cancelled_at",
    "delivered_at",
    "withdrawal_status",
    "created_at",
    "updated_at",
)
_PERSONAL = (
    "customer_email",
    "customer_name",
    "user_id",
    "payment_intent_id",
    "discount_code",
    "deleted_at",
    "dispute_status",
    "disputed_amount",
    "lost_amount",
    "refunded_shipping",
    "invoice",
)
_PARCEL = ("carrier", "tracking_number", "tracking_url", "shipped_at")
_DELIVERY = ("method", "price", "country", "weight", "place")


def state_json(order: Order) -> dict[str, Any]:
    """What a stranger may know who has the number, which anybody can count up to: how the order stands."""
    return {name: getattr(order, name) for name in _STATE} | {"status": word(order)}


def public_json(order: Order) -> dict[str, Any]:
    """What whoever holds the order is told of its payment: no name, no address, no e-mail."""
    return {name: getattr(order, name) for name in _PUBLIC} | {"status": word(order)}


def summary_json(order: Order) -> dict[str, Any]:
    """An order as a list shows it to the administrator."""
    personal = {name: getattr(order, name) for name in _PERSONAL}
    return public_json(order) | personal | {"parcel": _named(order.parcel, _PARCEL)}


def full_json(order: Order, details: OrderDetails) -> dict[str, Any]:
    """An order as its buyer and the administrator see it, without its items."""
    return summary_json(order) | {
        "shipping_address": details.shipping_address,
        "billing_address": details.billing_address,
        "notes": details.notes,
        "taxes": [tax_json(it) for it in details.taxes],
        "tax_treatment": details.tax_treatment,
        "tax_note": details.tax_note,
        "vat_number": details.vat_number,
        "delivery": delivery_json(details.delivery),
    }


def delivery_json(delivery: Delivery | None) -> dict[str, Any] | None:
    """How an order is sent."""
    return _named(delivery, _DELIVERY)


def tax_json(tax: TaxAmount) -> dict[str, Any]:
    """What one rate comes to."""
    return {
        "country": tax.country,
        "tax_class": tax.tax_class,
        "rate": tax.rate,
        "net": tax.net,
        "tax": tax.tax,
    }


def items_json(order: Order, details: OrderDetails) -> list[dict[str, Any]]:
    """The lines of an order, with both names of each text."""
    return [_item(order, line) for line in details.lines]


def page_json(order: Order, details: OrderDetails) -> dict[str, Any]:
    """One order with its items, flat."""
    return full_json(order, details) | {"items": items_json(order, details)}


def placed_json(order: Order, details: OrderDetails, intent: Intent | None) -> dict[str, Any]:
    """The answer to a checkout: the order, its secret, and what the buyer needs to pay."""
    answer: dict[str, Any] = {
        "order": full_json(order, details),
        "items": items_json(order, details),
        "order_id": order.id,
        "order_number": order.order_number,
        "total": order.total,
        "status": word(order),
        "payment_intent_id": order.payment_intent_id,
        "access_token": access_token(order),
    }
    return answer | _intent(intent, order)


def _named(thing: Delivery | Parcel | None, names: tuple[str, ...]) -> dict[str, Any] | None:
    return None if thing is None else {name: getattr(thing, name) for name in names}


def _intent(intent: Intent | None, order: Order) -> dict[str, Any]:
    if intent is None:
        return {}
    return {
        "payment_intent_id": intent.reference or order.payment_intent_id,
        "client_secret": intent.client_secret,
        "payment_metadata": intent.metadata,
    }


def _item(order: Order, line: OrderLine) -> dict[str, Any]:
    from orders.certificates import certificate_links

    return {
        "id": line.id,
        "order_id": order.id,
        "product_id": line.product_id,
        "variant_id": line.variant_id,
        "product_name": line.product_name,
        "product_title": line.product_name,
        "variant_name": line.variant_name,
        "sku": line.sku,
        "product_sku": line.sku,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "total_price": line.total_price,
        "tax_class": line.tax_class,
        "tax_rate": line.tax_rate,
        "refunded_quantity": refunded_of(order, line),
        "restocked_quantity": restocked_of(order, line),
        **({"numbers": list(line.numbers)} if line.numbers else {}),
        **({"certificates": links} if (links := certificate_links(order, line)) else {}),
        "cannot_be_withdrawn": bool(line.cannot_be_withdrawn),
        "created_at": line.created_at or order.created_at,
    }
