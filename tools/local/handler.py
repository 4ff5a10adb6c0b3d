"""HTTP on one connection: Werkzeug's handler, which would close it after each request, keeps it."""

import contextlib
import re
import socket
from http import HTTPStatus
from io import BufferedIOBase
from typing import IO, Any, cast
from urllib.parse import urlsplit
from wsgiref.types import WSGIEnvironment

from werkzeug.serving import DechunkedInput, WSGIRequestHandler

from common.http.responses import encode_json
from tools.local.wsgi import LIMIT_BYTES, LocalRequest, LocalShop

IDLE_S = 75
# What a refused sender may still send before the connection is closed under it, and how long.
DISCARDED_BYTES, DISCARDING_S = 2 * LIMIT_BYTES, 2
# Werkzeug takes what is no number, or is too long to be made one, for no length at all.
_LENGTH = re.compile(r"[0-9]{1,18}")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_WITHOUT_BODY = frozenset({HTTPStatus.NOT_MODIFIED, HTTPStatus.NO_CONTENT})


class ShopRequestHandler(WSGIRequestHandler):
    """Answers request after request until either side closes the connection."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_S
    # Head and body are two writes; the second must not wait for the first to be acknowledged.
    disable_nagle_algorithm = True
    raw_requestline: bytes

    def run_wsgi(self) -> None:
        """Answer one request."""
        if complaint := self._complaint():
            self.send_error(HTTPStatus.BAD_REQUEST, complaint)
            return
        request = LocalRequest(self.make_environ())
        if self.headers.get("Expect", "").lower() == "100-continue":
            self._invite(request.content_length or 0)
        response = cast("LocalShop", self.server.app).answer(request)
        self.close_connection = self.close_connection or response.is_last
        data = response.get_data()
        self.send_response(response.status_code)
        for name, value in response.get_wsgi_headers(request.environ):
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and response.status_code not in _WITHOUT_BODY:
            self.wfile.write(data)
        if response.is_last:
            self._discard()

    def make_environ(self) -> WSGIEnvironment:
        """The request as WSGI has it, with cookies joined by what parts them."""
        environ = super().make_environ()
        if cookies := self.headers.get_all("Cookie"):
            environ["HTTP_COOKIE"] = "; ".join(cookies)
        if "wsgi.input_terminated" in environ:
            environ["wsgi.input"] = DechunkedInput(cast("IO[bytes]", WholeReads(self.rfile)))
        return environ

    def _complaint(self) -> str:
        lengths = self.headers.get_all("Content-Length", [])
        if len(lengths) > 1 or not all(_LENGTH.fullmatch(text.strip()) for text in lengths):
            return "Content-Length must be a number of bytes"
        encodings = self.headers.get_all("Transfer-Encoding", [])
        # What is read in two ways leaves bytes behind, which would be taken for the next request.
        if encodings and (lengths or [text.strip().lower() for text in encodings] != ["chunked"]):
            return "Transfer-Encoding must be chunked, without Content-Length"
        try:
            urlsplit(self.path)
        except ValueError:
            return "The address of the request cannot be read"
        return ""

    def handle_expect_100(self) -> bool:
        """Wait with the invitation until it is known that the body would be read."""
        return True

    def parse_request(self) -> bool:
        """Read a request's head; an address in plain UTF-8, as curl sends it, is as good as a quoted one."""
        self.raw_requestline = _NOT_ASCII.sub(_quoted, self.raw_requestline)
        return bool(super().parse_request())

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What http.server refuses before there is a request: JSON, and the connection ends."""
        data = encode_json({"error": message or explain or HTTPStatus(code).phrase}).encode()
        # The request line may not have got as far as a version; without one no headers would be sent.
        self.request_version = self.protocol_version
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def finish(self) -> None:
        """Send what is left, unless the caller has gone."""
        try:
            super().finish()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def version_string(self) -> str:
        """The Server header, without the versions that it would help to attack."""
        return "artshop"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: the app logs each request itself, without personal data."""

    def log(self, type: str, message: str, *arguments: Any) -> None:  # noqa: A002 - Werkzeug's name
        """Nothing, for what a caller does wrong is told to that caller."""

    def _invite(self, announced: int) -> None:
        if announced <= LIMIT_BYTES:
            self.send_response_only(HTTPStatus.CONTINUE)
            self.end_headers()

    def _discard(self) -> None:
        """Read on for a while, so that a sender who is still busy gets to read its answer."""
        left = DISCARDED_BYTES
        # A sender who has gone cannot be shut off, and one who fell silent cannot be read from any more.
        with contextlib.suppress(OSError):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(DISCARDING_S)
            while left > 0 and (read := len(self.rfile.read(min(left, 65536)))):
                left -= read


class WholeReads:
    """What is read of a connection is all that was asked for; ConnectionResetError when it ends before.

    Werkzeug's reader of chunks counts on it: after less it says that more was read than its buffer holds.
    """

    def __init__(self, stream: BufferedIOBase) -> None:
        self._stream = stream
        self.readline = stream.readline

    def read(self, size: int) -> bytes:
        """So many bytes."""
        data = self._stream.read(size)
        if len(data) < size:
            raise ConnectionResetError
        return data


def _quoted(byte: re.Match[bytes]) -> bytes:
    return b"%%%02X" % byte[0][0]
