"""Statuses as older clients know them: for some routes, what is missing or in the way is a 400 too."""

from functools import wraps
from typing import Any

from common.errors import Conflict, InvalidInput, NotFound, ShopError
from common.http.request import Request
from common.http.routing import Handler


def as_bad_request(error: ShopError) -> ShopError:
    """A NotFound or Conflict as InvalidInput of the same text, details and headers; others as they are."""
    if not isinstance(error, NotFound | Conflict):
        return error
    translated = InvalidInput(error.message)
    translated.details, translated.headers = error.details, error.headers
    return translated


def refusing_with_400(handler: Handler) -> Handler:
    """The handler, its NotFound and Conflict errors answered with 400; stands below the route's decorator."""

    @wraps(handler)
    def answer(request: Request) -> Any:
        try:
            return handler(request)
        except (NotFound, Conflict) as error:
            raise as_bad_request(error) from error

    return answer
