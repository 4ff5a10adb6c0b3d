"""The JSON form of a quote: what an order would cost, how it could be sent, and what would be owed on it."""

from typing import Any

from common.repositories.orders import Delivery
from orders.checkout import Draft
from orders.order_views import delivery_json, tax_json
from orders.pricing import Line
from orders.shipping import methods_of


def quote_json(draft: Draft) -> dict[str, Any]:
    """The amounts of an order as it would be placed, and every way in which it could be sent."""
    amounts, taxation = draft.amounts, draft.taxation
    code = draft.offers.code
    return {
        "subtotal": amounts.subtotal,
        "discount": amounts.discount,
        "shipping": amounts.shipping,
        "tax": amounts.tax,
        "total": amounts.total,
        "currency": amounts.currency,
        "prices_include_tax": amounts.prices_include_tax,
        "taxes": [tax_json(it) for it in amounts.taxes],
        "tax_treatment": taxation.treatment if taxation else None,
        "tax_note": taxation.note if taxation else None,
        "discount_code": code.code if code else None,
        "delivery": delivery_json(draft.delivery),
        "shipping_methods": [delivery_json(each) for each in _methods(draft)],
        "items": [_item(line) for line in draft.lines],
    }


def _methods(draft: Draft) -> tuple[Delivery, ...]:
    shipping = draft.basis.terms.shipping
    return methods_of(shipping, draft.purchase.shipping_address, draft.lines, draft.offers)


def _item(line: Line) -> dict[str, Any]:
    return {
        "product_id": line.product_id,
        "variant_id": line.variant_id,
        "product_name": line.title,
        "variant_name": line.variant_name,
        "sku": line.sku,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "total_price": line.total,
        "cannot_be_withdrawn": line.cannot_be_withdrawn,
    }
