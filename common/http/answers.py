"""Responses to API Gateway's form, with the headers that every answer carries."""

from collections.abc import Mapping, Sequence
from typing import Any

from common import config
from common.errors import AnswerTooLarge
from common.http import caching, cors
from common.http.answer_size import fits
from common.http.caching import Caching
from common.http.events import Call, GatewayAnswer
from common.http.responses import JSON, Document, Response, encode_json

_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}

# A browser that has seen it once speaks HTTPS only, for a year.
_TRANSPORT_SECURITY = "max-age=31536000; includeSubDomains"


def render(call: Call, response: Response, *, private: bool, cached: Caching | None = None) -> GatewayAnswer:
    """The answer to a call; a 304 without body when the caller holds a public answer already.

    AnswerTooLarge for a body beyond what Lambda hands on.

    `private` answers depend on who asks and are stored by nobody; `cached` is what a route declares instead.
    ValueError for control characters in a header, TypeError for a body that JSON cannot say.
    """
    body, content_type = _written(response.body)
    if not fits(body):
        raise AnswerTooLarge
    headers = _headers(call, response, content_type) | caching.cache_headers(
        call.method, response.status, body, private=private, declared=cached, version=response.version
    )
    status = response.status
    held = _held_tag(call, headers, body, response)
    if response.is_held and not held:
        raise RuntimeError("an answer without a body is for who holds it, which this caller does not say")
    if held:
        status = 304
        headers["ETag"] = held
        del headers["Content-Type"]
    elif call.method == "HEAD":
        headers["Content-Length"] = str(len(body.encode()))
    _refuse_control_characters(headers, response.cookies)
    return {
        "statusCode": status,
        "headers": headers,
        "multiValueHeaders": {"Set-Cookie": list(response.cookies)} if response.cookies else {},
        # RFC 9110: neither a 304 nor the answer to HEAD has a body.
        "body": None if status == 304 or call.method == "HEAD" else body,
    }


def _held_tag(call: Call, headers: Mapping[str, str], body: str, response: Response) -> str:
    """The tag by which the caller has the answer already; empty where it has not.

    One with a version is also known by the tag of its body, under which a process sends it that knows no
    version of it.
    """
    held = call.headers.get("if-none-match")
    if not call.is_reading or "ETag" not in headers:
        return ""
    if caching.is_fresh(held, headers):
        return headers["ETag"]
    if not (held and response.version) or response.is_held:
        return ""
    by_body = {**headers, "ETag": caching.entity_tag(body)}
    return by_body["ETag"] if caching.is_fresh(held, by_body) else ""


def _written(body: Any) -> tuple[str, str]:
    """The text of a body, and its content type."""
    if isinstance(body, Document):
        return body.text, body.content_type
    return encode_json({} if body is None else body), JSON


def _headers(call: Call, response: Response, content_type: str) -> dict[str, str]:
    headers = {"Content-Type": content_type, **_SECURITY, "X-Request-Id": call.request_id}
    if not config.is_development():
        headers["Strict-Transport-Security"] = _TRANSPORT_SECURITY
    headers |= cors.headers_for(call.headers.get("origin"))
    if call.is_reading:
        headers["Vary"] = caching.VARY
    vary = response.headers.get("Vary")
    return headers | dict(response.headers) | ({"Vary": f"{headers['Vary']}, {vary}"} if vary else {})


def _refuse_control_characters(headers: Mapping[str, str], cookies: Sequence[str]) -> None:
    # A line break would let a value that came from outside add headers of its own.
    for value in (*headers.values(), *cookies):
        if not value.isprintable():
            raise ValueError("control character in a response header")
