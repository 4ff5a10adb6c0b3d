"""A lock on a file that ends with its process, however that process ends."""

import fcntl
import time
from pathlib import Path
from typing import IO

# Whoever asks whether it is held takes it for a moment.
ATTEMPTS = 5
BETWEEN_S = 0.02


class Held(Exception):
    """Another process holds the lock."""


def acquire(path: Path) -> IO[str]:
    """Take the lock until the answer is closed or the process ends; Held when another process has it."""
    for _ in range(1, ATTEMPTS):
        try:
            return _try(path)
        except Held:
            time.sleep(BETWEEN_S)
    return _try(path)


def is_held(path: Path) -> bool:
    """True while another process holds the lock."""
    try:
        _try(path).close()
    except Held:
        return True
    return False


def _try(path: Path) -> IO[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        handle.close()
        raise Held(str(path)) from error
    return handle
