"""MiniStack's server with what it lacks for keeping data: it saves each change before it answers.

MiniStack saves its state at a clean shutdown only. This program keeps it in a file of rows, refuses what a
web page must not reach, and shuts down when its standard input closes, which the operating system does when
the process that started it is gone, even killed.
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tools import locks
from tools.engines.ministack_data import DataUnreadable, open_data

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

HEALTH = "/_ministack/health"


class GuardedEngine:
    """The engine's ASGI app, whose health is that of its saving.

    `/_ministack/` is refused but for its health: any web page could POST to its reset.
    """

    def __init__(self, engine: AsgiApp, failure: Callable[[], str]) -> None:
        self._engine = engine
        self._failure = failure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" else ""
        if not path.startswith("/_ministack/"):
            await self._engine(scope, receive, send)
        elif path != HEALTH:
            await _answer(send, 403, {})
        elif failure := self._failure():
            await _answer(send, 503, {"error": failure})
        else:
            await self._engine(scope, receive, send)


async def _answer(send: Send, status: int, content: dict[str, str]) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(content).encode()})


def watch_stop(stop: asyncio.Event) -> None:
    """Set `stop` at SIGTERM, SIGINT, or when standard input closes."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def read() -> None:
        if not os.read(sys.stdin.fileno(), 1024):
            loop.remove_reader(sys.stdin.fileno())
            stop.set()

    loop.add_reader(sys.stdin.fileno(), read)


async def serve(listening: socket.socket, failure: Callable[[], str]) -> None:
    """Serve what connects there until stopped."""
    from hypercorn.asyncio import serve as hypercorn_serve
    from hypercorn.config import Config
    from ministack.app import app

    config = Config()
    config.bind = [f"fd://{listening.detach()}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    stop = asyncio.Event()
    watch_stop(stop)
    engine = GuardedEngine(app, failure)
    await hypercorn_serve(engine, config, shutdown_trigger=stop.wait)  # type: ignore[arg-type]


def _tell(lock: IO[str], port: int) -> None:
    lock.seek(0)
    lock.truncate()
    lock.write(f"{os.getpid()} {port}\n")
    lock.flush()


@dataclass(frozen=True)
class Place:
    """Where a server works: its folder, which `lock` holds until this process ends, and its socket."""

    data: Path
    listening: socket.socket
    lock: IO[str]


def take_place(description: str | None) -> Place:
    """Read the command line, hold the folder's lock and listen; exits with the reason when that cannot be."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--socket", type=int, required=True, help="descriptor of one that listens already")
    parser.add_argument("--data", type=Path, required=True)
    arguments = parser.parse_args()
    try:
        lock = locks.acquire(arguments.data / "engine.lock")
    except locks.Held:
        sys.exit("another engine uses this data")
    _tell(lock, 0)
    listening = socket.socket(fileno=arguments.socket)
    port = listening.getsockname()[1]
    # MiniStack reads it when it is imported.
    os.environ["GATEWAY_PORT"] = str(port)
    _tell(lock, port)
    return Place(arguments.data, listening, lock)


def main() -> None:
    """Hold the data's lock, say where the engine listens, and serve what the data holds."""
    place = take_place(__doc__)
    try:
        store, saver = open_data(place.data)
    except DataUnreadable as error:
        sys.exit(str(error))
    asyncio.run(serve(place.listening, saver.failure))
    store.close()


if __name__ == "__main__":
    main()
