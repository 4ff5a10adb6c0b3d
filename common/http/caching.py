"""ETags, conditional requests and Cache-Control."""

import hashlib
from collections.abc import Mapping
from enum import StrEnum


class Caching(StrEnum):
    """Who keeps a successful answer, as Cache-Control says it."""

    REVALIDATED = "no-cache"
    """Everybody, and asks each time whether it is still true; nobody what a signed-in caller was told."""
    PRIVATE = "private, no-store"
    """Nobody: it is for this caller alone."""
    UNKEPT = "no-store"
    """Nobody: it is true for this moment, or works once."""
    MINUTES = "public, max-age=300"
    """Everybody, for five minutes."""
    HOUR = "public, max-age=3600"
    """Everybody, for an hour."""


# What a public answer may depend on besides the URL.
VARY = "Origin, Authorization, Cookie"


def entity_tag(body: str) -> str:
    """A strong ETag of the body, quotes included."""
    return f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'


def version_tag(*parts: object) -> str:
    """A strong ETag of an answer that is known without its body: by all that the body is made of.

    The parts are texts, numbers and tuples of them; of two answers that differ, one part differs at least.
    """
    return entity_tag(f"version:{parts!r}")


def cache_headers(
    method: str, status: int, body: str, *, private: bool, declared: Caching | None = None, version: str = ""
) -> dict[str, str]:
    """Cache-Control, and an ETag for the 200 of a GET or HEAD whose route declares nothing else.

    The tag is that of the body, or of the `version` of a public answer that has one. `private` answers
    (signed-in caller, or a route that needs a role) and errors are kept by nobody; the tag of a private one
    is for If-Match.
    """
    if declared is not None:
        return {"Cache-Control": declared}
    if method not in {"GET", "HEAD"} or status != 200:
        return {"Cache-Control": Caching.PRIVATE if private else Caching.UNKEPT}
    kept = Caching.PRIVATE if private else Caching.REVALIDATED
    tag = version if version and not private else entity_tag(body)
    return {"Cache-Control": kept, "ETag": tag}


def is_fresh(if_none_match: str | None, headers: Mapping[str, str]) -> bool:
    """Whether the caller already holds the answer with these headers (RFC 9110, section 13.1.2).

    The weak comparison applies: `W/` does not matter. A private answer is held by nobody.
    """
    tag = headers.get("ETag")
    if not if_none_match or not tag or headers.get("Cache-Control") == Caching.PRIVATE:
        return False
    return if_none_match.strip() == "*" or names(if_none_match, tag)


def names(if_none_match: str | None, tag: str) -> bool:
    """Whether a caller says that it holds what this tag is of; `*` names nothing."""
    # Our tags hold no commas, so cutting a foreign tag in two cannot make it equal to ours.
    return any(part.strip().removeprefix("W/") == tag for part in (if_none_match or "").split(","))
