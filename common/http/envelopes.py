"""The shapes that errors have: one for the storefronts, others for clients that know them from elsewhere."""

from collections.abc import Mapping
from dataclasses import replace
from enum import Enum
from typing import Any

from common.clock import iso, utc_now
from common.http.responses import Response


class Envelope(Enum):
    """How the errors of a route are written."""

    PLAIN = "plain"
    """`{"error": text}` and what the error has to say besides."""
    MARKETPLACE = "marketplace"
    """`{"error": {code, message, timestamp, requestId, details?}}`."""
    USERS = "users"
    """`{"success": false, "error": {code, message, details?}}`."""
    PAGE = "page"
    """A page for people (`common.http.pages`), in the language that they read."""


INVALID_REQUEST, VALIDATION_ERROR = "INVALID_REQUEST", "VALIDATION_ERROR"

_CODES = {
    400: INVALID_REQUEST,
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    409: "CONFLICT",
    412: "PRECONDITION_FAILED",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    422: "UNPROCESSABLE_CONTENT",
    429: "RATE_LIMIT_EXCEEDED",
    503: "SERVICE_UNAVAILABLE",
}
CODES = frozenset({*_CODES.values(), VALIDATION_ERROR, "FILE_TOO_LARGE", "USER_EXISTS", "INTERNAL_ERROR"})


def enclosed(
    refused: Response,
    envelope: Envelope,
    request_id: str,
    code: str = "",
    handler: str = "",
    accept_language: str | None = None,
) -> Response:
    """An error in the shape of its route; `code` where the error has one of its own.

    `handler` is the function of the route, which the users' API names where it failed unexpectedly;
    `accept_language` is what pages go by.
    """
    if envelope is Envelope.PLAIN:
        return refused
    if envelope is Envelope.PAGE:
        # Its templates are of no use to most requests.
        from common.http.pages import refusal_page

        return refusal_page(refused, code, accept_language)
    body: Mapping[str, Any] = refused.body
    fields: Mapping[str, list[str]] = body.get("fields", {})
    details = _details(body, fields)
    error = {
        "code": code or _code(refused.status, envelope, has_fields=bool(fields)),
        "message": _message(refused, envelope, fields, handler),
        **({"details": details} if details else {}),
    }
    if envelope is Envelope.USERS:
        return replace(refused, body={"success": False, "error": error})
    return replace(refused, body={"error": {**error, "timestamp": iso(utc_now()), "requestId": request_id}})


def _message(refused: Response, envelope: Envelope, fields: Mapping[str, list[str]], handler: str) -> str:
    if envelope is Envelope.USERS and refused.status == 400 and fields:
        return ", ".join(_sentences(fields))
    if envelope is Envelope.USERS and "request_id" in refused.body and handler:
        name = "".join(part.capitalize() for part in handler.split("_"))
        return f"Failed to process request in {name}"
    return str(refused.body["error"])


def _sentences(fields: Mapping[str, list[str]]) -> list[str]:
    return [f"{name}: {text}" for name, texts in fields.items() for text in texts]


def _details(body: Mapping[str, Any], fields: Mapping[str, list[str]]) -> dict[str, Any]:
    errors = _sentences(fields)
    others = {name: value for name, value in body.items() if name not in {"error", "fields", "request_id"}}
    return ({"errors": errors} if errors else {}) | others


def _code(status: int, envelope: Envelope, *, has_fields: bool) -> str:
    if status == 400 and (has_fields or envelope is Envelope.USERS):
        return VALIDATION_ERROR
    return _CODES.get(status, "INTERNAL_ERROR")
