"""What a route answers: its success with the shape of it, and every refusal that it can have."""

from collections.abc import Iterable
from http import HTTPStatus
from importlib import import_module
from typing import Any

from common.http import Envelope, Route
from common.http.pages import HTML
from common.http.responses import JSON
from tools.api_document.shapes import Shapes, UnknownShape
from tools.api_document.statuses import has_tag, is_kept, refusals_of

Json = dict[str, Any]

_WHEN: dict[int, str] = {
    400: "Something in the request cannot be used; `fields` names each field that is wrong",
    401: "Nobody is signed in, or what should prove it does not",
    403: "Whoever is signed in may not do this",
    404: "There is no such thing, or not for this caller",
    409: "The state of the shop does not allow this, or somebody else was faster",
    412: "`If-Match` names what is no longer there",
    413: "The body is larger than what is read",
    415: "The body is in a format that this path does not read",
    422: "The Idempotency-Key was used for another request",
    429: "Too many attempts",
    500: "Unexpected; `request_id` names what the log says of it",
    502: "A channel refused what it was asked",
    503: "What this needs is not set up, or cannot be reached right now",
}

# Headers of answers by their names among the components.
HEADERS: dict[str, Json] = {
    "Challenge": {"description": "How to prove who asks", "schema": {"type": "string"}},
    "Place": {"description": "Where to go", "required": True, "schema": {"type": "string"}},
    "RequestId": {
        "description": "The name of this request in the log",
        "required": True,
        "schema": {"type": "string"},
    },
    "Tag": {
        "description": "Names this answer, for If-Match and If-None-Match",
        "required": True,
        "schema": {"type": "string", "pattern": '^"[0-9a-f]{32}"$'},
    },
    "Wait": {
        "description": "Seconds to wait",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
}

_SENTENCE: Json = {"type": "string", "minLength": 1}
_CODED = {
    "code": {"type": "string", "pattern": "^[A-Z_]+$", "description": "What went wrong, for programs"},
    "message": _SENTENCE,
    "details": {
        "type": "object",
        "description": "More of it; `errors` has what is wrong with each field",
        "properties": {"errors": {"type": "array", "items": {"type": "string"}}},
    },
}

# What an error looks like in each envelope, by its name among the components.
ERRORS: dict[Envelope, tuple[str, Json]] = {
    Envelope.PLAIN: (
        "Error",
        {
            "type": "object",
            "description": "What went wrong, in a sentence for people; some errors say more in fields of "
            "their own.",
            "properties": {
                "error": _SENTENCE,
                "fields": {
                    "type": "object",
                    "description": "What is wrong with each field, by its name",
                    "additionalProperties": {"type": "array", "items": {"type": "string"}},
                },
                "request_id": {"type": "string"},
            },
            "required": ["error"],
        },
    ),
    Envelope.MARKETPLACE: (
        "MarketplaceError",
        {
            "type": "object",
            "description": "What went wrong, as the routes of the creators say it.",
            "properties": {
                "error": {
                    "type": "object",
                    "properties": {
                        **_CODED,
                        "timestamp": {"type": "string", "format": "date-time"},
                        "requestId": {"type": "string"},
                    },
                    "required": ["code", "message", "timestamp", "requestId"],
                }
            },
            "required": ["error"],
        },
    ),
    Envelope.USERS: (
        "UsersError",
        {
            "type": "object",
            "description": "What went wrong, as the routes of the users say it.",
            "properties": {
                "success": {"type": "boolean", "enum": [False]},
                "error": {"type": "object", "properties": _CODED, "required": ["code", "message"]},
            },
            "required": ["success", "error"],
        },
    ),
    Envelope.PAGE: ("ErrorPage", {"type": "string", "description": "What went wrong, as a page for people."}),
}


def refusals(routes: Iterable[Route]) -> dict[str, Json]:
    """The answers with which these routes refuse requests, by their names among the components."""
    used = {(status, route.envelope) for route in routes for status in refusals_of(route)}
    return {_name(*refused): _refusal(*refused) for refused in used}


def responses_of(route: Route, shapes: Shapes, example: Any = None) -> Json:
    """Everything that a route answers, by status, with an example of its success where there is one.

    UnknownShape where it declares no answer.
    """
    found: Json = {str(route.status): _success(route, _content(route, shapes, example))}
    if is_kept(route):
        found["304"] = {
            "description": "What the caller holds is still true",
            "headers": {"ETag": _header("Tag"), "X-Request-Id": _header("RequestId")},
        }
    for status in refusals_of(route):
        found[str(status)] = {"$ref": f"#/components/responses/{_name(status, route.envelope)}"}
    return dict(sorted(found.items()))


def _kind_of(media_type: str) -> str:
    """What a document of another type is to whoever reads it: a text, or JSON by a suffix (RFC 6839)."""
    return "object" if media_type.endswith("+json") else "string"


def _content(route: Route, shapes: Shapes, example: Any) -> Json:
    """What a success may be, by its media type."""
    texts: Json = {media_type: {"schema": {"type": _kind_of(media_type)}} for media_type in route.media_types}
    if not route.answer and texts:
        return texts
    shape = getattr(import_module(f"{route.domain}.answers"), route.answer, None) if route.answer else None
    if shape is None:
        raise UnknownShape(f"{route.method} {route.path} declares no answer")
    shown = {} if example is None else {"example": example}
    return {JSON: {"schema": shapes.schema(shape), **shown}, **texts}


def _success(route: Route, content: Json) -> Json:
    headers = {"X-Request-Id": _header("RequestId")}
    if has_tag(route):
        headers["ETag"] = _header("Tag")
    if route.status == HTTPStatus.FOUND:
        headers["Location"] = _header("Place")
    return {
        "description": HTTPStatus(route.status).phrase,
        "headers": headers,
        "content": content,
    }


def _refusal(status: int, envelope: Envelope) -> Json:
    headers = {"X-Request-Id": _header("RequestId")}
    if status in {429, 503}:
        headers["Retry-After"] = _header("Wait")
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = _header("Challenge")
    reference = {"$ref": f"#/components/schemas/{ERRORS[envelope][0]}"}
    media_type = HTML if envelope is Envelope.PAGE else JSON
    return {"description": _WHEN[status], "headers": headers, "content": {media_type: {"schema": reference}}}


def _name(status: int, envelope: Envelope) -> str:
    kind = "" if envelope is Envelope.PLAIN else envelope.value.capitalize()
    return kind + "".join(word.capitalize() for word in HTTPStatus(status).phrase.split())


def _header(name: str) -> Json:
    return {"$ref": f"#/components/headers/{name}"}
