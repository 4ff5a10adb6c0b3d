"""Routes of carts."""

from typing import Any

from common.http import PUBLIC, Request, Response, Routes
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
from orders.sessions import Visitor, session_cookie, visitor_of

routes = Routes("orders")


@routes.get("/api/cart", role=PUBLIC)
def get_cart(request: Request) -> Response:
    """The caller's cart."""
    visitor = visitor_of(request)
    return _answer(visitor, view_cart(visitor, request.now))


@routes.delete("/api/cart", role=PUBLIC)
def delete_cart(request: Request) -> Response:
    """Takes all items out of the cart."""
    visitor = visitor_of(request)
    return _answer(visitor, clear_cart(visitor, request.now), {"message": "Cart cleared"})


@routes.post("/api/cart/items", role=PUBLIC)
def post_item(request: Request) -> Response:
    """Puts something into the cart."""
    from orders.cart_schemas import NewItem

    visitor, body = visitor_of(request), request.load(NewItem)
    return _answer(visitor, add_item(visitor, **body, now=request.now))


@routes.patch("/api/cart/items/{item}", role=PUBLIC)
def patch_item(request: Request) -> Response:
    """Sets how many pieces of an item are in the cart."""
    from orders.cart_schemas import Quantity

    visitor, body = visitor_of(request), request.load(Quantity)
    return _answer(visitor, change_item(visitor, item_id(request), body["quantity"], request.now))


@routes.delete("/api/cart/items/{item}", role=PUBLIC)
def delete_item(request: Request) -> Response:
    """Takes an item out of the cart."""
    visitor = visitor_of(request)
    return _answer(visitor, remove_item(visitor, item_id(request), request.now))


@routes.post("/api/cart/discount", role=PUBLIC)
def post_discount(request: Request) -> Response:
    """Puts a discount code on the cart."""
    from orders.cart_schemas import TypedCode

    visitor, body = visitor_of(request), request.load(TypedCode)
    priced = apply_discount(visitor, body["code"], request.now)
    return _answer(visitor, priced, applied_discount_json(priced))


@routes.delete("/api/cart/discount", role=PUBLIC)
def delete_discount(request: Request) -> Response:
    """Takes the discount code off the cart."""
    visitor = visitor_of(request)
    return _answer(visitor, remove_discount(visitor, request.now))


def _answer(visitor: Visitor, priced: PricedCart, more: dict[str, Any] | None = None) -> Response:
    # The session id opens the cart to whoever reads it, so no cache keeps the answer.
    return Response(
        {**cart_json(priced, visitor.session_id), **(more or {})},
        headers={"Cache-Control": "private, no-store"},
        cookies=[session_cookie(visitor.session_id)],
    )


def item_id(request: Request) -> int:
    """The item that the path names; 0, which no cart has, for what is no number."""
    text = request.params["item"]
    # What is no number of an item's size is an item that no cart has.
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else 0
