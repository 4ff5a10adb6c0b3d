"""The Pythons of this machine, of which one compiles for the version that a package is for.

python -m tools.package.interpreters        # the versions that there are besides this one
python -m tools.package.interpreters 3.13   # where one of them is
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.package.target import PYTHONS, running

_SAYS = "import sys; print('%d.%d' % sys.version_info[:2])"


def interpreter(version: str) -> str | None:
    """A Python of this version, such as 3.13: the one that runs, one on the PATH, or one of pyenv's."""
    if version == running():
        return sys.executable
    return next((path for path in _candidates(version) if _is(path, version)), None)


def _candidates(version: str) -> Iterator[str]:
    if found := shutil.which(f"python{version}"):
        yield found
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from (str(path) for path in sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}")))


def _is(path: str, version: str) -> bool:
    # What pyenv puts on the PATH for a version that is not chosen answers with an error.
    said = subprocess.run([path, "-c", _SAYS], capture_output=True, text=True, check=False)
    return said.returncode == 0 and said.stdout.strip() == version


def others() -> list[str]:
    """The versions that this machine has besides the one that runs, of those that the project promises."""
    return [version for version in PYTHONS if version != running() and interpreter(version)]


if __name__ == "__main__":
    print(*([interpreter(sys.argv[1])] if sys.argv[1:] else others()))
