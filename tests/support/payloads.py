"""Gateways that ask an app by events of payload 2.0, as HTTP APIs and function URLs make them."""

import base64
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from common.http.app import ShopApp
from common.http.events import GatewayAnswer
from tools.local.gateway import Gateway, join_repeated

KINDS = ("rest", "http", "url")
REQUEST_ID = "a-request"
# What a function URL hands on as text; everything else comes in base64.
TEXT = ("text/", "application/json", "application/xml", "application/javascript")


class GatewayTwo(Gateway):
    """Asks an app as an HTTP API does, or a function URL (`kind`)."""

    def __init__(self, app: ShopApp, kind: str, stage: str = "$default") -> None:
        super().__init__(app)
        self.kind, self.stage = kind, stage

    def ask(
        self,
        method: str,
        target: str,
        headers: Iterable[tuple[str, str]],
        body: bytes | None,
        source_ip: str,
    ) -> GatewayAnswer:
        """The answer, as whoever asked over HTTP sees it."""
        event = event_two(self.kind, method, target, join_repeated(headers), body, source_ip, self.stage)
        answer: dict[str, Any] = dict(self.app(event, None))
        cookies = answer.pop("cookies")
        return {
            "statusCode": answer["statusCode"],
            "headers": answer["headers"],
            "multiValueHeaders": {"Set-Cookie": cookies} if cookies else {},
            "body": answer["body"] or None,
            "isBase64Encoded": answer["isBase64Encoded"],
        }


def gateway_of(kind: str, app: ShopApp) -> Gateway:
    """What asks an app by events of this kind."""
    return Gateway(app) if kind == "rest" else GatewayTwo(app, kind)


def event_two(
    kind: str,
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes | None,
    source_ip: str = "127.0.0.1",
    stage: str = "$default",
) -> dict[str, Any]:
    """An event of payload 2.0 in all that the app may look at."""
    path, _, query = target.partition("?")
    path = path if kind == "url" else unquote(path, errors="replace")
    prefix = "" if stage == "$default" else f"/{stage}"
    sent = {name.lower(): value for name, value in headers.items()}
    cookies = [pair for pair in sent.pop("cookie", "").split("; ") if pair]
    domain = "abc.lambda-url.eu-west-1.on.aws" if kind == "url" else "abc.execute-api.eu-west-1.amazonaws.com"
    together: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        together.setdefault(name, []).append(value)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": f"{prefix}{path}",
        "rawQueryString": query,
        # X-Forwarded-For names whoever the caller says.
        "headers": {"x-forwarded-for": "203.0.113.99", **sent, "host": domain},
        "queryStringParameters": {name: ",".join(values) for name, values in together.items()},
        "requestContext": {
            "domainName": domain,
            "http": {"method": method, "path": f"{prefix}{path}", "sourceIp": source_ip},
            "requestId": REQUEST_ID,
            "stage": stage,
        },
        "isBase64Encoded": False,
    }
    return event | _body(sent.get("content-type", ""), body) | ({"cookies": cookies} if cookies else {})


def _body(content_type: str, body: bytes | None) -> dict[str, Any]:
    if not body:
        return {}
    if content_type.startswith(TEXT):
        return {"body": body.decode("utf-8", "surrogateescape"), "isBase64Encoded": False}
    return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
