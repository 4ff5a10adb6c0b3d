"""Which part of a list is asked for: by page numbers, or by the cursor that an earlier part ended with.

Page numbers of lists that may be asked for whole are read strictly, because a slip would read everything.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from common.dynamodb import InvalidCursor, read_cursor, sign_cursor
from common.errors import InvalidInput
from common.http.lists import CURSOR, Stretch
from common.http.request import Request

# The clients' first server read a number as far as its digits went.
_LEADING_NUMBER = re.compile(r"[+-]?[0-9]+")
_LARGEST = 999_999_999

# One list's clients call it this, another's that.
CURSORS = (CURSOR, "cursor", "last_key")
_PLACES = frozenset({*CURSORS, "page", "per_page", "perPage", "limit"})


@dataclass(frozen=True, slots=True)
class Window:
    """The places of a list from `start` (0 is the first) to before `end`.

    For lists that are read up to a place: what comes and goes in front moves what is behind.
    """

    start: int
    end: int
    scope: str

    def stretch(self, entries: Sequence[Any], total: int) -> Stretch:
        """The entries at these places, of `total` that there are."""
        behind = self.start + len(entries)
        following = self.cursor_behind(len(entries)) if entries and behind < total else None
        return Stretch(entries, following, self.cursor_behind)

    def cursor_behind(self, count: int) -> str:
        """The cursor of what follows the first `count` of these places."""
        return sign_cursor({"start": self.start + count}, self.scope)


def page_cursor(request: Request) -> str | None:
    """The cursor that a list goes on behind, whichever of its names it has; None for a list's beginning.

    InvalidInput when two names are given and differ.
    """
    given = {text: name for name in CURSORS if (text := request.arg(name))}
    if len(given) > 1:
        first, second, *_ = given.values()
        raise InvalidInput.of_field(second, f"must not differ from {first}")
    return next(iter(given), None)


def window(request: Request, page: int = 1, per_page: int = _LARGEST) -> Window:
    """The places on a page, or as many behind the cursor where one is given; all of them by default.

    Raises InvalidCursor for a cursor of another list, or of one that was filtered otherwise.
    """
    filters = sorted((name, values) for name, values in request.query.items() if name not in _PLACES)
    scope = f"places:{request.route}:{filters}"
    cursor = page_cursor(request)
    start = (page - 1) * per_page if cursor is None else _start(cursor, scope)
    return Window(start, start + per_page, scope)


def _start(cursor: str, scope: str) -> int:
    start = read_cursor(cursor, scope).get("start")
    if not isinstance(start, int):
        raise InvalidCursor
    return start


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
