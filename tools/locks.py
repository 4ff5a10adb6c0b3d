"""A lock on a file that ends with its process, however that process ends."""

import fcntl
from pathlib import Path
from typing import IO


class Held(Exception):
    """Another process holds the lock."""


def acquire(path: Path) -> IO[str]:
    """Take the lock until the answer is closed or the process ends; Held when another process has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        handle.close()
        raise Held(str(path)) from error
    return handle


def is_held(path: Path) -> bool:
    """True while another process holds the lock."""
    try:
        acquire(path).close()
    except Held:
        return True
    return False
