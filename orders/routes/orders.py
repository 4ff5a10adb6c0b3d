"""Routes of checkout and orders."""

from collections.abc import Callable
from typing import Any

from common.errors import InvalidInput
from common.http import PUBLIC, Request, Response, Role, Routes
from common.http.basis import basis_of
from common.http.lists import CURSOR, Stretch, array_response, list_response
from common.http.paging import CURSORS, page_cursor, window
from common.http.statuses import refusing_with_400
from common.repositories.orders import Order, details_of_orders, orders_of_email
from orders import payments
from orders.checkout import place_order
from orders.order_views import page_json, placed_json, state_json, summary_json
from orders.orders import StatusChange, change_status, find_order, list_orders
from orders.routes.order_access import may_see_all
from orders.routes.order_arguments import actor, cookies, limit, order_filters, purchase, step_token
from orders.sessions import visitor_of

routes = Routes("orders")

_Rows = Callable[[list[Order]], list[dict[str, Any]]]

_PRIVATE = {"Cache-Control": "private, no-store"}


@routes.post("/api/orders", role=PUBLIC)
def post_order(request: Request) -> Response:
    """Checks out: the items in the body, or what is in the caller's cart."""
    from orders.order_schemas import CheckoutSchema

    data = request.load(CheckoutSchema)
    visitor = visitor_of(request, data.get("session_token"))
    placed = place_order(purchase(request, data, visitor), request.now)
    intent = payments.begin(placed.order)
    body = placed_json(placed.order, placed.details, intent)
    return Response(body, status=201, headers=_PRIVATE, cookies=cookies(visitor, data))


@routes.get("/api/orders", role=Role.ADMIN)
def get_orders_of_customer(request: Request) -> dict[str, Any]:
    """The orders of one e-mail address, newest first."""
    email = request.arg("email")
    if not email:
        raise InvalidInput("email query parameter is required")
    orders, cursor = orders_of_email(email, limit(request), page_cursor(request))
    items = [summary_json(order) for order in orders]
    # A hundred summaries are far within what an answer may hold.
    following = {CURSOR: cursor} if cursor else {}
    return {"items": items, "count": len(items), **following}


@routes.get("/api/orders/{order}", role=PUBLIC)
def get_order(request: Request) -> Response:
    """One order by id or number: all of it for its buyer and the administrator, its state for strangers."""
    order, details = find_order(request.params["order"])
    body = page_json(order, details) if may_see_all(request, order) else state_json(order)
    return Response(body, headers=_PRIVATE)


@routes.get("/api/admin/orders", role=Role.ADMIN)
def get_orders(request: Request) -> Response:
    """A page of all orders, newest first; the bare rows for the page that asks without any query."""
    if request.query.keys() - set(CURSORS):
        return _list(request, _summaries, default_per_page=20)
    return array_response(_stretch(request, _summaries, 1, 100)[0])


@routes.patch("/api/admin/orders/{order}/status", role=Role.ADMIN)
def patch_status(request: Request) -> dict[str, Any]:
    """Moves an order along, cancels or refunds it."""
    return _move(request)


@routes.get("/api/admin/shop/orders", role=Role.ADMIN)
def get_rows(request: Request) -> Response:
    """The same list with the items of each; 100 a page, because the oldest page shows them all."""
    return _list(request, _with_items, default_per_page=100)


@routes.get("/api/admin/shop/orders/{order}", role=Role.ADMIN)
def get_row(request: Request) -> dict[str, Any]:
    """One order by id or number."""
    order, details = find_order(request.params["order"])
    return page_json(order, details)


@routes.patch("/api/admin/shop/orders/{order}/fulfillment", role=Role.ADMIN)
@refusing_with_400
def patch_fulfillment(request: Request) -> dict[str, Any]:
    """The same step under the path that older clients know."""
    return _move(request)


def _move(request: Request) -> dict[str, Any]:
    from orders.order_schemas import StatusSchema

    asked = request.load(StatusSchema)
    order, details = find_order(request.params["order"])
    shown = page_json(order, details)
    # The steps themselves are held against the order's state; this is for who decided on an older one.
    basis_of(request).hold(order.updated_at, lambda: [shown])
    change = StatusChange(**asked, token=step_token(request, order.id, asked))
    change_status(order.id, change, actor(request), request.now)
    return page_json(*find_order(str(order.id)))


def _list(request: Request, rows: _Rows, default_per_page: int) -> Response:
    page, per_page = request.page_args(default_per_page=default_per_page)
    stretch, total = _stretch(request, rows, page, per_page)
    about = {"total": total, "page": page, "per_page": per_page}
    return list_response(stretch, lambda shown: {"orders": shown, **about})


def _stretch(request: Request, rows: _Rows, page: int, per_page: int) -> tuple[Stretch, int]:
    places = window(request, page, per_page)
    found = list_orders(order_filters(request), places.start, places.end)
    return places.stretch(rows(found.orders), found.total), found.total


def _summaries(orders: list[Order]) -> list[dict[str, Any]]:
    return [summary_json(order) for order in orders]


def _with_items(orders: list[Order]) -> list[dict[str, Any]]:
    details = details_of_orders(order.id for order in orders)
    return [page_json(order, details[order.id]) for order in orders if order.id in details]
