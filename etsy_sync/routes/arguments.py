"""What several routes of the sync read from a request in the same way."""

from common.errors import InvalidInput, NotFound, Unauthenticated
from common.http import Identity, Request
from common.http.choices import chosen
from common.http.paging import Window, window

# The largest number that DynamoDB keeps exactly, in digits, is larger.
LONGEST_ID = 19


def actor(request: Request) -> Identity:
    """Whoever calls a route that needs a role."""
    if request.identity is None:
        raise Unauthenticated("Missing authorization header")
    return request.identity


def listing_id(request: Request) -> int:
    """The number of the listing in the path; NotFound for what no listing can have."""
    text = request.params["listing"]
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID):
        raise NotFound("Etsy listing not found")
    return int(text)


def number_of(request: Request, name: str) -> int:
    """A whole number from 1 in the body; InvalidInput names the field."""
    value = request.payload().get(name)
    text = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID and int(text)):
        raise InvalidInput.of_field(name, "must be a whole number from 1")
    return int(text)


def text_or_number(request: Request, name: str) -> str:
    """An id in the body, or else in the query, as text; empty where there is none. InvalidInput."""
    value = chosen(request.payload(required=False).get(name))
    if value is None:
        return request.choice(name)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise InvalidInput.of_field(name, "must be text or a number")
    return str(value).strip()


def one_of(request: Request, name: str, words: tuple[str, ...]) -> str | None:
    """A word of the query; None where it is not given, InvalidInput for another."""
    word = request.choice(name)
    if word and word not in words:
        raise InvalidInput.of_field(name, f"must be one of {', '.join(words)}")
    return word or None


def page_of(request: Request, default_per_page: int = 20) -> tuple[Window, dict[str, int]]:
    """The places that are asked for, and the fields that the answer repeats of it."""
    page, per_page = request.page_args(default_per_page)
    return window(request, page, per_page), {"page": page, "per_page": per_page}
