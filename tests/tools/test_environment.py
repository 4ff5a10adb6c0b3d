"""Making the virtual environment: one at a time, and whole or not at all, whoever is killed meanwhile."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tools.paths import ROOT

# Stands for Python: makes the environment, whose pip says that it runs and waits for somebody to open `go`.
PYTHON = """#!/bin/sh
case "$2" in
  venv) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && echo made >> log ;;
  pip) echo "$@" >> log; echo installing; read word < go; [ "$word" = good ] ;;
esac
"""
STARTER = """
import sys
sys.path.insert(0, sys.argv[1])
from tools import environment
sys.executable = "./python"
environment._INSTALLED = (("everything",),)
sys.exit(environment.main([".venv/.made"]))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the requirements of a project and what stands for Python."""
    (tmp_path / "requirements-dev.txt").touch()
    (tmp_path / "python").write_text(PYTHON)
    (tmp_path / "python").chmod(0o755)
    os.mkfifo(tmp_path / "go")
    return tmp_path


def _make(project: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", STARTER, str(ROOT)], cwd=project, stdout=subprocess.PIPE, text=True
    )


def _read(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _end(process: subprocess.Popen[str]) -> int:
    with process:
        return process.wait(30)


def _let_pip(project: Path, word: str) -> None:
    (project / "go").write_text(f"{word}\n")


def _log(project: Path) -> list[str]:
    return [line.split()[0] for line in (project / "log").read_text().splitlines()]


def test_who_comes_second_waits_and_finds_the_environment_made(project: Path) -> None:
    first = _make(project)
    assert _read(first).startswith("Setting up .venv with Python 3.")
    assert _read(first) == "installing"
    second = _make(project)
    assert _read(second) == "Another `make` is setting up .venv; waiting for it."
    _let_pip(project, "good")

    assert (_end(first), _end(second)) == (0, 0)
    assert _log(project) == ["made", "-m"]
    assert (project / ".venv" / ".made").is_file()


def test_a_made_environment_is_left_alone(project: Path) -> None:
    (project / ".venv").mkdir()
    (project / ".venv" / ".made").touch()

    assert _end(_make(project)) == 0
    assert not (project / "log").exists()


def test_one_that_fails_leaves_the_next_to_make_it_anew(project: Path) -> None:
    first = _make(project)
    _read(first)
    _let_pip(project, "bad")
    assert _end(first) == 1
    assert not (project / ".venv" / ".made").exists()

    second = _make(project)
    _let_pip(project, "good")
    assert _end(second) == 0
    assert _log(project) == ["made", "-m", "made", "-m"]


def test_pip_of_one_that_was_killed_is_waited_for(project: Path) -> None:
    first = _make(project)
    _read(first)
    assert _read(first) == "installing"
    first.send_signal(signal.SIGKILL)
    first.wait(30)
    second = _make(project)
    assert _read(second) == "Another `make` is setting up .venv; waiting for it."
    _let_pip(project, "good")

    assert _read(second).startswith("Setting up")
    assert _read(second) == "installing"
    _let_pip(project, "good")
    assert _end(second) == 0
    assert first.stdout is not None
    first.stdout.close()


def test_requirements_that_are_written_anew_meanwhile_let_nobody_in(project: Path) -> None:
    first = _make(project)
    _read(first)
    assert _read(first) == "installing"
    # As git does it when it brings others.
    (project / "others.txt").write_text("others\n")
    (project / "others.txt").replace(project / "requirements-dev.txt")
    second = _make(project)
    assert _read(second) == "Another `make` is setting up .venv; waiting for it."
    _let_pip(project, "good")
    assert (_end(first), _end(second)) == (0, 0)
