"""What a package is for."""

import importlib.util
import os
import stat
import sys
from pathlib import Path

import pytest

from tools.errors import ToolError
from tools.package import interpreters
from tools.package.interpreters import interpreter
from tools.package.stages import Stage
from tools.package.target import BYTECODE, PYTHONS, Target, running, target_of


def stage(architecture: str = "x86_64", **deploy: str) -> Stage:
    return Stage("catalog-dev", ("catalog",), {}, deploy=deploy, architecture=architecture)


def test_the_command_goes_before_the_stage_and_the_stage_before_the_python_that_runs() -> None:
    assert target_of(stage(python="3.12"), "3.13") == Target("3.13", "x86_64")
    assert target_of(stage(python="3.12")) == Target("3.12", "x86_64")
    assert target_of(stage("arm64")) == Target(running(), "arm64")


@pytest.mark.parametrize("python", ["3.10", "3.14", "3", "nonsense"])
def test_a_python_that_is_not_promised_is_refused(python: str) -> None:
    with pytest.raises(ToolError, match=r"3\.11, 3\.12, 3\.13, not on"):
        target_of(stage(), python)


def test_a_processor_that_lambda_does_not_have_is_refused() -> None:
    with pytest.raises(ToolError, match="x86_64 or arm64, not 'riscv'"):
        target_of(stage("riscv"))


def test_bytecode_of_the_running_python_is_known() -> None:
    assert int.from_bytes(importlib.util.MAGIC_NUMBER[:2], "little") == BYTECODE[running()]
    assert BYTECODE.keys() == set(PYTHONS)


def test_the_running_python_compiles_for_itself() -> None:
    assert interpreter(running()) == sys.executable


def test_a_python_that_only_pretends_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretending = tmp_path / "python3.99"
    pretending.write_text("#!/bin/sh\necho 3.98\n")
    pretending.chmod(pretending.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert interpreter("3.99") is None
    pretending.write_text("#!/bin/sh\necho 3.99\n")
    assert interpreter("3.99") == str(pretending)


def test_a_python_of_pyenv_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "versions" / "3.99.1" / "bin" / "python3.99"
    place.parent.mkdir(parents=True)
    place.write_text("#!/bin/sh\necho 3.99\n")
    place.chmod(0o755)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert interpreter("3.99") == str(place)


def test_the_other_pythons_are_those_that_are_promised_and_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreters, "interpreter", lambda version: version if version == "3.12" else None)
    assert interpreters.others() == ([] if running() == "3.12" else ["3.12"])
