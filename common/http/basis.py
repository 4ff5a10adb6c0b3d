"""What a caller saw of a thing before changing it, held against what the thing is now.

A caller says it by `If-Match` with the ETag of a GET, or by sending back the `updated_at` that an answer
showed. Whoever says neither is served as ever.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from common.clock import iso, parse_iso
from common.errors import InvalidInput, Outdated, PreconditionFailed
from common.http.body import read_payload
from common.http.caching import entity_tag
from common.http.request import Request
from common.http.responses import encode_json

E = TypeVar("E")

_BODY_NAMES = ("updated_at", "updatedAt")


@dataclass(frozen=True, slots=True)
class Basis:
    """The header `If-Match` as it was sent, and the `updated_at` of the body (ISO 8601 UTC)."""

    if_match: str | None = None
    updated_at: str | None = None

    @property
    def is_given(self) -> bool:
        """Whether the caller says at all what it saw."""
        return self.if_match is not None or self.updated_at is not None

    def hold(self, changed_at: str, shown: Callable[[], Iterable[Any]]) -> None:
        """Refuses a change that was decided on something older.

        `changed_at` (ISO 8601 UTC) is when that which the caller is about to write was last changed;
        `shown` gives the body of every GET that shows the thing. Call it in the step that reads the thing
        and writes it under its version, so that nothing comes in between. Raises PreconditionFailed (412)
        for the header, Outdated (409) for the body.
        """
        if self.if_match is not None and not _is_one_of(self.if_match, shown()):
            raise PreconditionFailed
        if self.updated_at is not None and changed_at > self.updated_at:
            raise Outdated


def seen_by(
    request: Request, changed_at: Callable[[E], str], shown: Callable[[E], Iterable[Any]]
) -> Callable[[E], None]:
    """The check that what the caller of a write saw still holds, for the step that reads the thing.

    `changed_at` and `shown` are asked of the thing as that step reads it; see `Basis.hold`.
    """
    basis = basis_of(request)
    return lambda thing: basis.hold(changed_at(thing), lambda: shown(thing))


def basis_of(request: Request) -> Basis:
    """What the caller of a write saw; InvalidInput for an `updated_at` that is no time."""
    if request.declared is not None and not request.declared.if_match:
        raise RuntimeError(f"{request.method} {request.route} does not declare if_match")
    header = request.headers.get("if-match")
    is_json = bool(request.body) and "json" in request.content_type
    sent = read_payload(request.body, request.content_type, required=False) if is_json else {}
    return Basis(header.strip() if header is not None else None, _updated_at(sent))


def _updated_at(sent: Mapping[str, Any]) -> str | None:
    value = next((sent[name] for name in _BODY_NAMES if sent.get(name)), None)
    if value is None:
        return None
    try:
        return iso(parse_iso(str(value)))
    except (ValueError, OverflowError) as error:
        raise InvalidInput.of_field("updated_at", "must be a time") from error


def _is_one_of(if_match: str, bodies: Iterable[Any]) -> bool:
    """RFC 9110, section 13.1.1: `*` is whatever is there; the comparison is strong, so no weak tag is met."""
    if if_match == "*":
        return True
    tags = {part.strip() for part in if_match.split(",")}
    return any(entity_tag(encode_json(body)) in tags for body in bodies)
