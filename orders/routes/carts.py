"""Routes of carts."""

from typing import Any

from common.http import PUBLIC, Body, Caching, Request, Response, Routes
from common.numeric_ids import numeric_id
from orders.cart_views import applied_discount_json, cart_json
from orders.carts import (
    PricedCart,
    add_item,
    apply_discount,
    change_item,
    clear_cart,
    remove_discount,
    remove_item,
    view_cart,
)
from orders.sessions import SESSION_HEADERS, Visitor, session_cookie, visitor_of

routes = Routes("orders")

# The session id in the answer opens the cart to whoever reads it.
PRIVATE = Caching.PRIVATE


@routes.get("/api/cart", role=PUBLIC, answer="Cart", headers=SESSION_HEADERS, cached=PRIVATE)
def get_cart(request: Request) -> Response:
    """The caller's cart."""
    visitor = visitor_of(request)
    return _answer(visitor, view_cart(visitor, request.now))


@routes.delete("/api/cart", role=PUBLIC, answer="ClearedCart", headers=SESSION_HEADERS, cached=PRIVATE)
def delete_cart(request: Request) -> Response:
    """Takes all items out of the cart."""
    visitor = visitor_of(request)
    return _answer(visitor, clear_cart(visitor, request.now), {"message": "Cart cleared"})


@routes.post(
    "/api/cart/items",
    role=PUBLIC,
    body=Body("cart_schemas.NewItem"),
    answer="Cart",
    headers=SESSION_HEADERS,
    refuses=(404,),
    cached=PRIVATE,
)
def post_item(request: Request) -> Response:
    """Puts something into the cart."""
    visitor, body = visitor_of(request), request.load()
    return _answer(visitor, add_item(visitor, **body, now=request.now))


@routes.patch(
    "/api/cart/items/{item}",
    role=PUBLIC,
    body=Body("cart_schemas.Quantity"),
    answer="Cart",
    headers=SESSION_HEADERS,
    cached=PRIVATE,
)
def patch_item(request: Request) -> Response:
    """Sets how many pieces of an item are in the cart."""
    visitor, body = visitor_of(request), request.load()
    return _answer(visitor, change_item(visitor, item_id(request), body["quantity"], request.now))


@routes.delete("/api/cart/items/{item}", role=PUBLIC, answer="Cart", headers=SESSION_HEADERS, cached=PRIVATE)
def delete_item(request: Request) -> Response:
    """Takes an item out of the cart."""
    visitor = visitor_of(request)
    return _answer(visitor, remove_item(visitor, item_id(request), request.now))


@routes.post(
    "/api/cart/discount",
    role=PUBLIC,
    body=Body("cart_schemas.TypedCode"),
    answer="DiscountedCart",
    headers=SESSION_HEADERS,
    cached=PRIVATE,
)
def post_discount(request: Request) -> Response:
    """Puts a discount code on the cart."""
    visitor, body = visitor_of(request), request.load()
    priced = apply_discount(visitor, body["code"], request.now)
    return _answer(visitor, priced, applied_discount_json(priced))


@routes.delete("/api/cart/discount", role=PUBLIC, answer="Cart", headers=SESSION_HEADERS, cached=PRIVATE)
def delete_discount(request: Request) -> Response:
    """Takes the discount code off the cart."""
    visitor = visitor_of(request)
    return _answer(visitor, remove_discount(visitor, request.now))


def _answer(visitor: Visitor, priced: PricedCart, more: dict[str, Any] | None = None) -> Response:
    body = {**cart_json(priced, visitor.session_id), **(more or {})}
    return Response(body, cookies=[session_cookie(visitor.session_id)])


def item_id(request: Request) -> int:
    """The item that the path names; 0, which no cart has, for what is no id: taking it out succeeds."""
    return numeric_id(request.params["item"]) or 0
