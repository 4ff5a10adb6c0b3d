"""What the payloads of Shopify's webhooks say, in the same terms as the polled orders.

A payload is checked as a whole before anything of it is used: what cannot be read raises InvalidInput.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from common.clock import parse_iso
from common.errors import InvalidInput
from etsy_sync.adapters.shopify.orders import Order, OrderLine, Refund, RefundLine, was_paid

T = TypeVar("T")

Payload = dict[str, Any]

NO_RESTOCK = "no_restock"


@dataclass(frozen=True, slots=True)
class InventoryLevel:
    """What can be sold of an inventory item at a location; `available` None when it is not counted."""

    inventory_item_id: str
    location_id: str
    available: int | None
    updated_at: datetime | None


def parse_order_created(payload: Payload) -> Order:
    """The order of `orders/create`. Raises InvalidInput."""
    return _checked(_order, payload)


def parse_order_cancelled(payload: Payload) -> Order:
    """The order of `orders/cancelled`: `cancelled_at` is set, `refunds` say what was restocked.

    Raises InvalidInput.
    """
    order = _checked(_order, payload)
    if order.cancelled_at is None:
        raise InvalidInput.of_field("cancelled_at", "is missing")
    return order


def parse_refund(payload: Payload) -> Refund:
    """The refund of `refunds/create`. Raises InvalidInput."""
    return _checked(lambda refund: _refund(refund, _id(refund, "order_id")), payload)


def parse_inventory_level(payload: Payload) -> InventoryLevel:
    """The level of `inventory_levels/update`, also sent for what the shop wrote itself.

    Raises InvalidInput.
    """
    return _checked(_level, payload)


def _checked(parse: Callable[[Payload], T], payload: Payload) -> T:
    try:
        return parse(payload)
    except InvalidInput:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
        raise InvalidInput(f"The payload cannot be read: {type(error).__name__}") from None


def _order(payload: Payload) -> Order:
    order_id = _id(payload, "id")
    created_at = parse_iso(payload["created_at"])
    customer = payload.get("customer") or {}
    names = (customer.get("first_name"), customer.get("last_name"))
    return Order(
        id=order_id,
        name=str(payload.get("name") or f"#{order_id}"),
        created_at=created_at,
        updated_at=_moment(payload.get("updated_at")) or created_at,
        cancelled_at=_moment(payload.get("cancelled_at")),
        is_paid=was_paid(payload.get("financial_status")),
        is_test=payload.get("test") is True,
        currency=str(payload["currency"]),
        subtotal=_amount(payload.get("subtotal_price")),
        discount=_amount(payload.get("total_discounts")),
        shipping=_shop_money(payload.get("total_shipping_price_set")),
        tax=_amount(payload.get("total_tax")),
        total=_amount(payload.get("total_price")),
        lines=tuple(_line(line) for line in payload["line_items"]),
        refunds=tuple(_refund(refund, order_id) for refund in _listed(payload, "refunds")),
        email=payload.get("email") or None,
        customer_name=" ".join(name for name in names if name) or None,
    )


def _line(line: Payload) -> OrderLine:
    return OrderLine(
        id=_id(line, "id"),
        sku=(line.get("sku") or "").strip(),
        variant_id=str(line["variant_id"]) if line.get("variant_id") else None,
        title=str(line.get("title") or ""),
        quantity=_count(line["quantity"]),
        price=_amount(line.get("price")),
    )


def _refund(refund: Payload, order_id: str) -> Refund:
    return Refund(
        id=_id(refund, "id"),
        order_id=order_id,
        lines=tuple(
            RefundLine(
                line_id=_id(line, "line_item_id"),
                quantity=_count(line["quantity"]),
                restock_type=str(line.get("restock_type") or NO_RESTOCK),
            )
            for line in _listed(refund, "refund_line_items")
        ),
    )


def _level(payload: Payload) -> InventoryLevel:
    available = payload.get("available")
    return InventoryLevel(
        inventory_item_id=_id(payload, "inventory_item_id"),
        location_id=_id(payload, "location_id"),
        available=None if available is None else int(available),
        updated_at=_moment(payload.get("updated_at")),
    )


def _id(payload: Payload, name: str) -> str:
    value = payload.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput.of_field(name, "must be a number")
    return str(value)


def _listed(payload: Payload, name: str) -> Iterable[Payload]:
    return payload.get(name) or ()


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InvalidInput.of_field("quantity", "must be a whole number, and not negative")
    return value


def _moment(text: str | None) -> datetime | None:
    return parse_iso(text) if text else None


def _amount(value: Any) -> Decimal:
    amount = Decimal(value or 0)
    if not amount.is_finite():
        raise InvalidInput("The payload cannot be read: an amount is no number")
    return amount


def _shop_money(bag: Payload | None) -> Decimal:
    return _amount(((bag or {}).get("shop_money") or {}).get("amount"))
