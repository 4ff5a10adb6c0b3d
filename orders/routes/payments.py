"""Routes of payments, their webhooks, refunds and cancellations."""

from typing import Any

from common.errors import Unauthenticated
from common.http import PUBLIC, Identity, Request, Response, Role, Routes
from common.http.statuses import refusing_with_400
from orders.order_views import page_json, public_json
from orders.orders import find_order, id_of
from orders.payments import pay
from orders.refunds import cancel_order, refund_order
from orders.webhooks import receive

routes = Routes("orders")

_PRIVATE = {"Cache-Control": "private, no-store"}


@routes.post("/api/orders/{order}/payment", role=PUBLIC)
def post_payment(request: Request) -> Response:
    """Pays an order; whoever does so may be a stranger, so the answer names nobody."""
    from orders.payment_schemas import Payment

    details = request.load(Payment, required=False).get("payment_details") or {}
    order, charge = pay(id_of(request.params["order"]), details, request.now)
    body: dict[str, Any] = {"order": public_json(order), "transaction_id": charge.reference}
    if not charge.succeeded:
        body |= {"requires_action": True, "client_secret": charge.client_secret}
    return Response(body, headers=_PRIVATE)


@routes.post("/api/webhooks/payment", role=PUBLIC)
def post_webhook(request: Request) -> dict[str, Any]:
    """A report of the payment provider, known by the signature of its body."""
    receive(request.body, request.headers, request.now)
    return {"received": True}


@routes.post("/api/admin/orders/{order}/refund", role=Role.ADMIN)
def post_refund(request: Request) -> dict[str, Any]:
    """Gives an order's money back, all of it or an amount."""
    return _refund(request)


@routes.post("/api/admin/shop/orders/{order}/refund", role=Role.ADMIN)
@refusing_with_400
def post_shop_refund(request: Request) -> dict[str, Any]:
    """The same under the path that older clients know."""
    return _refund(request)


@routes.post("/api/admin/orders/{order}/cancel", role=Role.ADMIN)
def post_cancellation(request: Request) -> dict[str, Any]:
    """Cancels an order and gives back what was paid."""
    from orders.payment_schemas import Cancellation

    wish = request.load(Cancellation, required=False)
    order = cancel_order(
        id_of(request.params["order"]), wish.get("restock"), wish.get("reason"), _actor(request), request.now
    )
    return _shown(order.id)


def _refund(request: Request) -> dict[str, Any]:
    from orders.payment_schemas import RefundRequest

    wish = request.load(RefundRequest, required=False)
    order = refund_order(
        id_of(request.params["order"]),
        wish.get("amount"),
        wish.get("restock"),
        wish.get("reason"),
        _actor(request),
        request.now,
    )
    return _shown(order.id)


def _shown(order_id: int) -> dict[str, Any]:
    order, details = find_order(str(order_id))
    return page_json(order, details, is_public=False)


def _actor(request: Request) -> Identity:
    if request.identity is None:
        raise Unauthenticated("Missing authorization header")
    return request.identity
