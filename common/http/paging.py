"""Which part of a list is asked for: by page numbers, or by the cursor that an earlier part ended with.

One rule for nonsense: what is no number from 1 on counts as not said, and what is too much as the most there
is. Some lists have clients that know another rule; those are named below, each with its reason.
"""

import re
from collections.abc import Callable, Sequence
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

# The number that a parameter says by its name and text, at most so many; None where it says nothing.
Reading = Callable[[str, str, int], int | None]


def by_rule(_name: str, text: str, most: int) -> int | None:
    """A number from 1 to `most`; nonsense says nothing."""
    # Beyond nine digits a number is noise.
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    return min(number, most) or None


def refusing(name: str, text: str, most: int) -> int | None:
    """The same, but nonsense is refused: lists whose clients send `perPage` know the sentence."""
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        raise InvalidInput.of_field(name, "must be a positive integer")
    return min(int(text[:9]), most)


def refusing_more(name: str, text: str, most: int) -> int | None:
    """The same, and more than the most is refused too: the discounts' `limit`."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= most):
        raise InvalidInput.of_field(name, f"must be a whole number from 1 to {most}")
    return int(text[:4])


def zero_is_one(name: str, text: str, most: int) -> int | None:
    """By the rule, but 0 is one entry: the products' `limit`."""
    is_zero = text.isascii() and text.isdigit() and len(text) < 10 and not int(text)
    return 1 if is_zero else by_rule(name, text, most)


def zero_is_none(_name: str, text: str, _most: int) -> int | None:
    """0 is no entry at all, and everything else is for the next reading: who only wants the numbers."""
    return 0 if text == "0" else None


def leading_page(name: str, text: str, _most: int) -> int | None:
    """The number that a text begins with; the oldest pages' lists, which a slip would read whole."""
    return _leading(name, text, smallest=1)


def leading_size(name: str, text: str, _most: int) -> int | None:
    """The same, where 0 a page means everything."""
    return _leading(name, text, smallest=0)


@dataclass(frozen=True, slots=True)
class Paging:
    """How the parts of a list are asked for; declared beside its route.

    `default` and `most` are entries a part. `sizes` are the query's names for how many, each with its
    reading: the first that says something counts. `page` reads the page's number; None where there are no
    pages.
    """

    default: int = 20
    most: int = 100
    sizes: tuple[tuple[str, Reading], ...] = (("per_page", by_rule),)
    page: Reading | None = by_rule

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters of the query by which a part is asked for."""
        numbered = ("page",) if self.page else ()
        return (*numbered, *dict.fromkeys(name for name, _ in self.sizes), CURSOR)

    @property
    def all_names(self) -> frozenset[str]:
        """The same, and the other names of the cursor."""
        return frozenset((*self.names, *CURSORS))


# Lists that are given whole as far as an answer can hold them, and go on behind a cursor.
WHOLE = Paging(_LARGEST, _LARGEST, sizes=(), page=None)


def oldest(default: int = 20) -> Paging:
    """The lists below /api/shop and /api/admin/shop, as the oldest pages know them."""
    return Paging(default, _LARGEST, (("per_page", leading_size),), leading_page)


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


def page_of(request: Request, paging: Paging | None = None) -> tuple[int, int]:
    """The page's number, from 1, and how many entries it has, as the route declares it or as `paging` says.

    InvalidInput for what the list's clients expect to be refused.
    """
    paging = paging or _declared(request)
    page = _said(request, (("page", paging.page),) if paging.page else (), _LARGEST)
    size = _said(request, paging.sizes, paging.most)
    return (1 if page is None else page), (paging.default if size is None else size)


def page_cursor(request: Request) -> str | None:
    """The cursor that a list goes on behind, whichever of its names it has; None for a list's beginning.

    InvalidInput when two names are given and differ.
    """
    _declared(request)
    given = {text: name for name in CURSORS if (text := request.arg(name))}
    if len(given) > 1:
        first, second, *_ = given.values()
        raise InvalidInput.of_field(second, f"must not differ from {first}")
    return next(iter(given), None)


def window(request: Request, numbers: tuple[int, int] | None = None) -> Window:
    """The places on a page, or as many behind the cursor where one is given.

    `numbers` are those of `page_of`, which are read where they are not given. Raises InvalidCursor for a
    cursor of another list, or of one that was filtered otherwise.
    """
    page, per_page = numbers or page_of(request)
    filters = sorted((name, values) for name, values in request.query.items() if name not in _PLACES)
    scope = f"places:{request.route}:{filters}"
    cursor = page_cursor(request)
    start = (page - 1) * per_page if cursor is None else _start(cursor, scope)
    return Window(start, start + per_page, scope)


def _declared(request: Request) -> Paging:
    if request.declared is None or request.declared.paging is None:
        raise RuntimeError(f"{request.method} {request.route} declares no paging")
    return request.declared.paging


def _said(request: Request, readings: Sequence[tuple[str, Reading]], most: int) -> int | None:
    for name, read in readings:
        text = request.arg(name)
        number = read(name, text, most) if text else None
        if number is not None:
            return number
    return None


def _start(cursor: str, scope: str) -> int:
    start = read_cursor(cursor, scope).get("start")
    if not isinstance(start, int):
        raise InvalidCursor
    return start


def _leading(name: str, text: str, *, smallest: int) -> int:
    found = _LEADING_NUMBER.match(text)
    if found is None:
        raise InvalidInput.of_field(name, "must be a whole number")
    number = int(found.group()[:12])
    if number < smallest:
        raise InvalidInput.of_field(name, f"must be at least {smallest}")
    if number > _LARGEST:
        raise InvalidInput.of_field(name, f"must be at most {_LARGEST}")
    return number
