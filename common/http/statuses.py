"""Statuses as older clients know them: for some routes, what is missing or in the way is a 400 too."""

from common.errors import Conflict, InvalidInput, NotFound, ShopError


def as_bad_request(error: ShopError) -> ShopError:
    """A NotFound or Conflict as InvalidInput of the same text, details and headers; others as they are."""
    if not isinstance(error, NotFound | Conflict):
        return error
    translated = InvalidInput(error.message)
    translated.details, translated.headers = error.details, error.headers
    return translated
