"""A local server over a small app, and ways to speak to it."""

import http.client
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from common.http import PUBLIC, Request, Response, Routes, create_app
from tools.engines.ministack import free_port
from tools.local.gateway import Gateway
from tools.local.server import LocalServer

ORIGIN = "http://shop.test"

routes = Routes("echo")


@routes.get("/items/{item}", role=PUBLIC)
def show(request: Request) -> Any:
    """What the server handed over."""
    return {"item": request.params["item"], "query": request.query}


@routes.post("/items", role=PUBLIC)
def take(request: Request) -> Any:
    """The body's size and, for what is small, the body."""
    return {"size": len(request.body), "body": request.body[:100].decode("latin-1")}


@routes.post("/sign-in", role=PUBLIC)
def sign_in(request: Request) -> Any:
    """Two cookies."""
    del request
    return Response({}, cookies=["a=1", "b=2"])


@routes.post("/cookies", role=PUBLIC)
def cookies(request: Request) -> Any:
    """The cookies that came."""
    return request.cookies


@dataclass(frozen=True)
class Reply:
    """An HTTP reply; header names in lower case, several values joined by a bar."""

    status: int
    headers: dict[str, str]
    data: bytes


@dataclass(frozen=True)
class Server:
    """The address of a running local server."""

    port: int

    def connect(self) -> http.client.HTTPConnection:
        """A connection that is kept alive."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """The reply on a connection of its own."""
        connection = self.connect()
        try:
            return ask(connection, method, path, body, **headers)
        finally:
            connection.close()

    def send(self, data: bytes) -> bytes:
        """Everything that comes back for bytes that need not be HTTP."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))


def ask(
    connection: http.client.HTTPConnection, method: str, path: str, body: Any = None, **headers: str
) -> Reply:
    """The reply on this connection; `X_Name="v"` sends the header `X-Name: v`."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, sent)
    response = connection.getresponse()
    received: dict[str, str] = {}
    for name, value in response.getheaders():
        known = received.get(name.lower())
        received[name.lower()] = f"{known}|{value}" if known else value
    return Reply(response.status, received, response.read())


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that answers with the app above."""
    monkeypatch.setenv("CORS_ALLOWED_ORIGINS", ORIGIN)
    port = free_port(0)
    server = LocalServer(Gateway(create_app("echo", [routes])), port)
    server.start()
    yield Server(port)
    server.stop()


@pytest.fixture
def complaints(capfd: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """What the server has written to standard error."""
    return lambda: capfd.readouterr().err
