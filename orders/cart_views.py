"""The JSON of carts, as the storefronts read it."""

from typing import Any

from common.product_json import product_json, variant_json
from common.sparse import without_none
from orders.carts import CartLine, PricedCart
from orders.repositories.carts import Cart

# An item shows its own variant, and a cart of fifty items no fifty essays.
_LEFT_OUT = ("long_description", "publish_at", "unpublish_at", "variants", "categories")


def cart_json(priced: PricedCart, session_id: str) -> dict[str, Any]:
    """A cart with its items, each with product and variant, and its amounts as numbers."""
    cart, amounts = priced.cart, priced.totals
    items = [_item_json(cart, line) for line in priced.lines]
    discount = {"discount_code": cart.discount_code, "discount_reason": priced.reason}
    return {
        "cart": {
            "id": cart.id,
            "session_token": session_id,
            "session_id": session_id,
            "items": items,
            **without_none(discount),
            "discount_amount": amounts.discount,
            "created_at": cart.created_at,
            "updated_at": cart.updated_at,
        },
        "items": items,
        "subtotal": amounts.subtotal,
        "discount": amounts.discount,
        "tax": amounts.tax,
        "total": amounts.total,
        "prices_include_tax": amounts.prices_include_tax,
        **several_currencies_json(priced),
    }


def several_currencies_json(priced: PricedCart) -> dict[str, Any]:
    """Why a cart of several currencies has no sum, and those of each; nothing for any other cart.

    Its `subtotal`, `discount`, `tax` and `total` are 0, because the storefronts' pages call them as numbers.
    """
    if priced.notice is None:
        return {}
    each = [
        {"currency": sums.currency, "subtotal": sums.subtotal, "tax": sums.tax, "total": sums.total}
        for sums in priced.sums
    ]
    return {"currency": None, "notice": priced.notice, "totals_by_currency": each}


def applied_discount_json(priced: PricedCart) -> dict[str, Any]:
    """What a code that was just applied takes off."""
    code, amounts = priced.code, priced.totals
    if code is None:
        return {}
    return {
        "discount_code": code.code,
        "discount_type": code.discount_type,
        "discount_value": code.discount_value,
        "discount_amount": amounts.discount,
        "total_before": amounts.subtotal + (0 if amounts.prices_include_tax else amounts.tax),
        "total_after": amounts.total,
    }


def _item_json(cart: Cart, line: CartLine) -> dict[str, Any]:
    item = line.item
    product = {name: value for name, value in product_json(line.product).items() if name not in _LEFT_OUT}
    return {
        "id": item.id,
        "cart_id": cart.id,
        "product_id": item.product_id,
        "variant_id": item.variant_id,
        "quantity": item.quantity,
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "product": product,
        "variant": variant_json(line.variant),
    }
