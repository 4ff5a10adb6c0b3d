"""The local HTTP server: Chalice's, on 127.0.0.1 and ::1, with the shop's request handler."""

import contextlib
import functools
import socket
import socketserver
import sys
import threading
from typing import Any

from chalice.config import Config
from chalice.local import LocalDevServer, ThreadedHTTPServer

from common.http.app import ShopApp
from tools.errors import ToolError
from tools.local.events import RouteTable
from tools.local.handler import ShopRequestHandler

# How often the servers look whether they are to stop.
POLL_S = 0.05


class PortInUse(ToolError):
    """Another program listens on the port."""


class QuietServer(ThreadedHTTPServer):
    """A thread for each connection; a caller who leaves is not worth a stack trace."""

    request_queue_size = 128

    def server_bind(self) -> None:
        """Bind without asking DNS for this machine's name, which http.server does and can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Show what went wrong, unless the caller has only gone away."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class SixthServer(QuietServer):
    """The same on IPv6: Node before 20 looks for `localhost` there only."""

    address_family = socket.AF_INET6


class LocalServers:
    """Both servers; they accept connections once built and answer them once started."""

    def __init__(self, app: ShopApp, port: int) -> None:
        self._started = False
        handler = functools.partial(ShopRequestHandler, routes=RouteTable(app.routes))
        try:
            self._servers = [LocalDevServer(app, Config(), "127.0.0.1", port, handler, QuietServer)]
        except OSError as error:
            message = f"Port {port} is in use; choose another, as in PORT={port + 1} make run."
            raise PortInUse(message) from error
        with contextlib.suppress(OSError):  # a machine without IPv6
            self._servers.append(LocalDevServer(app, Config(), "::1", port, handler, SixthServer))

    def start(self) -> None:
        """Answer requests, in the background."""
        for server in self._servers:
            threading.Thread(target=server.server.serve_forever, args=(POLL_S,), daemon=True).start()
        self._started = True

    def stop(self) -> None:
        """Stop accepting and close the ports."""
        for server in self._servers:
            if self._started:
                server.shutdown()
            server.server.server_close()
