"""A client that asks an app as API Gateway does: no socket, the same events."""

import json as jsonlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import urlencode
from uuid import uuid4

from chalice.local import RouteMatcher

from common.http import Route, ShopApp
from common.http.events import GatewayAnswer, Headers
from common.http.responses import JSON
from tests.support.shapes import declared_shape, differences
from tools.api_document.statuses import refusals_of, successes_of
from tools.local.gateway import Gateway

BOUNDARY = "boundary-of-the-tests"

File = tuple[str, bytes, str]
"""File name, content and content type of an upload."""


@dataclass(frozen=True)
class Context:
    """What Lambda hands over beside the event."""

    aws_request_id: str = field(default_factory=lambda: str(uuid4()))


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; names in `headers` ignore case, numbers in `json` are int or Decimal."""

    status: int
    headers: Mapping[str, str]
    text: str
    set_cookies: list[str]

    @cached_property
    def json(self) -> Any:
        return jsonlib.loads(self.text, parse_float=Decimal)

    @property
    def error(self) -> str:
        """The text of an error answer."""
        return str(self.json["error"])

    @property
    def cookies(self) -> dict[str, str]:
        pairs = (line.split(";")[0].partition("=") for line in self.set_cookies)
        return {name: value for name, _, value in pairs}


class Asked(Protocol):
    """What stands before an app: one in this process, or one elsewhere."""

    def ask(
        self,
        method: str,
        target: str,
        headers: Iterable[tuple[str, str]],
        body: bytes | None,
        source_ip: str,
    ) -> GatewayAnswer:
        """The answer to a request."""


class Client:
    """Asks `app` from an IP address; `headers` and `token` (a bearer token) go with every request.

    `gateway` makes the events: those of a REST API where none is given.
    """

    def __init__(
        self,
        app: ShopApp,
        *,
        headers: Mapping[str, str] | None = None,
        token: str = "",
        address: str = "127.0.0.1",
        gateway: Asked | None = None,
    ) -> None:
        self.app = app
        self.gateway = gateway or Gateway(app)
        self.matcher = RouteMatcher(list(app.routes))
        self.headers = dict(headers or {})
        self.token = token
        self.address = address

    def get(self, path: str, **options: Any) -> Answer:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> Answer:
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Any) -> Answer:
        return self.request("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> Answer:
        return self.request("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> Answer:
        return self.request("DELETE", path, **options)

    def options(self, path: str, **options: Any) -> Answer:
        return self.request("OPTIONS", path, **options)

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        token: str | None = None,
        **content: Any,
    ) -> Answer:
        """One request; `content` is what `encode_body` takes: json, data or files."""
        content_type, body = encode_body(**content)
        sent = {**({"Content-Type": content_type} if content_type else {}), **self.headers, **(headers or {})}
        bearer = self.token if token is None else token
        if bearer:
            sent["Authorization"] = f"Bearer {bearer}"
        url = f"{path}?{urlencode(params, doseq=True)}" if params else path
        answer = read_answer(self.gateway.ask(method, url, sent.items(), body, self.address))
        route = self._route(method, url)
        if route is not None and (route.answer or route.media_types):
            _hold_to_declaration(route, answer)
        return answer

    def _route(self, method: str, url: str) -> Route | None:
        try:
            path = self.matcher.match_route(url).route
        except ValueError:
            return None
        return self.app.shop_routes[path].get("GET" if method == "HEAD" else method)


def _hold_to_declaration(route: Route, answer: Answer) -> None:
    """Whatever a test asks for, the answer is what its route declares and the API's document says."""
    named = f"{route.method} {route.path}"
    if answer.status >= 300:
        assert answer.status in {*successes_of(route), *refusals_of(route)}, f"{named}: {answer.status}"
    elif answer.text:
        assert answer.status == route.status, named
        media_type = answer.headers["Content-Type"].partition(";")[0]
        assert media_type in {*route.media_types, *([JSON] if route.answer else [])}, f"{named}: {media_type}"
        if media_type != JSON:
            return
        wrong = differences(answer.json, declared_shape(route))
        assert not wrong, f"{named} is no {route.answer}: {wrong[:5]}"


def encode_body(
    *,
    json: Any = None,
    data: Mapping[str, str] | bytes | str | None = None,
    files: Mapping[str, File] | None = None,
) -> tuple[str, bytes | None]:
    """Content type and bytes of a body.

    `json` is any JSON value, Decimal included; `files` make a multipart form with `data` as its fields;
    `data` alone is a urlencoded form when it is a mapping, and sent as it stands, without a content
    type, when it is text or bytes.
    """
    if files is not None:
        return f"multipart/form-data; boundary={BOUNDARY}", multipart_body(data or {}, files)
    if json is not None:
        return "application/json", jsonlib.dumps(json, default=_plain_number).encode()
    if isinstance(data, Mapping):
        return "application/x-www-form-urlencoded", urlencode(data).encode()
    return "", data.encode() if isinstance(data, str) else data


def multipart_body(fields: Any, files: Mapping[str, File]) -> bytes:
    """A multipart form with `BOUNDARY` between its parts."""
    parts = [_part(f'name="{name}"', str(value).encode()) for name, value in fields.items()]
    for name, (filename, content, content_type) in files.items():
        parts.append(_part(f'name="{name}"; filename="{filename}"', content, content_type))
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


def read_answer(answer: GatewayAnswer) -> Answer:
    """What a client sees of an answer to API Gateway."""
    return Answer(
        status=answer["statusCode"],
        headers=Headers(answer["headers"].items()),
        text=answer["body"] or "",
        set_cookies=answer["multiValueHeaders"].get("Set-Cookie", []),
    )


def _part(disposition: str, content: bytes, content_type: str = "") -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n"
    if content_type:
        head += f"Content-Type: {content_type}\r\n"
    return head.encode() + b"\r\n" + content + b"\r\n"


def _plain_number(value: Any) -> Any:
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} has no JSON form")
    return int(value) if value == value.to_integral_value() else float(value)
