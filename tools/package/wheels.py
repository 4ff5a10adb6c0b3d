"""Wheels for Lambda, downloaded once and kept."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.errors import ToolError

IMPLEMENTATION = f"cp{sys.version_info.major}{sys.version_info.minor}"
# Amazon Linux 2023, on which Lambda's Python 3.12 and later run, has glibc 2.34; 3.11 runs on 2.26.
GLIBC_MINOR = 34 if sys.version_info >= (3, 12) else 26
OLDEST_GLIBC_MINOR = 17
DONE = "complete"


def for_lambda() -> dict[str, str]:
    """Variables that make any pip take Lambda's wheels rather than this machine's.

    Chalice asks pip for this machine's first; on macOS or ARM those would be of no use.
    """
    platforms = [f"manylinux_2_{minor}_x86_64" for minor in range(GLIBC_MINOR, OLDEST_GLIBC_MINOR - 1, -1)]
    return {
        "PIP_ONLY_BINARY": ":all:",
        "PIP_PLATFORM": " ".join([*platforms, "manylinux2014_x86_64"]),
        "PIP_IMPLEMENTATION": "cp",
        "PIP_PYTHON_VERSION": f"{sys.version_info.major}.{sys.version_info.minor}",
    }


def only_from(wheels: Path) -> dict[str, str]:
    """Variables that make any pip use the wheels in a folder and ask no registry."""
    return for_lambda() | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}


def download(requirements: str, cache: Path) -> Path:
    """The folder with the wheels of `requirements` (the file's text), filled on first use.

    ToolError with pip's words when one cannot be had.
    """
    digest = hashlib.sha256(f"{IMPLEMENTATION}\n{requirements}".encode()).hexdigest()[:16]
    folder = cache / f"{IMPLEMENTATION}-{digest}"
    if (folder / DONE).exists():
        return folder
    partial = cache / f".{folder.name}-{os.getpid()}"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    (partial / "requirements.txt").write_text(requirements, encoding="utf-8")
    _pip(["download", "--no-deps", "--dest", str(partial), "-r", str(partial / "requirements.txt")])
    (partial / DONE).touch()
    try:
        partial.rename(folder)
    except OSError:
        # Another process was faster; what it downloaded is the same.
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _pip(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    environment = {**os.environ, **for_lambda()}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        raise ToolError(f"pip could not get the packages for Lambda:\n{result.stderr.strip()}")
