"""Whose cart a request is about: a guest's session, or a signed-in buyer and the session before it."""

import re
from dataclasses import dataclass
from uuid import uuid4

from common.dynamodb import Key
from common.http import Request, set_cookie
from orders.repositories.carts import LIFETIME, cart_key, user_cart_key

COOKIE = "cart_session"
SESSION_HEADERS = ("X-Cart-Session", "X-Session-Id")

_SESSION_ID = re.compile(r"[A-Za-z0-9_-]{8,128}")


@dataclass(frozen=True, slots=True)
class Visitor:
    """A guest, or a signed-in buyer when `user_id` is given; both have a session."""

    session_id: str
    user_id: str | None = None

    @property
    def guest_key(self) -> Key:
        """The key of the cart that was filled before signing in."""
        return cart_key(self.session_id)

    @property
    def key(self) -> Key:
        """The key of the visitor's own cart."""
        return self.guest_key if self.user_id is None else user_cart_key(self.user_id)


def visitor_of(request: Request, session_token: str | None = None) -> Visitor:
    """Who asks: by `session_token` from a body, X-Cart-Session, the cookie, X-Session-Id, else a new session.

    What is no session id (8 to 128 letters, digits, `_` and `-`) is passed over.
    """
    known = sent_sessions(request, session_token)
    user_id = request.identity.id if request.identity else None
    return Visitor(known[0] if known else f"session_{uuid4()}", user_id)


def sent_sessions(request: Request, session_token: str | None = None) -> tuple[str, ...]:
    """The session ids that came with a request, the one that counts first."""
    given = (
        session_token,
        request.header(SESSION_HEADERS[0]),
        request.cookies.get(COOKIE),
        request.header(SESSION_HEADERS[1]),
    )
    return tuple(text for text in given if text and _SESSION_ID.fullmatch(text))


def session_cookie(session_id: str) -> str:
    """The Set-Cookie line of a session; the storefront's scripts read it, so it is not HttpOnly."""
    seconds = int(LIFETIME.total_seconds())
    return set_cookie(COOKIE, session_id, max_age=seconds, http_only=False, same_site="Lax")
