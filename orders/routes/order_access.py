"""What a request proves of an order: that it is the caller's, or that all of it may be shown."""

from common.http import Request, Role
from common.repositories.orders import Order
from orders.access import Proofs, holds, is_address_of
from orders.idempotency import HEADER as KEY_HEADER
from orders.idempotency import id_of_order_with
from orders.limits import Caller, guess_of_email
from orders.sessions import sent_sessions

TOKEN_HEADER, TOKEN_ARGUMENT = "X-Order-Token", "access_token"


def caller_of(request: Request) -> Caller:
    """Who sent the request. The address is API Gateway's; what a header says of it, anybody can write."""
    return Caller(request.source_ip, next(iter(sent_sessions(request)), ""))


def is_holder(request: Request, order: Order) -> bool:
    """Whether the caller has the order's secret, its cart session, or the key that it was placed with."""
    if request.may(Role.ADMIN) or holds(order, _proofs(request)):
        return True
    key = request.header(KEY_HEADER)
    return key is not None and id_of_order_with(key, request.now) == order.id


def may_see_all(request: Request, order: Order) -> bool:
    """Whether the caller is the administrator, holds the order, or knows its e-mail address.

    TooManyRequests for a caller who has sent too many wrong addresses.
    """
    if request.may(Role.ADMIN) or holds(order, _proofs(request)):
        return True
    email = request.arg("email")
    return bool(email) and _knows_email(request, order, email)


def _knows_email(request: Request, order: Order, email: str) -> bool:
    with guess_of_email(caller_of(request), order, request.now) as guess:
        guess.failed = not is_address_of(order, email)
    return not guess.failed


def _proofs(request: Request) -> Proofs:
    token = request.header(TOKEN_HEADER) or request.arg(TOKEN_ARGUMENT)
    return Proofs(token, sent_sessions(request))
