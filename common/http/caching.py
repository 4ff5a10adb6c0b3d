"""ETags, conditional requests and Cache-Control."""

import hashlib
from collections.abc import Mapping

PRIVATE = "private, no-store"
REVALIDATE = "no-cache"

# What a public answer may depend on besides the URL.
VARY = "Origin, Authorization, Cookie"


def entity_tag(body: str) -> str:
    """A strong ETag of the body, quotes included."""
    return f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'


def cache_headers(method: str, status: int, body: str, *, private: bool) -> dict[str, str]:
    """Cache-Control, and an ETag for the 200 of a public GET or HEAD.

    `private` answers (signed-in caller, or a route that needs a role) and errors are kept by nobody.
    """
    if method not in {"GET", "HEAD"} or status != 200 or private:
        return {"Cache-Control": PRIVATE if private else "no-store"}
    return {"Cache-Control": REVALIDATE, "ETag": entity_tag(body)}


def is_fresh(if_none_match: str | None, headers: Mapping[str, str]) -> bool:
    """Whether the caller already holds the answer with these headers (RFC 9110, section 13.1.2).

    The weak comparison applies: `W/` does not matter.
    """
    tag = headers.get("ETag")
    if not if_none_match or not tag:
        return False
    if if_none_match.strip() == "*":
        return True
    # Our tags hold no commas, so cutting a foreign tag in two cannot make it equal to ours.
    return any(part.strip().removeprefix("W/") == tag for part in if_none_match.split(","))
