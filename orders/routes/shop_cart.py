"""Routes of carts below /api/shop, over the same services as those below /api/cart."""

from typing import Any

from common.errors import NotFound
from common.http import PUBLIC, Body, Caching, Request, Routes
from common.http.declared_bodies import optional
from orders.carts import (
    add_item,
    apply_discount,
    change_item,
    clear_cart,
    remove_discount,
    remove_item,
    view_cart,
)
from orders.routes.cart_sessions import with_session
from orders.routes.carts import item_id
from orders.sessions import SESSION_HEADERS, Visitor
from orders.shop_views import changed_cart_json, discounted_cart_json, shop_cart_json

routes = Routes("orders")

# The session id in the answer opens the cart to whoever reads it.
PRIVATE = Caching.PRIVATE


@routes.get("/api/shop/cart", role=PUBLIC, answer="ShopCart", headers=SESSION_HEADERS, cached=PRIVATE)
@with_session
def get_cart(request: Request, visitor: Visitor) -> dict[str, Any]:
    """The caller's cart."""
    return shop_cart_json(view_cart(visitor, request.now), visitor.session_id)


@routes.delete(
    "/api/shop/cart", role=PUBLIC, answer="ClearedShopCart", headers=SESSION_HEADERS, cached=PRIVATE
)
@with_session
def delete_cart(request: Request, visitor: Visitor) -> dict[str, Any]:
    """Takes all items out of the cart."""
    priced = clear_cart(visitor, request.now)
    return {"message": "Cart cleared", **shop_cart_json(priced, visitor.session_id)}


@routes.post(
    "/api/shop/cart/items",
    role=PUBLIC,
    body=Body("shop_schemas.ShopItem"),
    answer="ChangedCart",
    headers=SESSION_HEADERS,
    cached=PRIVATE,
)
@with_session
def post_item(request: Request, visitor: Visitor) -> dict[str, Any]:
    """Puts something into the cart."""
    priced = add_item(visitor, **request.load(), now=request.now)
    return changed_cart_json(priced, visitor.session_id)


@routes.patch(
    "/api/shop/cart/items/{item}",
    role=PUBLIC,
    body=optional("shop_schemas.ShopQuantity"),
    answer="ChangedCart",
    headers=SESSION_HEADERS,
    cached=PRIVATE,
)
@with_session
def patch_item(request: Request, visitor: Visitor) -> dict[str, Any]:
    """Sets how many pieces of an item are in the cart; 0 takes it out."""
    wanted, quantity = item_id(request), request.load().get("quantity")
    if quantity is None:
        priced = view_cart(visitor, request.now)
        if priced.cart.item(wanted) is None:
            raise NotFound("Item not found")
    elif quantity == 0:
        priced = remove_item(visitor, wanted, request.now, must_be_there=True)
    else:
        priced = change_item(visitor, wanted, quantity, request.now)
    return changed_cart_json(priced, visitor.session_id)


@routes.delete(
    "/api/shop/cart/items/{item}", role=PUBLIC, answer="ChangedCart", headers=SESSION_HEADERS, cached=PRIVATE
)
@with_session
def delete_item(request: Request, visitor: Visitor) -> dict[str, Any]:
    """Takes an item out of the cart."""
    priced = remove_item(visitor, item_id(request), request.now, must_be_there=True)
    return changed_cart_json(priced, visitor.session_id)


@routes.post(
    "/api/shop/cart/discount",
    role=PUBLIC,
    body=Body("cart_schemas.TypedCode"),
    answer="DiscountedShopCart",
    headers=SESSION_HEADERS,
    cached=PRIVATE,
)
@with_session
def post_discount(request: Request, visitor: Visitor) -> dict[str, Any]:
    """Puts a discount code on the cart."""
    priced = apply_discount(visitor, request.load()["code"], request.now)
    return discounted_cart_json(priced, visitor.session_id)


@routes.delete(
    "/api/shop/cart/discount", role=PUBLIC, answer="ShopCart", headers=SESSION_HEADERS, cached=PRIVATE
)
@with_session
def delete_discount(request: Request, visitor: Visitor) -> dict[str, Any]:
    """Takes the discount code off the cart."""
    return shop_cart_json(remove_discount(visitor, request.now), visitor.session_id)
