"""Makes the virtual environment, for one `make` at a time; runs before there is one, so on Python alone.

    python3 tools/environment.py .venv/.requirements-123

The file that is named is written last: where it lies, the folder that it lies in is whole.
"""

import fcntl
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

REQUIREMENTS = Path("requirements-dev.txt")

_PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
_INSTALLED = (
    ("--requirement", str(REQUIREMENTS)),
    ("--no-deps", "--no-build-isolation", "--editable", "."),
)


def make(stamp: Path) -> bool:
    """Make the environment in the folder of `stamp`; False when another process has made it meanwhile.

    Raises CalledProcessError when pip fails, which has said why; there is no stamp then.
    """
    folder = stamp.parent
    with _alone(folder) as lock:
        if stamp.is_file():
            return False
        print(
            f"Setting up {folder} with Python {platform.python_version()}; this takes a minute.", flush=True
        )
        # What a killed run has left is in nobody's use: whoever uses an environment has seen its stamp.
        shutil.rmtree(folder, ignore_errors=True)
        _run(lock, sys.executable, "-m", "venv", str(folder))
        for packages in _INSTALLED:
            _run(lock, str(folder / "bin" / "python"), *_PIP, *packages)
        stamp.touch()
    return True


@contextmanager
def _alone(folder: Path) -> Iterator[int]:
    # A lock on what is there anyway leaves nothing behind, and it ends with whoever holds it. The project's
    # folder stays the same one, which no file does that git may write anew.
    lock = os.open(Path.cwd(), os.O_RDONLY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"Another `make` is setting up {folder}; waiting for it.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
    finally:
        os.close(lock)


def _run(lock: int, *command: str) -> None:
    # The lock is the child's too: pip goes on when its starter alone is killed, and must be alone then.
    subprocess.run(command, check=True, pass_fds=[lock])


def main(arguments: Sequence[str]) -> int:
    """The exit code of the command that the Makefile gives."""
    try:
        make(Path(arguments[0]))
    except subprocess.CalledProcessError as error:
        return error.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
