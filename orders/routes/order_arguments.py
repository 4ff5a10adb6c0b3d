"""What the routes of checkout and orders read from a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from common.clock import iso
from common.dates import Stated, stated_in
from common.http import Request
from common.languages import preferred
from orders.idempotency import HEADER, Token, token_for
from orders.limits import Caller
from orders.orders import OrderFilters
from orders.payment_methods import accepted
from orders.sessions import Visitor, sent_sessions, session_cookie

if TYPE_CHECKING:
    from orders.checkout import Purchase

LANGUAGE = "Accept-Language"

ORDER_FILTERS = (
    "payment_status",
    "fulfillment_status",
    "status",
    "customer_email",
    "start_date",
    "startDate",
    "end_date",
    "endDate",
)


def purchase(request: Request, data: dict[str, Any], visitor: Visitor) -> Purchase:
    """What a validated body asks for, from whoever sends it; the same with the same Idempotency-Key."""
    asked = asked_for(request, data, visitor)
    session = asked.caller.session if asked.caller else ""
    return replace(asked, token=token_for(request.header(HEADER), request.payload(), session))


def asked_for(request: Request, data: Mapping[str, Any], visitor: Visitor) -> Purchase:
    """What a validated body asks for; it may leave out who buys where nothing is placed."""
    from orders.allocation import RequestedItem
    from orders.checkout import Purchase

    wanted = tuple(RequestedItem(**item) for item in data["items"]) if "items" in data else None
    # A session that was made up for this very request would make every repetition another request.
    session = next(iter(sent_sessions(request, data.get("session_token"))), "")
    return Purchase(
        customer_email=data.get("customer_email", ""),
        customer_name=data.get("customer_name", ""),
        payment_method=accepted(data.get("payment_method")),
        cart_keys=tuple(dict.fromkeys((visitor.key, visitor.guest_key))),
        wanted=wanted,
        discount_code=data.get("discount_code"),
        shipping_address=data.get("shipping_address"),
        shipping_method=data.get("shipping_method"),
        billing_address=data.get("billing_address"),
        notes=data.get("notes"),
        vat_number=data.get("vat_number") or None,
        language=preferred(request.header(LANGUAGE)),
        caller=Caller(request.source_ip, session),
    )


def step_token(request: Request, order_id: int, asked: Mapping[str, Any]) -> Token | None:
    """The token of a step of an order that an administrator asks for with an Idempotency-Key."""
    step = {"route": request.route, "order": order_id, **asked}
    return token_for(request.header(HEADER), step, f"admin:{request.actor.id}")


def cookies(visitor: Visitor, data: dict[str, Any]) -> tuple[str, ...]:
    """The Set-Cookie lines of a checkout: the session, where it was about a cart."""
    if "items" in data:
        return ()
    return (session_cookie(visitor.session_id),)


def order_filters(request: Request) -> OrderFilters:
    """The filters in the query string; dates are `start_date` and `end_date`."""
    since, until = _stated(request, "start_date", "startDate"), _stated(request, "end_date", "endDate")
    return OrderFilters(
        payment_status=request.choice("payment_status"),
        fulfillment_status=request.choice("fulfillment_status"),
        status=request.choice("status"),
        customer_email=request.arg("customer_email"),
        since=iso(since.start) if since else "",
        until=iso(until.last) if until else "",
    )


def _stated(request: Request, *names: str) -> Stated | None:
    """The date or time that is given under one of these names, if any."""
    text = next((request.arg(name) for name in names if request.arg(name)), "")
    return stated_in(names[0], text) if text else None
