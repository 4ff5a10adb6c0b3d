"""The route by which a storefront shows what an order will cost before it is placed."""

from dataclasses import replace
from typing import Any

from common.http import PUBLIC, Body, Caching, Request, Routes
from orders.routes.order_arguments import LANGUAGE, asked_for
from orders.sessions import SESSION_HEADERS, visitor_of

routes = Routes("orders")


@routes.post(
    "/api/orders/quote",
    role=PUBLIC,
    body=Body("order_schemas.QuoteSchema"),
    answer="Quote",
    headers=(LANGUAGE, *SESSION_HEADERS),
    refuses=(404,),
    cached=Caching.PRIVATE,
)
def post_quote(request: Request) -> dict[str, Any]:
    """What a checkout with this body would come to, and how it could be sent; nothing is written or taken.

    Of the address only the country is needed.
    """
    from orders.checkout import draft_order
    from orders.quote_views import quote_json

    data = request.load()
    asked = asked_for(request, data, visitor_of(request, data.get("session_token")))
    return quote_json(draft_order(replace(asked, is_address_whole=False), request.now))
