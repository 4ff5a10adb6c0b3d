"""Whether a request may go on to its handler."""

from common import config
from common.errors import Forbidden
from common.http.auth import Role, identify, require_role
from common.http.request import Request

_READING = frozenset({"GET", "OPTIONS"})


def authorise(request: Request, role: Role | None) -> None:
    """Nothing for a public route; else Unauthenticated or Forbidden unless the caller has the role."""
    if role is None:
        return
    identity = identify(request.headers, request.cookies, request.now)
    require_role(identity, role)
    _refuse_foreign_page(request)
    request.identity = identity


def _refuse_foreign_page(request: Request) -> None:
    # A browser adds the cookie by itself, also for a form on a page of a sibling host, which SameSite
    # lets through. It names that page's origin, and nobody can add a header to such a form.
    if request.method in _READING or "authorization" in request.headers or request.origin is None:
        return
    own = request.origin.partition("://")[2] == request.headers.get("host")
    if not own and request.origin not in config.cors_allowed_origins():
        raise Forbidden("Requests from this origin are not accepted")
