"""A way to a server on this machine that can be shut, as when the server goes away."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_AT_ONCE = 65536


class Gate:
    """Passes connections on to a port until it is shut; then all of them end and new ones are refused."""

    def __init__(self, port: int, ends_after: int | None) -> None:
        self.passed = 0
        self._to, self._ends_after = port, ends_after
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._is_shut = False
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._start(self._accept)

    def shut(self) -> None:
        """Let nothing through any more."""
        with self._lock:
            self._is_shut = True
            for one in [self._listening, *self._open]:
                # Wakes the thread that waits for it; closing alone does not.
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()

    def join(self) -> None:
        """Shut it and wait for its threads."""
        self.shut()
        for thread in self._threads:
            thread.join()

    def _start(self, target: object, *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(("127.0.0.1", self._to))
                with self._lock:
                    self._open += [client, server]
                    is_late = self._is_shut
                if is_late:
                    self.shut()
                    return
                self._start(self._pump, client, server, False)
                self._start(self._pump, server, client, True)

    def _pump(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        with suppress(OSError):
            while data := source.recv(_AT_ONCE):
                if is_answer and self._counts(len(data)):
                    self.shut()
                    return
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def _counts(self, size: int) -> bool:
        with self._lock:
            self.passed += size
            return self._ends_after is not None and self.passed > self._ends_after


@contextmanager
def gate(port: int, ends_after: int | None = None) -> Iterator[Gate]:
    """A gate to a port of this machine; it shuts by itself when answers of so many bytes have passed."""
    opened = Gate(port, ends_after)
    try:
        yield opened
    finally:
        opened.join()
