"""What the templates of mails about an order are given, by the names in docs/mail.md."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from common import config
from common.order_links import paper_link, withdrawal_link
from common.repositories.orders import Order, OrderDetails, OrderLine, TaxAmount
from common.repositories.withdrawals import Withdrawal

# The parts of an address, line by line.
ADDRESS = (("street",), ("zip_code", "city", "state"), ("country",))


def order_values(
    order: Order, details: OrderDetails, facts: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """`order`, `links` and `facts` of a mail that is written at `now`.

    Raises ConfigurationError without `SHOP_URL`.
    """
    return {
        "order": _order(order, details),
        "links": _links(order, details) | _papers(order, facts, now),
        "facts": dict(facts),
    }


def withdrawal_values(withdrawal: Withdrawal, details: OrderDetails) -> dict[str, Any]:
    """`withdrawal` of a mail about one: what was declared, word by word, and which pieces it is about."""
    names = {str(line.id): line for line in details.lines}
    return {
        "requested_at": withdrawal.requested_at,
        "statement": withdrawal.statement,
        "name": withdrawal.customer_name,
        "reason": withdrawal.refusal_reason,
        "lines": [
            {"quantity": pieces, "name": names[line].product_name, "variant": names[line].variant_name}
            for line, pieces in withdrawal.pieces.items()
            if line in names
        ],
    }


def _order(order: Order, details: OrderDetails) -> dict[str, Any]:
    return {
        "number": order.order_number,
        "name": order.customer_name,
        "created_at": order.created_at,
        "is_paid": order.payment_status not in {"pending", "failed"},
        "is_cancelled": order.cancelled_at is not None,
        "payment_method": order.payment_method,
        "payment_due_at": order.payment_due_at,
        "currency": order.currency,
        "subtotal": order.subtotal,
        "discount": order.discount,
        "discount_code": order.discount_code,
        "shipping": order.shipping,
        "delivery": details.delivery.method if details.delivery else None,
        "tax": order.tax,
        "prices_include_tax": order.prices_include_tax,
        "tax_note": details.tax_note,
        "taxes": [_tax(each) for each in details.taxes],
        "total": order.total,
        "refunded": order.refunded_amount,
        "lines": [_line(each) for each in details.lines],
        "address": _address(details.shipping_address),
        "parcel": _parcel(order),
        "can_withdraw": any(not line.cannot_be_withdrawn for line in details.lines),
    }


def _line(line: OrderLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "name": line.product_name,
        "variant": line.variant_name,
        "sku": line.sku,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "total": line.total_price,
        "numbers": list(line.numbers or ()),
        "cannot_be_withdrawn": bool(line.cannot_be_withdrawn),
    }


def _tax(amount: TaxAmount) -> dict[str, Decimal | str]:
    return {"country": amount.country, "rate": amount.rate, "net": amount.net, "tax": amount.tax}


def _parcel(order: Order) -> dict[str, str | None] | None:
    if order.parcel is None:
        return None
    return {
        "carrier": order.parcel.carrier,
        "number": order.parcel.tracking_number,
        "shipped_at": order.parcel.shipped_at,
    }


def _address(address: Any) -> list[str]:
    """The lines of an address, in whatever form it was stored."""
    if not isinstance(address, Mapping):
        return []
    lines = (" ".join(str(address[name]) for name in names if address.get(name)) for names in ADDRESS)
    return [line for line in lines if line]


def _links(order: Order, details: OrderDetails) -> dict[str, str | None]:
    page = config.setting("ORDER_PAGE_URL")
    is_reached = any(not line.cannot_be_withdrawn for line in details.lines)
    return {
        "order": page.replace("{number}", order.order_number) if page else None,
        "withdrawal": withdrawal_link(order) if is_reached else None,
        "tracking": _followed(order),
    }


def _papers(order: Order, facts: Mapping[str, Any], now: datetime) -> dict[str, str | None]:
    note = facts.get("credit_note")
    return {
        "invoice": paper_link(order.invoice, now) if order.invoice else None,
        "credit_note": paper_link(str(note), now) if note else None,
    }


def _followed(order: Order) -> str | None:
    url = order.parcel.tracking_url if order.parcel else None
    # Whatever was typed: a reader's click leads to a page, and runs nothing.
    return url if url and url.startswith(("https://", "http://")) else None
