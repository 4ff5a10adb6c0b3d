"""Wheels for Lambda, downloaded once, kept, and unpacked."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tools.errors import ToolError
from tools.package.target import Target

DONE = "complete"


def for_lambda(target: Target) -> dict[str, str]:
    """Variables that make pip take Lambda's wheels, whatever this machine is."""
    return {
        "PIP_ONLY_BINARY": ":all:",
        "PIP_PLATFORM": " ".join(target.platforms),
        "PIP_IMPLEMENTATION": "cp",
        "PIP_PYTHON_VERSION": target.python,
    }


def download(requirements: str, target: Target, cache: Path) -> Path:
    """The folder with the wheels of `requirements` (the file's text), filled on first use.

    ToolError with pip's words when one cannot be had.
    """
    name = f"cp{target.tag}-{target.machine}"
    digest = hashlib.sha256(f"{name}\n{requirements}".encode()).hexdigest()[:16]
    folder = cache / f"{name}-{digest}"
    if (folder / DONE).exists():
        return folder
    partial = cache / f".{folder.name}-{os.getpid()}"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    (partial / "requirements.txt").write_text(requirements, encoding="utf-8")
    _pip(["download", "--no-deps", "--dest", str(partial), "-r", str(partial / "requirements.txt")], target)
    (partial / DONE).touch()
    try:
        partial.rename(folder)
    except OSError:
        # Another process was faster; what it downloaded is the same.
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def unpack(wheels: Path, tree: Path) -> None:
    """Put what the wheels of a folder hold into `tree`, where Python finds it.

    ToolError for a wheel with modules beside its root, which an installer would have to move.
    """
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as packed:
            moved = [name for name in packed.namelist() if ".data/" in name and "lib/" in name]
            if moved:
                raise ToolError(f"{wheel.name} holds modules that have to be installed: {moved[0]}")
            packed.extractall(tree)


def _pip(arguments: list[str], target: Target) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    environment = {**os.environ, **for_lambda(target)}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        raise ToolError(f"pip could not get the packages for Lambda:\n{result.stderr.strip()}")
