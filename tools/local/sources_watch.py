"""`chalice local` starts again when a source changes, and not when the engine saves or a cache is written."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

SUFFIXES = (".py", ".json")


def watch_sources_only() -> None:
    """Let Chalice's watcher look at sources; by itself it looks at every file below the project.

    That is the virtual environment too, and the engine's data, which change with every order.
    """
    from chalice.cli.filewatch.stat import StatFileWatcher

    seen: dict[str, float] = {}

    def look(_: Any, root: str, changed: Callable[[], None]) -> None:
        found = dict(times_of_sources(root))
        if seen and found != seen:
            changed()
        seen.clear()
        seen.update(found)

    # Chalice offers no setting for it; its version is pinned.
    StatFileWatcher._single_pass_poll = look  # type: ignore[method-assign, assignment]  # noqa: SLF001


def times_of_sources(root: str) -> Iterator[tuple[str, float]]:
    """The sources below `root` and when each was written."""
    for folder, below, names in os.walk(root):
        below[:] = [name for name in below if name == ".chalice" or not name.startswith((".", "build"))]
        for name in names:
            path = Path(folder, name)
            if name.endswith(SUFFIXES) and path.exists():
                yield str(path), path.stat().st_mtime
