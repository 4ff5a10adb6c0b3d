"""The wheels for Lambda."""

import zipfile
from pathlib import Path

import pytest

from tools.errors import ToolError
from tools.package import wheels
from tools.package.target import PYTHONS, Target

TARGETS = [Target(python, architecture) for python in PYTHONS for architecture in ("x86_64", "arm64")]


@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_pip_is_asked_for_lambdas_platform_whatever_this_machine_is(target: Target) -> None:
    variables = wheels.for_lambda(target)
    platforms = variables["PIP_PLATFORM"].split()
    assert platforms[-1] == f"manylinux2014_{target.machine}"
    assert all(platform.endswith(f"_{target.machine}") for platform in platforms)
    assert (variables["PIP_ONLY_BINARY"], variables["PIP_PYTHON_VERSION"]) == (":all:", target.python)


@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_no_wheel_needs_a_newer_glibc_than_the_runtime_has(target: Target) -> None:
    newest = 26 if target.python == "3.11" else 34
    assert target.platforms[0] == f"manylinux_2_{newest}_{target.machine}"


def test_what_cannot_be_had_is_said_in_pips_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(ToolError, match="not-a-package"):
        wheels.download("not-a-package==1.0\n", TARGETS[0], tmp_path)
    assert not list(tmp_path.glob("*/complete"))


def wheel(folder: Path, *names: str) -> None:
    with zipfile.ZipFile(folder / "a-1.0-py3-none-any.whl", "w") as packed:
        for name in names:
            packed.writestr(name, "1")


def test_a_wheel_is_unpacked_where_python_finds_it(tmp_path: Path) -> None:
    wheel(tmp_path, "a/__init__.py", "a-1.0.dist-info/METADATA", "a-1.0.data/scripts/a")
    wheels.unpack(tmp_path, tmp_path / "tree")
    assert (tmp_path / "tree" / "a" / "__init__.py").exists()


def test_a_wheel_whose_modules_would_have_to_be_moved_is_refused(tmp_path: Path) -> None:
    wheel(tmp_path, "a-1.0.data/purelib/a.py")
    with pytest.raises(ToolError, match=r"a-1\.0\.data/purelib/a\.py"):
        wheels.unpack(tmp_path, tmp_path / "tree")
