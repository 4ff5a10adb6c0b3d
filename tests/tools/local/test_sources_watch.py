"""What `chalice local` looks at to start again."""

import os
from pathlib import Path

from chalice.cli.filewatch.stat import StatFileWatcher

from tools.local.sources_watch import times_of_sources, watch_sources_only


def write(root: Path, name: str, moment: int) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(name)
    os.utime(path, (moment, moment))


def test_sources_are_looked_at_and_what_programs_write_is_not(tmp_path: Path) -> None:
    for name in ("app.py", "shop/routes.py", ".chalice/config.json"):
        write(tmp_path, name, 1)
    for name in (".data/engine.sqlite3", ".venv/lib/a.py", "shop/a.pyc", "build/prod/a.py", ".git/HEAD"):
        write(tmp_path, name, 1)
    found = {Path(path).relative_to(tmp_path).as_posix() for path, _ in times_of_sources(str(tmp_path))}
    assert found == {"app.py", "shop/routes.py", ".chalice/config.json"}


def test_chalices_watcher_tells_of_a_change_and_not_of_the_engines_data(tmp_path: Path) -> None:
    original = StatFileWatcher._single_pass_poll
    told: list[str] = []
    try:
        watch_sources_only()
        watcher = StatFileWatcher()
        for name, moment in ((None, 0), (".data/engine.sqlite3", 5), ("app.py", 2), (None, 0)):
            write(tmp_path, "shop/routes.py", 1)
            if name:
                write(tmp_path, name, moment)
            watcher._single_pass_poll(str(tmp_path), lambda: told.append("changed"))
    finally:
        StatFileWatcher._single_pass_poll = original  # type: ignore[method-assign]
    assert told == ["changed"]
