"""What the routes of the content domain read from a request in the same way."""

from common.errors import InvalidInput, Unauthenticated
from common.http import Identity, Request, Role

LONGEST_ID = 15


def is_admin(request: Request) -> bool:
    """Whether the caller of a public route is signed in as an admin."""
    return request.identity is not None and request.identity.role is Role.ADMIN


def actor(request: Request) -> Identity:
    """Whoever calls a route that needs a role."""
    if request.identity is None:
        raise Unauthenticated("Missing authorization header")
    return request.identity


def entry_id(request: Request, name: str) -> int:
    """The id in the variable part `name` of the path; InvalidInput unless it is a positive integer."""
    text = request.params[name]
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID and int(text) > 0):
        raise InvalidInput.of_field("id", "must be a positive integer")
    return int(text)


def is_form(request: Request) -> bool:
    """Whether the body is a multipart form, which brings the file itself."""
    return request.content_type.lower().startswith("multipart/form-data")
