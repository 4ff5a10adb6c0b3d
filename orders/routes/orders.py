"""Routes of checkout and orders."""

from collections.abc import Callable
from typing import Any

from common.errors import InvalidInput
from common.http import PUBLIC, Body, Caching, Request, Response, Role, Routes
from common.http.basis import basis_of
from common.http.lists import CURSOR, Stretch, array_response, list_response
from common.http.paging import CURSORS, Paging, by_rule, page_cursor, page_of, window
from common.repositories.orders import Order, details_of_orders, orders_of_email
from orders.idempotency import HEADER as KEY_HEADER
from orders.order_views import page_json, placed_json, state_json, summary_json
from orders.orders import StatusChange, change_status, find_order, list_orders
from orders.routes.order_access import TOKEN_ARGUMENT, TOKEN_HEADER, may_see_all
from orders.routes.order_arguments import (
    LANGUAGE,
    ORDER_FILTERS,
    cookies,
    order_filters,
    purchase,
    step_token,
)
from orders.sessions import SESSION_HEADERS, visitor_of

routes = Routes("orders")

_Rows = Callable[[list[Order]], list[dict[str, Any]]]


@routes.post(
    "/api/orders",
    role=PUBLIC,
    body=Body("order_schemas.CheckoutSchema"),
    answer="PlacedOrder",
    headers=(KEY_HEADER, LANGUAGE, *SESSION_HEADERS),
    refuses=(404, 422, 429),
    status=201,
    cached=Caching.PRIVATE,
)
def post_order(request: Request) -> Response:
    """Checks out: the items in the body, or what is in the caller's cart."""
    from orders import payments
    from orders.checkout import place_order

    data = request.load()
    visitor = visitor_of(request, data.get("session_token"))
    placed = place_order(purchase(request, data, visitor), request.now)
    intent = payments.begin(placed.order)
    body = placed_json(placed.order, placed.details, intent)
    return Response(body, status=201, cookies=cookies(visitor, data))


@routes.get(
    "/api/orders",
    role=Role.ADMIN,
    query=("email",),
    answer="CustomerOrders",
    paging=Paging(sizes=(("limit", by_rule),), page=None),
)
def get_orders_of_customer(request: Request) -> dict[str, Any]:
    """The orders of one e-mail address, newest first."""
    email = request.arg("email")
    if not email:
        raise InvalidInput("email query parameter is required")
    orders, cursor = orders_of_email(email, page_of(request)[1], page_cursor(request))
    items = [summary_json(order) for order in orders]
    # A hundred summaries are far within what an answer may hold.
    following = {CURSOR: cursor} if cursor else {}
    return {"items": items, "count": len(items), **following}


@routes.get(
    "/api/orders/{order}",
    role=PUBLIC,
    query=("email", TOKEN_ARGUMENT),
    answer="OrderOrState",
    headers=(TOKEN_HEADER, *SESSION_HEADERS),
    refuses=(429,),
    cached=Caching.PRIVATE,
)
def get_order(request: Request) -> dict[str, Any]:
    """One order by id or number: all of it for its buyer and the administrator, its state for strangers."""
    order, details = find_order(request.params["order"])
    return page_json(order, details) if may_see_all(request, order) else state_json(order)


@routes.get("/api/admin/orders", role=Role.ADMIN, query=ORDER_FILTERS, answer="AdminOrders", paging=Paging())
def get_orders(request: Request) -> Response:
    """A page of all orders, newest first; the bare rows for the page that asks without any query."""
    if request.query.keys() - set(CURSORS):
        return _list(request, _summaries)
    return array_response(_stretch(request, _summaries, (1, 100))[0])


@routes.get(
    "/api/admin/shop/orders", role=Role.ADMIN, query=ORDER_FILTERS, answer="OrderPage", paging=Paging(100)
)
def get_rows(request: Request) -> Response:
    """A page of all orders with the items of each; 100, because the oldest page shows them all."""
    return _list(request, _with_items)


@routes.get("/api/admin/shop/orders/{order}", role=Role.ADMIN, answer="Order")
def get_row(request: Request) -> dict[str, Any]:
    """One order by id or number."""
    order, details = find_order(request.params["order"])
    return page_json(order, details)


@routes.patch(
    "/api/admin/orders/{order}/status",
    role=Role.ADMIN,
    body=Body("order_schemas.StatusSchema"),
    answer="Order",
    headers=(KEY_HEADER,),
    refuses=(422,),
    if_match=True,
)
@routes.patch(
    "/api/admin/shop/orders/{order}/fulfillment",
    role=Role.ADMIN,
    body=Body("order_schemas.StatusSchema"),
    answer="Order",
    headers=(KEY_HEADER,),
    refuses=(422,),
    if_match=True,
    refuses_with_400=True,
)
def patch_status(request: Request) -> dict[str, Any]:
    """Moves an order along, cancels or refunds it."""
    asked = request.load()
    order, details = find_order(request.params["order"])
    shown = page_json(order, details)
    # The steps themselves are held against the order's state; this is for who decided on an older one.
    basis_of(request).hold(order.updated_at, lambda: [shown])
    change = StatusChange(**asked, token=step_token(request, order.id, asked))
    change_status(order.id, change, request.actor, request.now)
    return page_json(*find_order(str(order.id)))


def _list(request: Request, rows: _Rows) -> Response:
    page, per_page = numbers = page_of(request)
    stretch, total = _stretch(request, rows, numbers)
    about = {"total": total, "page": page, "per_page": per_page}
    return list_response(stretch, lambda shown: {"orders": shown, **about})


def _stretch(request: Request, rows: _Rows, numbers: tuple[int, int]) -> tuple[Stretch, int]:
    places = window(request, numbers)
    found = list_orders(order_filters(request), places.start, places.end)
    return places.stretch(rows(found.orders), found.total), found.total


def _summaries(orders: list[Order]) -> list[dict[str, Any]]:
    return [summary_json(order) for order in orders]


def _with_items(orders: list[Order]) -> list[dict[str, Any]]:
    details = details_of_orders(order.id for order in orders)
    return [page_json(order, details[order.id]) for order in orders if order.id in details]
