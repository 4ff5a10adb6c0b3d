"""API Gateway REST events (payload 1.0) to requests, and responses to what API Gateway expects."""

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict
from urllib.parse import unquote
from uuid import uuid4

from common import clock
from common.errors import InvalidInput, NotFound
from common.http.body import text_complaint
from common.http.request import Request

if TYPE_CHECKING:
    from common.http.routing import Route

Event = Mapping[str, Any]

# Below DynamoDB's 1024 bytes of sort key and 2048 of partition key, prefixes included.
LONGEST_PARAM_BYTES = 512
LONGEST_ARG_BYTES = 1800


class GatewayAnswer(TypedDict):
    """What API Gateway and Chalice's local server turn into an HTTP response; binary bodies are base64."""

    statusCode: int
    headers: dict[str, str]
    multiValueHeaders: dict[str, list[str]]
    body: str | None
    isBase64Encoded: NotRequired[bool]


class Headers(Mapping[str, str]):
    """Headers whose names ignore case."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._values = {name.lower(): value for name, value in pairs}

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


@dataclass(frozen=True)
class Call:
    """What can be said of every event, malformed ones included; `route` is empty where none was met."""

    method: str
    route: str
    headers: Headers
    request_id: str

    @property
    def is_reading(self) -> bool:
        """Whether it asks for what GET answers; HEAD asks for the same without its body."""
        return self.method in {"GET", "HEAD"}


def read_call(event: Event, context: Any) -> Call:
    """Method, route pattern, headers and request id of an event; never fails."""
    about = event.get("requestContext") or {}
    given_id = about.get("requestId") or getattr(context, "aws_request_id", None)
    return Call(
        method=str(about.get("httpMethod") or ""),
        route=str(about.get("resourcePath") or ""),
        headers=_read_headers(event),
        request_id=str(given_id or uuid4()),
    )


def read_request(event: Event, call: Call, declared: "Route | None" = None) -> Request:
    """The request in an event to a route; InvalidInput or NotFound for parts that cannot be meant.

    The query arrives URL-decoded, the path's variables do not.
    """
    about = event["requestContext"]
    return Request(
        method=call.method,
        path=str(event.get("path") or about.get("path") or call.route),
        route=call.route,
        params=_read_params(call.route, event.get("pathParameters") or {}),
        query=_read_query(event),
        headers=call.headers,
        cookies=read_cookies(call.headers.get("cookie", "")),
        body=_read_body(event),
        source_ip=_source_ip(about, call.headers),
        request_id=call.request_id,
        now=clock.utc_now(),
        declared=declared,
    )


def read_cookies(header: str) -> dict[str, str]:
    """A Cookie header's pairs; the first of two equal names wins, being the more specific (RFC 6265)."""
    cookies: dict[str, str] = {}
    for pair in header.split(";"):
        name, equals, value = pair.partition("=")
        if equals:
            cookies.setdefault(name.strip(), value.strip().strip('"'))
    return cookies


def _source_ip(about: Mapping[str, Any], headers: Headers) -> str:
    connected = str((about.get("identity") or {}).get("sourceIp") or "")
    if "x-edge-secret" not in headers:
        return connected
    # Only behind a distribution, which is rare; without one the import would be for nothing.
    from common.http.edge import viewer_address

    return viewer_address(headers, connected)


def _read_headers(event: Event) -> Headers:
    several = event.get("multiValueHeaders") or {}
    if several:
        return Headers((name, _joined(name, values)) for name, values in several.items())
    return Headers((event.get("headers") or {}).items())


def _joined(name: str, values: list[str]) -> str:
    return ("; " if name.lower() == "cookie" else ", ").join(values)


def _read_params(route: str, raw: Mapping[str, str]) -> dict[str, str]:
    # Chalice's local server leaves variables of routes that it tried before in the event.
    return {name: _decoded_param(name, value) for name, value in raw.items() if f"{{{name}}}" in route}


def _decoded_param(name: str, raw: str) -> str:
    try:
        value = unquote(raw, errors="strict")
    except UnicodeDecodeError as error:
        raise InvalidInput.of_field(name, "is not valid UTF-8") from error
    complaint = text_complaint(value)
    if complaint:
        raise InvalidInput.of_field(name, complaint)
    if len(value.encode()) > LONGEST_PARAM_BYTES:
        raise NotFound("Not found")
    return value


def _read_query(event: Event) -> dict[str, list[str]]:
    several = event.get("multiValueQueryStringParameters")
    if several is None:
        single = event.get("queryStringParameters") or {}
        several = {name: [value] for name, value in single.items()}
    for name, values in several.items():
        _check_arg(name, values)
    return dict(several)


def _check_arg(name: str, values: list[str]) -> None:
    for value in values:
        complaint = text_complaint(value)
        if complaint:
            raise InvalidInput.of_field(name, complaint)
        if len(value.encode()) > LONGEST_ARG_BYTES:
            raise InvalidInput.of_field(name, f"must be at most {LONGEST_ARG_BYTES} bytes")


def _read_body(event: Event) -> bytes:
    body = event.get("body") or b""
    if event.get("isBase64Encoded"):
        try:
            return base64.b64decode(body, validate=True)
        except (binascii.Error, ValueError) as error:
            raise InvalidInput("Request body is not valid base64") from error
    # A lone surrogate must reach the body's own check, which names the field.
    return body.encode("utf-8", "surrogatepass") if isinstance(body, str) else bytes(body)
