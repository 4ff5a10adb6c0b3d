"""Events of HTTP APIs and function URLs (payload 2.0): read as a REST API's, and answered in their form.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

import base64
import gzip
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

# As `minimum_compression_size` says it to REST APIs. Beyond level 5 a list gets a hundredth smaller.
COMPRESSED_FROM_BYTES = 1024
COMPRESSION_LEVEL = 5

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
    """The app's answer to an event of payload 2.0, compressed for a caller who takes that."""
    asked = in_form_one(event, _patterns(app))
    answer = in_form_two(app(asked, context))
    return compressed(answer) if _takes_gzip(asked["headers"].get("accept-encoding", "")) else answer


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


def compressed(answer: AnswerTwo) -> AnswerTwo:
    """The answer in gzip where it is a text of 1 KB or more.

    A REST API does that by itself, from `minimum_compression_size` on; HTTP APIs and function URLs do not.
    The ETag stays, as it does there: it tells what is answered, however it is packed.
    """
    body = answer["body"].encode()
    if answer["isBase64Encoded"] or len(body) < COMPRESSED_FROM_BYTES:
        return answer
    names = {name.lower(): name for name in answer["headers"]}
    vary = names.get("vary", "Vary")
    varies = [answer["headers"].get(vary, ""), "Accept-Encoding"]
    added = {"Content-Encoding": "gzip", vary: ", ".join(filter(None, varies))}
    packed = gzip.compress(body, COMPRESSION_LEVEL, mtime=0)
    return {
        **answer,
        "headers": answer["headers"] | added,
        "body": base64.b64encode(packed).decode(),
        "isBase64Encoded": True,
    }


def _takes_gzip(accepted: str) -> bool:
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() == "gzip":
            # "q=0", with up to three zeros behind the point, is a refusal.
            return weight.replace(" ", "").rstrip("0.") != "q="
    return False


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
