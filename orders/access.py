"""Whose an order is: who has its secret, or the cart session that made it, or knows its e-mail address."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from common import config
from common.emails import address_key
from common.repositories.orders import Order

_BYTES = 24


@dataclass(frozen=True, slots=True)
class Proofs:
    """What a caller brings along: an order's secret (empty for none) and the sessions of carts."""

    token: str = ""
    sessions: tuple[str, ...] = ()


def access_token(order: Order) -> str:
    """The secret of an order: 32 letters, digits, `-` and `_`, the same each time, and stored nowhere.

    It follows from JWT_SECRET, with which it changes.
    """
    key = hmac.digest(config.secret("JWT_SECRET").encode(), b"access to an order", "sha256")
    secret = hmac.digest(key, f"{order.id}:{order.created_at}".encode(), "sha256")
    return urlsafe_b64encode(secret[:_BYTES]).decode()


def session_mark(session: str) -> str:
    """What an order keeps of the cart session that made it: enough to know it again, not to use it."""
    return sha256(f"order:{session}".encode()).hexdigest()[:32]


def holds(order: Order, proofs: Proofs) -> bool:
    """Whether the order is the caller's, by its secret or by its session."""
    if proofs.token and _same(proofs.token, access_token(order)):
        return True
    known = order.session_mark
    return known is not None and any(_same(session_mark(each), known) for each in proofs.sessions)


def is_address_of(order: Order, email: str) -> bool:
    """Whether it is the e-mail address that the order was placed with, in whatever form it is written."""
    known = address_key(order.customer_email)
    return bool(known) and _same(address_key(email), known)


def _same(given: str, known: str) -> bool:
    # However much of it is right, the comparison takes as long.
    return hmac.compare_digest(given.encode(), known.encode())
