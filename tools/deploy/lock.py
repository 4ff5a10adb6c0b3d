"""One deployment of a stack at a time: a lock in the deployment bucket that ends with whoever holds it."""

import getpass
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tools.deploy.store import Store, Taken
from tools.errors import ToolError

# A lock that is not renewed is free after this: its holder was killed, or lost the network.
LASTS = timedelta(seconds=120)
RENEWED_EVERY_S = 30.0
KEY = "lock.json"


@dataclass(frozen=True)
class Holder:
    """Who holds a lock, since when, and until when it lasts unless it is renewed; times in ISO 8601, UTC."""

    owner: str
    host: str
    pid: int
    token: str
    since: str
    until: str

    def is_gone(self, now: datetime) -> bool:
        """Whether the lock is free: it has run out, or was of a process of this machine that has ended."""
        return datetime.fromisoformat(self.until) <= now or (
            self.host == socket.gethostname() and not _is_running(self.pid)
        )


@contextmanager
def only_deployment(store: Store) -> Iterator[None]:
    """Hold the stack's lock during the block; ToolError that names the holder while another has it."""
    key = store.key(KEY)
    holding = _Holding(store, key, _take(store, key))
    thread = threading.Thread(target=holding.renew_until_done, daemon=True)
    thread.start()
    try:
        yield
    finally:
        holding.done.set()
        thread.join()
        holding.release()


def _take(store: Store, key: str) -> tuple[Holder, str]:
    found, tag = store.read(key)
    if found is not None and not Holder(**found).is_gone(datetime.now(UTC)):
        raise _refusal(Holder(**found))
    mine = _myself()
    try:
        # Of two that find it free, or run out, one alone writes: the other's condition fails.
        return mine, store.write(key, asdict(mine), over=tag)
    except Taken as error:
        winner, _ = store.read(key)
        raise _refusal(Holder(**winner) if winner else None) from error


def _refusal(holder: Holder | None) -> ToolError:
    if holder is None:
        return ToolError("Another deployment of this stack began at the same moment; try again.")
    return ToolError(
        f"{holder.owner} on {holder.host} has been deploying this stack since {holder.since}; nothing was"
        f" changed. The lock runs out by itself at {holder.until} unless that deployment goes on."
    )


def _myself() -> Holder:
    now = datetime.now(UTC)
    owner, host = os.environ.get("USER") or getpass.getuser(), socket.gethostname()
    since, until = now.isoformat(timespec="seconds"), (now + LASTS).isoformat(timespec="seconds")
    return Holder(owner, host, os.getpid(), uuid4().hex, since, until)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class _Holding:
    """A lock that is held: renewed by a thread, and given back if it is still one's own."""

    def __init__(self, store: Store, key: str, taken: tuple[Holder, str]) -> None:
        self.store, self.key = store, key
        self.holder, self.tag = taken
        self.done = threading.Event()

    def renew_until_done(self) -> None:
        while not self.done.wait(RENEWED_EVERY_S):
            until = (datetime.now(UTC) + LASTS).isoformat(timespec="seconds")
            record: dict[str, Any] = asdict(self.holder) | {"until": until}
            try:
                self.tag = self.store.write(self.key, record, over=self.tag)
            except (Taken, ToolError):
                # Gone to another, or not reachable for now: what it lasts is enough for the next try.
                continue

    def release(self) -> None:
        found, _ = self.store.read(self.key)
        if found is not None and found["token"] == self.holder.token:
            self.store.remove(self.key)
