"""MiniStack's server with what it lacks for keeping data: it saves soon after each change.

MiniStack writes its state at a clean shutdown only. This program saves it shortly after a
change as well, and shuts down cleanly when its standard input closes, which the operating system does
when the process that started it is gone, even killed.
"""

import argparse
import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from tools import locks

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

# Receiving a message changes for how long it is hidden and no more; a worker asks every second.
READS = ("Get", "BatchGet", "TransactGet", "Query", "Scan", "Describe", "List", "Receive")
# A save copies everything; a burst of writes shares one, and saving takes at most a tenth of the time.
SHORTEST_DELAY_S = 0.2
REST_PER_SAVE = 9

logger = logging.getLogger("artshop.engine")


def is_change(scope: Scope) -> bool:
    """True when the request may have changed a table, a bucket or a queue."""
    headers = dict(scope["headers"])
    target = headers.get(b"x-amz-target", b"").decode("latin-1").rpartition(".")[2]
    if target:
        return not target.startswith(READS)
    return scope["method"] in {"PUT", "POST", "DELETE"}


class SavedEngine:
    """The engine's ASGI app, which notes changes and has them saved.

    `/_ministack/` is refused but for its health: any web page could POST to its reset.
    """

    def __init__(self, engine: AsgiApp, save: Callable[[], None]) -> None:
        self._engine = engine
        self._save = save
        self._changed = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._engine(scope, receive, send)
            return
        if scope["path"].startswith("/_ministack/") and scope["path"] != "/_ministack/health":
            await send({"type": "http.response.start", "status": 403, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await self._engine(scope, receive, send)
        if is_change(scope):
            self._changed.set()

    async def save_changes(self) -> None:
        """Save after each burst of changes, for ever."""
        delay = SHORTEST_DELAY_S
        while True:
            await self._changed.wait()
            await asyncio.sleep(delay)
            self._changed.clear()
            started = time.monotonic()
            self._save()
            delay = max(SHORTEST_DELAY_S, REST_PER_SAVE * (time.monotonic() - started))


def save_state() -> None:
    """Write tables, buckets and queues to `STATE_DIR`; each file is replaced as a whole."""
    from ministack.core import persistence
    from ministack.services import dynamodb, s3, sqs

    persistence.save_state("dynamodb", dynamodb.get_state())
    persistence.save_state("s3", s3.get_state())
    persistence.save_state("sqs", sqs.get_state())


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


async def serve(port: int) -> None:
    """Serve on 127.0.0.1 until stopped; MiniStack saves once more on its way out."""
    from hypercorn.asyncio import serve as hypercorn_serve
    from hypercorn.config import Config
    from ministack.app import app

    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    stop = asyncio.Event()
    watch_stop(stop)
    engine = SavedEngine(app, save_state)
    saving = asyncio.create_task(engine.save_changes())
    await hypercorn_serve(engine, config, shutdown_trigger=stop.wait)  # type: ignore[arg-type]
    saving.cancel()


def main() -> None:
    """Hold the data's lock, say where the engine listens, and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    arguments = parser.parse_args()
    try:
        lock = locks.acquire(arguments.data / "engine.lock")
    except locks.Held:
        sys.exit("another engine uses this data")
    lock.truncate(0)
    lock.write(f"{os.getpid()} {arguments.port}\n")
    lock.flush()
    asyncio.run(serve(arguments.port))


if __name__ == "__main__":
    main()
