"""Events of HTTP APIs and function URLs (payload 2.0): read as a REST API's, and answered in their form.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import parse_qs, quote

from common.http.events import Event, GatewayAnswer

if TYPE_CHECKING:
    from common.http.app import ShopApp

DEFAULT_STAGE = "$default"
# What the domain name of a function URL holds, and that of no API.
FUNCTION_URL = ".lambda-url."

Pattern = tuple[str, tuple[str, ...]]
"""A route's path, whole and in its parts."""


class AnswerTwo(TypedDict):
    """An answer as HTTP APIs and function URLs take it: a header has one value, and cookies stand beside."""

    statusCode: int
    headers: dict[str, str]
    cookies: list[str]
    body: str
    isBase64Encoded: bool


def answer_to(app: "ShopApp", event: Event, context: Any) -> AnswerTwo:
    """The app's answer to an event of payload 2.0."""
    return in_form_two(app(in_form_one(event, _patterns(app)), context))


def in_form_one(event: Event, patterns: Iterable[Pattern]) -> dict[str, Any]:
    """The event as a REST API would hand it over; `patterns` are what its path is looked for in, in turn."""
    about = event.get("requestContext") or {}
    http = about.get("http") or {}
    path = _path(event, about)
    route, params = _match(path, patterns)
    return {
        "path": path,
        "headers": _headers(event),
        "multiValueQueryStringParameters": _query(event),
        "pathParameters": params,
        "body": event.get("body"),
        "isBase64Encoded": event.get("isBase64Encoded", False),
        "requestContext": {
            "httpMethod": http.get("method"),
            "resourcePath": route,
            "requestId": about.get("requestId"),
            # Who is connected, as the service saw it; X-Forwarded-For says what the caller wants.
            "identity": {"sourceIp": http.get("sourceIp")},
        },
    }


def in_form_two(answer: GatewayAnswer) -> AnswerTwo:
    """The answer with its cookies beside the headers, where a header can stand once only."""
    several = answer["multiValueHeaders"]
    joined = {name: ", ".join(values) for name, values in several.items() if name.lower() != "set-cookie"}
    cookies = [line for name, lines in several.items() if name.lower() == "set-cookie" for line in lines]
    return {
        "statusCode": answer["statusCode"],
        "headers": answer["headers"] | joined,
        "cookies": cookies,
        "body": answer["body"] or "",
        "isBase64Encoded": bool(answer.get("isBase64Encoded", False)),
    }


def _path(event: Event, about: Mapping[str, Any]) -> str:
    """The path as it was sent, without the stage's name.

    An HTTP API has decoded it, which a function URL has not; its parts are encoded again, so that they are
    decoded once only. What was `%2F` can then not be told from a slash.
    """
    raw = str(event.get("rawPath") or "/")
    stage = about.get("stage") or DEFAULT_STAGE
    if stage != DEFAULT_STAGE and f"{raw}/".startswith(f"/{stage}/"):
        raw = raw[len(stage) + 1 :] or "/"
    if FUNCTION_URL in str(about.get("domainName") or ""):
        return raw
    return quote(raw, safe="/", errors="surrogatepass")


def _query(event: Event) -> dict[str, list[str]]:
    # queryStringParameters joins the values of one name by commas, which a value may hold itself.
    return parse_qs(event.get("rawQueryString") or "", keep_blank_values=True)


def _headers(event: Event) -> dict[str, str]:
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    cookies = event.get("cookies")
    return headers | ({"cookie": "; ".join(cookies)} if cookies else {})


@lru_cache(maxsize=4)
def _patterns(app: "ShopApp") -> tuple[Pattern, ...]:
    # A brace sorts behind every character of a path, so what is fixed comes before what varies.
    return tuple((path, tuple(path.split("/"))) for path in sorted(app.shop_routes))


def _match(path: str, patterns: Iterable[Pattern]) -> tuple[str, dict[str, str]]:
    """The route of a path and its variables; an empty one where no route has it."""
    parts = (path[:-1] if len(path) > 1 and path.endswith("/") else path).split("/")
    for route, wanted in patterns:
        if len(wanted) == len(parts) and all(map(_fits, wanted, parts)):
            pairs = zip(wanted, parts, strict=True)
            return route, {name[1:-1]: value for name, value in pairs if name.startswith("{")}
    return "", {}


def _fits(wanted: str, part: str) -> bool:
    return bool(part) if wanted.startswith("{") else wanted == part
