"""Connections to the engine that stay open, and one exchange over them.

Errors are botocore's own, because its rules of repeating a call go by them.
"""

import select
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from email.message import Message
    from ssl import SSLContext


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer of the engine, read to its end; the names of headers ignore case."""

    status_code: int
    headers: "Mapping[str, str] | Message"
    content: bytes


class Connections:
    """Connections to one endpoint, opened as they are needed and kept for the next exchange.

    Threads may share them. Times are in seconds; `most` is how many are kept.
    """

    def __init__(self, endpoint: str, *, connect_timeout: float, read_timeout: float, most: int) -> None:
        self._endpoint, parts = endpoint, urlsplit(endpoint)
        self._host, self._port = parts.hostname or "", parts.port
        self._start = f"POST {parts.path or '/'} HTTP/1.1\r\n"
        self._connect_timeout, self._read_timeout = connect_timeout, read_timeout
        self._most = most
        self._context = _secured() if parts.scheme == "https" else None
        # Adding to a list and taking its last are single steps, so no lock is needed.
        self._idle: list[HTTPConnection] = []

    def exchange(self, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
        """Send a request and read its answer.

        Raises botocore's EndpointConnectionError, ConnectTimeoutError and SSLError where no connection
        stood, ReadTimeoutError and ConnectionClosedError where nobody knows what the engine has done.
        """
        connection = self._take()
        try:
            response = self._exchanged(connection, headers, body)
            content = response.read()
        except BaseException as error:
            connection.close()
            if isinstance(error, OSError | HTTPException):
                raise self._broken(error) from error
            raise
        if response.will_close or len(self._idle) >= self._most:
            connection.close()
        else:
            self._idle.append(connection)
        return HttpAnswer(response.status, response.headers, content)

    def close(self) -> None:
        """Close those that are idle."""
        while self._idle:
            self._idle.pop().close()

    def _exchanged(self, connection: HTTPConnection, headers: Mapping[str, str], body: bytes) -> HTTPResponse:
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        head = f"{self._start}{lines}content-length: {len(body)}\r\n\r\n"
        # In one piece, which the engine need not wait for the rest of.
        connection.sock.sendall(head.encode("latin-1") + body)
        response = HTTPResponse(connection.sock, method="POST")
        response.begin()
        return response

    def _take(self) -> HTTPConnection:
        while self._idle:
            connection = self._idle.pop()
            if not _is_over(connection):
                return connection
            connection.close()
        return self._opened()

    def _opened(self) -> HTTPConnection:
        connection = self._new()
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            raise self._unconnected(error) from error
        connection.sock.settimeout(self._read_timeout)
        return connection

    def _new(self) -> HTTPConnection:
        if self._context is None:
            return HTTPConnection(self._host, self._port, timeout=self._connect_timeout)
        return HTTPSConnection(self._host, self._port, timeout=self._connect_timeout, context=self._context)

    def _unconnected(self, error: OSError) -> Exception:
        from ssl import SSLError

        from botocore import exceptions

        if isinstance(error, SSLError):
            return exceptions.SSLError(endpoint_url=self._endpoint, error=error)
        if isinstance(error, TimeoutError):
            return exceptions.ConnectTimeoutError(endpoint_url=self._endpoint, error=error)
        return exceptions.EndpointConnectionError(endpoint_url=self._endpoint, error=error)

    def _broken(self, error: Exception) -> Exception:
        from botocore import exceptions

        if isinstance(error, TimeoutError):
            return exceptions.ReadTimeoutError(endpoint_url=self._endpoint, error=error)
        return exceptions.ConnectionClosedError(endpoint_url=self._endpoint, error=error, request=None)


def _is_over(connection: HTTPConnection) -> bool:
    # What can be read before anything was asked is the end of the connection.
    waiting = select.poll()
    waiting.register(connection.sock, select.POLLIN)
    return bool(waiting.poll(0))


def _secured() -> "SSLContext":
    """How servers prove who they are: by the certificates that botocore goes by."""
    from ssl import create_default_context

    return create_default_context(cafile=_certificates())


def _certificates() -> str:
    """Certifi's file, else botocore's; neither package need be imported for it."""
    for package in ("certifi", "botocore"):
        found = find_spec(package)
        if found is not None and found.origin is not None:
            return str(Path(found.origin).with_name("cacert.pem"))
    raise LookupError("neither certifi nor botocore is installed")
