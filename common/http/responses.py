"""Responses: JSON with exact numbers, documents of other types, headers and cookies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import simplejson

from common import config

JSON = "application/json"

NULL = simplejson.RawJSON("null")
"""The body that is JSON's null: None is sent as {}."""


@dataclass(frozen=True, slots=True)
class Document:
    """A body that is no JSON: a text, sent as UTF-8, and its content type, such as `text/csv; charset=utf-8`.

    Its route declares the media type (`Route.media_types`).
    """

    text: str
    content_type: str

    @property
    def media_type(self) -> str:
        """The content type without its parameters."""
        return self.content_type.partition(";")[0].strip()


@dataclass(frozen=True)
class Response:
    """What a handler answers: a `body`, status, headers, Set-Cookie lines.

    The body is a Document or whatever JSON can say; None is sent as {}. `version` is the tag of a public
    answer that is known by what its body is made of (`caching.version_tag`), and `is_held` says that the
    caller has it (`Request.holds`), so that there is no body to make.

    Who keeps it is declared beside the route. Never 204: the storefront parses every success as JSON.
    """

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Sequence[str] = ()
    version: str = ""
    is_held: bool = False

    def __post_init__(self) -> None:
        if self.status in (204, 304):
            raise ValueError(f"a {self.status} has no body, and every answer is parsed as JSON")
        if self.is_held and not self.version:
            raise ValueError("what a caller holds is known by its version")


def encode_json(body: Any) -> str:
    """Compact JSON in which Decimal is written digit by digit; TypeError for what JSON cannot say."""
    return simplejson.dumps(
        body,
        use_decimal=True,
        allow_nan=False,
        ensure_ascii=False,
        separators=(",", ":"),
        # Bytes are refused instead of being taken for text.
        encoding=None,
        default=_refuse,
    )


def set_cookie(
    name: str, value: str, *, max_age: int, http_only: bool = True, same_site: str = "Strict"
) -> str:
    """A Set-Cookie line for `Response.cookies`; `max_age` in seconds, 0 removes the cookie.

    Secure but on a developer's machine, over whose plain HTTP such a cookie is not sent back.
    """
    parts = [f"{name}={value}", "Path=/"]
    parts += ["HttpOnly"] if http_only else []
    parts += [] if config.is_development() else ["Secure"]
    return "; ".join([*parts, f"SameSite={same_site}", f"Max-Age={max_age}"])


def _refuse(value: object) -> Any:
    raise TypeError(f"{type(value).__name__} has no JSON form")
