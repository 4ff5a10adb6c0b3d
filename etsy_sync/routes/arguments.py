"""What several routes of the sync read from a request in the same way."""

from common.errors import Unauthenticated
from common.http import Identity, Request


def actor(request: Request) -> Identity:
    """Whoever calls a route that needs a role."""
    if request.identity is None:
        raise Unauthenticated("Missing authorization header")
    return request.identity
