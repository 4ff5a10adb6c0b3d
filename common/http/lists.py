"""Answers that hold a list: a page ends before the answer is too large, and says how to go on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from urllib.parse import urlencode

from simplejson import RawJSON

from common.http.answer_size import fits, room_beside, sent_bytes
from common.http.responses import Response, encode_json

CURSOR = "lastEvaluatedKey"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring entries of a list, each as JSON.

    `following` is the cursor of what comes after them, None at the end of the list; `cursor_behind` gives
    that of what comes after the first so many of them.
    """

    entries: Sequence[Any]
    following: str | None
    cursor_behind: Callable[[int], str]


def list_response(
    stretch: Stretch, body: Callable[[Sequence[Any]], dict[str, Any]], names: Sequence[str] = (CURSOR,)
) -> Response:
    """The answer that `body` makes of the entries shown; where more follow, their cursor under these names.

    Entries are left out from the end until Lambda can send it; one is always shown.
    """

    def assembled(shown: Sequence[Any], following: str | None) -> dict[str, Any]:
        return body(shown) | (dict.fromkeys(names, following) if following else {})

    return Response(RawJSON(_shortened(stretch, assembled)[0]))


def array_response(stretch: Stretch) -> Response:
    """The same as a bare array, which cannot say that more follow: the `Link` header does (RFC 8288)."""
    text, following = _shortened(stretch, lambda shown, _: shown)
    # A reference of nothing but a query leads to the same path, whatever stage or base path is before it.
    headers = {"Link": f'<?{urlencode({CURSOR: following})}>; rel="next"'} if following else {}
    return Response(RawJSON(text), headers=headers)


def _shortened(
    stretch: Stretch, assembled: Callable[[Sequence[Any], str | None], Any]
) -> tuple[str, str | None]:
    text, following = encode_json(assembled(stretch.entries, stretch.following)), stretch.following
    if not fits(text) and len(stretch.entries) > 1:
        room = room_beside(encode_json(assembled([], None)))
        # The quotes around each text that is measured are more than the comma behind it.
        sizes = accumulate(sent_bytes(encode_json(entry)) for entry in stretch.entries)
        shown = max(sum(size <= room for size in sizes), 1)
        following = stretch.cursor_behind(shown)
        text = encode_json(assembled(stretch.entries[:shown], following))
    return text, following
