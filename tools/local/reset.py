"""`artshop reset`: a local shop as on its first day."""

import shutil
from pathlib import Path

from tools.errors import ToolError
from tools.local.process import RUN_LOCK, is_running

# What this project writes there; anything else in the folder is someone's own.
OWN = (
    "engine.sqlite3",
    "engine.sqlite3-wal",
    "state",
    "state.taken-over",
    "s3",
    "credentials.json",
    "environment.json",
    "token.key",
    "engine.log",
    "engine.lock",
    RUN_LOCK,
)


def reset_data(data: Path) -> bool:
    """Delete what the local shop keeps in `data`; False when there was nothing.

    ToolError while a shop or its engine uses it.
    """
    if not data.is_dir():
        return False
    if is_running(data):
        raise ToolError("The shop is running; stop it first.")
    removed = False
    for path in (data / name for name in OWN):
        if path.is_dir():
            shutil.rmtree(path)
            removed = True
        elif path.exists():
            path.unlink()
            removed = removed or path.suffix != ".lock"
    return removed
