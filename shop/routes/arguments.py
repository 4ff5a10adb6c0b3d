"""What the handlers of this domain read from a query string alike."""

from common.errors import InvalidInput
from common.http import Request


def page_size(request: Request, default: int, maximum: int) -> int:
    """`perPage` of the query, at most `maximum`; InvalidInput unless it is a positive integer."""
    text = request.arg("perPage", str(default))
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        raise InvalidInput.of_field("perPage", "must be a positive integer")
    return min(int(text[:9]), maximum)
