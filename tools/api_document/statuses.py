"""With which statuses a route answers: most follow from what it declares, the others it declares."""

from http import HTTPStatus

from common.http import Route
from common.http.declared_bodies import Kind

WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})

# A header or a parameter may be unreadable anywhere; anything can fail, and the storage can be away.
ANYWHERE = frozenset({400, 500, 503})


def refusals_of(route: Route) -> list[int]:
    """The statuses of a route's errors, in order."""
    found = ANYWHERE | set(route.refuses)
    if route.role is not None:
        found |= {401, 403}
    if "{" in route.path:
        found |= {404}
    if route.method in WRITING:
        found |= {409}
    if route.if_match:
        found |= {412}
    if route.body is not None:
        found |= {413} if route.body.kind is Kind.SIGNED else {413, 415}
    return sorted(found)


def successes_of(route: Route) -> list[int]:
    """The statuses of what is no error: the one that the route declares, and 304 for what may be kept."""
    return [route.status, HTTPStatus.NOT_MODIFIED.value] if is_kept(route) else [route.status]


def is_kept(route: Route) -> bool:
    """Whether a caller may hold a route's answer, and ask whether it is still true."""
    return route.method == "GET" and route.role is None and route.cached is None


def has_tag(route: Route) -> bool:
    """Whether a route's answer carries an ETag."""
    return route.method == "GET" and route.cached is None
