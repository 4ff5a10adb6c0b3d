"""Lists that are asked for by `limit` and `offset`, as the marketplace's clients know them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from common.errors import InvalidInput
from common.http.lists import Stretch, list_response
from common.http.request import Request
from common.http.responses import Response

OFFSET_QUERY = ("limit", "offset")
"""What a route declares whose list is asked for like this."""

# Beyond so many entries no list goes.
_FURTHEST = 9


@dataclass(frozen=True, slots=True)
class Places:
    """The `limit` places of a list behind the first `offset`."""

    limit: int
    offset: int

    def of(self, entries: Sequence[Any]) -> Sequence[Any]:
        """The entries of a whole list that stand at these places."""
        return entries[self.offset : self.offset + self.limit]


def places_of(request: Request, *, default: int = 20, most: int = 100) -> Places:
    """The places that a request asks for: `default` unless it says `limit`, at the most `most`, at least one.

    InvalidInput names what is no whole number.
    """
    limit, offset = _number(request, "limit", default), _number(request, "offset", 0)
    return Places(max(1, min(limit, most)), offset)


def places_response(
    entries: Sequence[Any], places: Places, total: int, body: Callable[[Sequence[Any]], dict[str, Any]]
) -> Response:
    """The answer that `body` makes of the entries shown, with `total` and whether more follow (`hasMore`).

    Entries are left out from the end until the answer can be sent, which `hasMore` says too: who goes on by
    the number of entries that came misses none.
    """

    def assembled(shown: Sequence[Any]) -> dict[str, Any]:
        return {**body(shown), "total": total, "hasMore": places.offset + len(shown) < total}

    return list_response(Stretch(entries, None, str), assembled, names=())


def _number(request: Request, name: str, default: int) -> int:
    text = request.arg(name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= _FURTHEST):
        raise InvalidInput.of_field(name, "must be a whole number")
    return int(text)
