"""Checkout below /api/shop: always of what is in the cart."""

from typing import Any

from common.http import PUBLIC, Body, Caching, Request, Routes
from orders.idempotency import HEADER as KEY_HEADER
from orders.routes.cart_sessions import with_session
from orders.routes.order_arguments import LANGUAGE, purchase
from orders.sessions import SESSION_HEADERS, Visitor
from orders.shop_views import shop_order_json

routes = Routes("orders")


@routes.post(
    "/api/shop/checkout",
    role=PUBLIC,
    body=Body("shop_schemas.CartCheckoutSchema"),
    answer="ShopOrder",
    headers=(KEY_HEADER, LANGUAGE, *SESSION_HEADERS),
    refuses=(422, 429),
    cached=Caching.PRIVATE,
)
@with_session
def post_checkout(request: Request, visitor: Visitor) -> dict[str, Any]:
    """Checks out the caller's cart; the order is paid later, as every order is."""
    from orders import payments
    from orders.checkout import place_order

    placed = place_order(purchase(request, request.load(), visitor), request.now)
    return shop_order_json(placed.order, placed.details, payments.begin(placed.order))
