"""The HTTP side of the local shop: Chalice's request handler, made robust and true to API Gateway."""

import base64
import re
import socket
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError
from chalice.local import ChaliceRequestHandler, LambdaContext

from common.errors import InvalidInput, ShopError
from common.http.app import ShopApp
from common.http.responses import encode_json
from tools.local import bodies, media
from tools.local.events import RouteTable, build_event

IDLE_S = 75
LAMBDA_TIMEOUT_MS = 29_000
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
WITHOUT_BODY = frozenset({HTTPStatus.NOT_MODIFIED, HTTPStatus.NO_CONTENT})


class ShopRequestHandler(ChaliceRequestHandler):
    """Answers one connection, request after request, with what the app answers.

    Chalice's own builds its gateway for every connection and knows neither limits nor chunks.
    """

    timeout = IDLE_S
    # Head and body are two writes; the second must not wait for the first to be acknowledged.
    disable_nagle_algorithm = True
    server_version = "artshop"
    raw_requestline: bytes

    def __init__(self, *arguments: Any, app_object: ShopApp, config: object, routes: RouteTable) -> None:
        del config  # Chalice's server hands it over; nothing here depends on the stage
        self._app = app_object
        self._routes = routes
        BaseHTTPRequestHandler.__init__(self, *arguments)

    def handle(self) -> None:
        """Serve the connection until either side closes it; a caller who leaves is no error."""
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def finish(self) -> None:
        """Send what is left, unless the caller has gone."""
        try:
            super().finish()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def parse_request(self) -> bool:
        """Read a request's head; an address in plain UTF-8, as curl sends it, is as good as a quoted one."""
        self.raw_requestline = _NOT_ASCII.sub(_quoted, self.raw_requestline)
        return bool(super().parse_request())

    def handle_expect_100(self) -> bool:
        """Ask for the body only when its announced size is accepted."""
        try:
            bodies.check_announced(self.headers)
        except bodies.Unreadable as refusal:
            self._refuse(refusal.error)
            return False
        return bool(super().handle_expect_100())

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What http.server refuses before there is a request to route: JSON, and the connection ends."""
        text = message or explain or HTTPStatus(code).phrase
        # The request line may not have got as far as a version; without one no headers would be sent.
        self.request_version = self.protocol_version
        self.close_connection = True
        self._send(code, {"Content-Type": "application/json"}, _error_body(text))

    def version_string(self) -> str:
        """The Server header, without the versions that it would help to attack."""
        return self.server_version

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - http.server's name
        """Nothing: the app logs each request itself, without personal data."""

    def _generic_handle(self) -> None:
        try:
            path = _path_of(self.path)
            body = bodies.read_body(self.rfile, self.headers)
        except bodies.Unreadable as refusal:
            self._refuse(refusal.error)
            return
        if media.is_media(self.command, path):
            self._answer_media(path)
        else:
            self._answer_app(path, body)

    # The names by which http.server finds a method.
    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = do_PATCH = do_OPTIONS = _generic_handle  # noqa: N815

    def _answer_app(self, path: str, body: bytes) -> None:
        match = self._routes.match(path)
        if match is None:
            self._send_answer(self._app.not_found(self.command, self.path, self.headers))
            return
        binary_types = self._app.api.binary_types
        source_ip = self.client_address[0]
        event = build_event(self.command, self.path, self.headers, body, match, source_ip, binary_types)
        self._send_answer(self._app(event, LambdaContext("artshop", 512, LAMBDA_TIMEOUT_MS)))

    def _answer_media(self, path: str) -> None:
        try:
            found = media.fetch(path, self.headers)
        except (BotoCoreError, ClientError) as error:
            self._send_answer(self._app.error_answer(error, self.command, self.headers))
            return
        if found is None:
            self._send_answer(self._app.not_found(self.command, self.path, self.headers))
        else:
            self._send(found.status, found.headers, found.data)

    def _refuse(self, error: ShopError) -> None:
        self.close_connection = True
        self._send_answer(self._app.error_answer(error, self.command, self.headers))
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(2)
        bodies.discard(self.rfile)

    def _send_answer(self, answer: Mapping[str, Any]) -> None:
        body = answer["body"] or ""
        data = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode("utf-8")
        self._send(answer["statusCode"], {**answer["headers"], **answer["multiValueHeaders"]}, data)

    def _send(self, status: int, headers: Mapping[str, str | list[str]], data: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            for line in value if isinstance(value, list) else [value]:
                self.send_header(name, line)
        if status not in WITHOUT_BODY and "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(data)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and status not in WITHOUT_BODY:
            self.wfile.write(data)


def _quoted(byte: re.Match[bytes]) -> bytes:
    return b"%%%02X" % byte[0][0]


def _path_of(target: str) -> str:
    try:
        return urlsplit(target).path
    except ValueError as error:
        raise bodies.Unreadable(InvalidInput("The address of the request cannot be read")) from error


def _error_body(text: str) -> bytes:
    return encode_json({"error": text}).encode("utf-8")
