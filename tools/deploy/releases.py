"""The releases of a stack: what was deployed when, which one serves, and the one before."""

import getpass
import os
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tools.deploy.store import Store
from tools.errors import ToolError

CURRENT = "current.json"


@dataclass(frozen=True)
class Release:
    """What a stack was once, after its probe: the package and the template by their SHA-256 in hex.

    `time` is ISO 8601 in UTC; `commit` is empty outside of git, `dirty` true when files differed from it.
    """

    number: int
    time: str
    commit: str
    dirty: bool
    zip_sha256: str
    template_sha256: str
    deployed_by: str
    probed: tuple[str, ...]

    def line(self, *, is_current: bool) -> str:
        """The release in one line of a list."""
        source = (self.commit[:12] or "no commit") + ("+" if self.dirty else "")
        number = f"{'*' if is_current else ' '} {self.number:>5}"
        return f"{number}  {self.time}  {source:<13}  zip {self.zip_sha256[:12]}  {self.deployed_by}"


def all_releases(store: Store) -> list[Release]:
    """All releases, oldest first."""
    records = [store.read(key)[0] for key in store.keys_below("releases")]
    return [Release(**(record | {"probed": tuple(record["probed"])})) for record in records if record]


def current_number(store: Store) -> int:
    """The number of the release that serves; 0 before the first."""
    record, _ = store.read(store.key(CURRENT))
    return int(record["number"]) if record else 0


def current_release(store: Store) -> Release | None:
    """The release that serves; None before the first."""
    number = current_number(store)
    return next((each for each in all_releases(store) if each.number == number), None)


def record_release(store: Store, package: tuple[str, str], root: Path, probed: Sequence[str]) -> Release:
    """Write down that this zip and this template, by their digests, serve now and were probed like this."""
    commit, dirty = source_of(root)
    number = max((each.number for each in all_releases(store)), default=0) + 1
    time, who = datetime.now(UTC).isoformat(timespec="seconds"), os.environ.get("USER") or getpass.getuser()
    release = Release(number, time, commit, dirty, *package, who, tuple(probed))
    store.write(store.key("releases", f"{number:06d}.json"), asdict(release))
    set_current(store, number)
    return release


def set_current(store: Store, number: int) -> None:
    """Note which release serves."""
    store.write(store.key(CURRENT), {"number": number})


def release_to_go_back_to(store: Store, number: int | None) -> Release:
    """The release `number`, or the one before the one that serves; ToolError when there is none."""
    releases, current = all_releases(store), current_number(store)
    earlier = [each for each in releases if (each.number == number if number else each.number < current)]
    if not earlier:
        wanted = f"no release {number}" if number else "no release before the one that serves"
        raise ToolError(f"There is {wanted}; `artshop releases` lists what there is.")
    return earlier[-1]


def source_of(root: Path) -> tuple[str, bool]:
    """The commit of the sources, and whether they differ from it; empty and False outside of git."""
    try:
        commit = _git(root, "rev-parse", "HEAD").strip()
        return commit, bool(_git(root, "status", "--porcelain").strip())
    except (OSError, subprocess.CalledProcessError):
        return "", False


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
