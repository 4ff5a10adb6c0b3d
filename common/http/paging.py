"""Page numbers of lists that may be asked for whole: strictly read, because a slip would read everything."""

import re

from common.errors import InvalidInput
from common.http.request import Request

# The clients' first server read a number as far as its digits went.
_LEADING_NUMBER = re.compile(r"[+-]?[0-9]+")
_LARGEST = 999_999_999


def page_numbers(request: Request, default_per_page: int = 20) -> tuple[int, int]:
    """`page` (from 1) and `per_page` of the query; 0 a page means everything.

    InvalidInput for what is no number, negative or beyond 999,999,999.
    """
    return _number(request, "page", 1, smallest=1), _number(request, "per_page", default_per_page, smallest=0)


def _number(request: Request, name: str, default: int, *, smallest: int) -> int:
    found = _LEADING_NUMBER.match(request.arg(name, str(default)))
    if found is None:
        raise InvalidInput.of_field(name, "must be a whole number")
    number = int(found.group()[:12])
    if number < smallest:
        raise InvalidInput.of_field(name, f"must be at least {smallest}")
    if number > _LARGEST:
        raise InvalidInput.of_field(name, f"must be at most {_LARGEST}")
    return number
