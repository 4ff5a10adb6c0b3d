"""Routes of payments, their webhooks, refunds and cancellations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from common.http import PUBLIC, Caching, Request, Role, Routes
from common.http.declared_bodies import optional, signed
from orders.idempotency import HEADER as KEY_HEADER
from orders.order_views import page_json, public_json, state_json
from orders.orders import find_order, id_of, order_of
from orders.routes.order_access import TOKEN_ARGUMENT, TOKEN_HEADER, caller_of, is_holder
from orders.routes.order_arguments import step_token
from orders.sessions import SESSION_HEADERS

if TYPE_CHECKING:
    from orders.refund_repetitions import Outcome

routes = Routes("orders")


@routes.post(
    "/api/orders/{order}/payment",
    role=PUBLIC,
    body=optional("payment_schemas.Payment"),
    query=(TOKEN_ARGUMENT,),
    answer="PaymentOutcome",
    headers=(KEY_HEADER, TOKEN_HEADER, *SESSION_HEADERS),
    refuses=(429,),
    cached=Caching.PRIVATE,
)
def post_payment(request: Request) -> dict[str, Any]:
    """Pays an order; to a stranger, who may do so too, the answer says no more than how it stands."""
    from orders.payments import Payer, pay

    details = request.load().get("payment_details") or {}
    found = order_of(request.params["order"])
    payer = Payer(caller_of(request), is_holder(request, found))
    order, charge = pay(found.id, details, request.now, payer)
    shown = public_json(order) if payer.is_holder else state_json(order)
    body: dict[str, Any] = {"order": shown, "transaction_id": charge.reference}
    if not charge.succeeded:
        # Whoever has not named a card has not begun this payment.
        secret = charge.client_secret if payer.is_holder or details else None
        body |= {"requires_action": True, "client_secret": secret}
    return body


@routes.post("/api/webhooks/payment", role=PUBLIC, body=signed(), answer="Received", refuses=(401,))
def post_webhook(request: Request) -> dict[str, Any]:
    """A report of the payment provider, known by the signature of its body."""
    from orders.webhooks import receive

    receive(request.signed_body(), request.headers, request.now)
    return {"received": True}


@routes.post(
    "/api/admin/orders/{order}/refund",
    role=Role.ADMIN,
    body=optional("payment_schemas.RefundRequest"),
    answer="RefundedOrder",
    headers=(KEY_HEADER,),
    refuses=(422,),
)
@routes.post(
    "/api/admin/shop/orders/{order}/refund",
    role=Role.ADMIN,
    body=optional("payment_schemas.RefundRequest"),
    answer="RefundedOrder",
    headers=(KEY_HEADER,),
    refuses=(422,),
    refuses_with_400=True,
)
def post_refund(request: Request) -> dict[str, Any]:
    """Gives an order's money back, all of it or an amount."""
    from orders.refund_plans import ReturnedItem
    from orders.refunds import refund_order

    wish = request.load()
    order_id = id_of(request.params["order"])
    outcome = refund_order(
        order_id,
        wish.get("amount"),
        wish.get("restock"),
        wish.get("reason"),
        request.actor,
        request.now,
        items=[ReturnedItem(**item) for item in wish.get("items") or ()],
        is_elsewhere=bool(wish.get("elsewhere")),
        withdrawal=wish.get("withdrawal"),
        shipping=wish.get("shipping"),
        token=step_token(request, order_id, wish),
    )
    return _shown(outcome)


@routes.post(
    "/api/admin/orders/{order}/cancel",
    role=Role.ADMIN,
    body=optional("payment_schemas.Cancellation"),
    answer="RefundedOrder",
    headers=(KEY_HEADER,),
    refuses=(422,),
)
def post_cancellation(request: Request) -> dict[str, Any]:
    """Cancels an order and gives back what was paid."""
    from orders.refunds import cancel_order

    wish = request.load()
    order_id = id_of(request.params["order"])
    outcome = cancel_order(
        order_id,
        wish.get("restock"),
        wish.get("reason"),
        request.actor,
        request.now,
        is_elsewhere=bool(wish.get("elsewhere")),
        token=step_token(request, order_id, wish),
    )
    return _shown(outcome)


@routes.get("/api/admin/orders/{order}/refunds", role=Role.ADMIN, answer="Refunds")
def get_refunds(request: Request) -> dict[str, Any]:
    """The refunds of an order, oldest first, and how each of them stands."""
    from orders.refund_views import refund_json
    from orders.refunds import existing
    from orders.repositories.refunds import refunds_of

    order = existing(id_of(request.params["order"]))
    return {"refunds": [refund_json(refund) for refund in refunds_of(order.id)]}


def _shown(outcome: Outcome) -> dict[str, Any]:
    from orders.refund_notifications import elsewhere_text
    from orders.refund_views import refund_json

    order, details = find_order(str(outcome.order.id))
    shown = page_json(order, details) | {"repeated": outcome.is_repeated}
    if outcome.refund is not None:
        shown["refund"] = refund_json(outcome.refund)
    if outcome.owed:
        shown["refund_elsewhere"] = {"amount": outcome.owed, "message": elsewhere_text(order, outcome.owed)}
    return shown
