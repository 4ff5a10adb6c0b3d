"""The JSON of carts and orders below /api/shop: each field that there is, null where it is not set.

Stored amounts are texts such as "25.00", with the decimals of their currency; what is computed, and the
prices in the products and variants of a cart, are numbers, because the cart page adds them up as they come.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from common.money import unrounded
from common.repositories.orders import Order, OrderDetails
from orders.access import access_token
from orders.cart_views import applied_discount_json, cart_json, several_currencies_json
from orders.carts import PricedCart
from orders.discount_views import type_word
from orders.order_views import page_json
from orders.providers import Intent

_OF_A_PRODUCT = (
    "short_description",
    "sku",
    "gtin",
    "character_id",
    "character_value",
    "etsy_link",
    "deleted_at",
)

# Decimals that are no amounts of money.
_NUMBERS = frozenset({"tax_rate"})


def shop_cart_json(priced: PricedCart, session_id: str) -> dict[str, Any]:
    """A cart beside its computed amounts."""
    body = cart_json(priced, session_id)
    cart = {
        **body["cart"],
        "user_id": priced.cart.user_id,
        "discount_code": priced.cart.discount_code,
        "discount_amount": _text(priced.totals.discount, priced.totals.currency),
        "items": [_item_json(item) for item in body["items"]],
    }
    sums = {name: body[name] for name in ("subtotal", "tax", "discount", "total", "prices_include_tax")}
    return {"cart": cart, **sums, **several_currencies_json(priced)}


def changed_cart_json(priced: PricedCart, session_id: str) -> dict[str, Any]:
    """The same, with the cart's own fields beside it, which is all that older clients read."""
    body = shop_cart_json(priced, session_id)
    return {**body["cart"], **body}


def discounted_cart_json(priced: PricedCart, session_id: str) -> dict[str, Any]:
    """The cart, and what the code that was just applied takes off."""
    applied = applied_discount_json(priced)
    if priced.code is not None:
        applied["discount_type"] = type_word(priced.code)
    return {**shop_cart_json(priced, session_id), **applied}


def shop_order_json(order: Order, details: OrderDetails, intent: Intent | None) -> dict[str, Any]:
    """The answer to a checkout: the order with its items, and what the buyer needs to pay."""
    shown = page_json(order, details)
    items = [_with_texts(item, order.currency) for item in shown["items"]]
    answer = _with_texts(shown, order.currency)
    answer |= {"items": items, "order_id": order.id, "client_secret": None}
    if shown["delivery"] is not None:
        answer["delivery"] = _with_texts(shown["delivery"], order.currency)
    answer["access_token"] = access_token(order)
    if intent is not None:
        answer["payment_intent_id"] = intent.reference or order.payment_intent_id
        answer["client_secret"] = intent.client_secret
    return answer | ({"payment_metadata": intent.metadata} if intent and intent.metadata else {})


def _item_json(item: Mapping[str, Any]) -> dict[str, Any]:
    product = {**dict.fromkeys(_OF_A_PRODUCT), **item["product"]}
    return {**item, "product": product, "variant": {**item["variant"], "deleted_at": None}}


def _with_texts(values: Mapping[str, Any], currency: str) -> dict[str, Any]:
    return {
        name: _text(value, currency) if isinstance(value, Decimal) and name not in _NUMBERS else value
        for name, value in values.items()
    }


def _text(amount: Decimal, currency: str) -> str:
    return str(unrounded(amount, currency))
