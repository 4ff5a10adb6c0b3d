"""The local HTTP server: Werkzeug's, on 127.0.0.1 and ::1, with a thread for each connection."""

import contextlib
import socket
import threading

from werkzeug.serving import make_server

from tools.errors import ToolError
from tools.local.gateway import Gateway
from tools.local.handler import ShopRequestHandler
from tools.local.wsgi import LocalShop

# How often the servers look whether they are to stop.
POLL_S = 0.05


class PortInUse(ToolError):
    """Another program listens on the port."""


class LocalServer:
    """Takes its port once built, so that what is in use is said at once; answers once started."""

    def __init__(self, gateway: Gateway, port: int) -> None:
        shop = LocalShop(gateway)
        self._servers = []
        for listening in listen(port):
            with listening:
                address, taken = listening.getsockname()[:2]
                server = make_server(
                    address, taken, shop, True, request_handler=ShopRequestHandler, fd=listening.fileno()
                )
            self._servers.append(server)
        self._threads = [
            threading.Thread(target=server.serve_forever, args=(POLL_S,), daemon=True)
            for server in self._servers
        ]

    @property
    def port(self) -> int:
        """Where it answers, on 127.0.0.1 at least."""
        return int(self._servers[0].port)

    def start(self) -> None:
        """Answer requests, in the background."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop accepting and close the ports."""
        for server, thread in zip(self._servers, self._threads, strict=True):
            if thread.is_alive():
                server.shutdown()
                thread.join()
            server.server_close()


def listen(port: int) -> list[socket.socket]:
    """Sockets on the port of 127.0.0.1 and, where this machine has it, of ::1; PortInUse.

    Node before 20 looks for `localhost` on IPv6 only.
    """
    try:
        sockets = [_bound(socket.AF_INET, "127.0.0.1", port)]
    except OSError as error:
        message = f"Port {port} is in use; choose another, as in PORT={port + 1} make run."
        raise PortInUse(message) from error
    with contextlib.suppress(OSError):  # a machine without IPv6
        sockets.append(_bound(socket.AF_INET6, "::1", port))
    return sockets


def _bound(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    bound = socket.socket(family)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((address, port))
        bound.listen(128)
    except OSError:
        bound.close()
        raise
    return bound
