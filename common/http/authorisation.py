"""Whether a request may go on to its handler."""

from common import config
from common.errors import Forbidden
from common.http.auth import Role, identify, require_role, require_standing
from common.http.request import Request

_READING = frozenset({"GET", "HEAD", "OPTIONS"})

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def authorise(request: Request, role: Role | None) -> None:
    """Nothing for a public route; else Unauthenticated or Forbidden unless the caller has the role.

    Costs one read, which whoever has no token or one of another role does not cause.
    """
    if role is None:
        return
    request.claimed = identity = identify(request.headers, request.cookies, request.now)
    require_role(identity, role)
    _refuse_foreign_page(request)
    request.identity = require_standing(identity)


def _refuse_foreign_page(request: Request) -> None:
    # A browser adds the cookie by itself, also for a form on a page of a sibling host, which SameSite
    # lets through. It names that page's origin, and nobody can add a header to such a form.
    if request.method in _READING or "authorization" in request.headers or request.origin is None:
        return
    if request.origin not in {_own_origin(request), *config.cors_allowed_origins()}:
        raise Forbidden("Requests from this origin are not accepted")


def _own_origin(request: Request) -> str | None:
    """The origin of pages that this host itself serves, as a browser writes it: no default port.

    API Gateway serves HTTPS only and says so; a server on a developer's machine says nothing.
    """
    unsaid = "http" if config.is_development() else "https"
    scheme = request.headers.get("x-forwarded-proto", unsaid).strip().lower()
    host = request.headers.get("host", "").strip().lower()
    if not host:
        return None
    return f"{scheme}://{host.removesuffix(_DEFAULT_PORTS.get(scheme, ''))}"
