"""The wheels for Lambda."""

import sys
from pathlib import Path

import pytest

from tools.errors import ToolError
from tools.package import wheels


def test_pip_is_asked_for_lambdas_platform_whatever_this_machine_is() -> None:
    variables = wheels.for_lambda()
    platforms = variables["PIP_PLATFORM"].split()
    assert platforms[-1] == "manylinux2014_x86_64"
    assert all(platform.endswith("_x86_64") for platform in platforms)
    assert variables["PIP_ONLY_BINARY"] == ":all:"


def test_no_wheel_needs_a_newer_glibc_than_the_runtime_has() -> None:
    newest = 34 if sys.version_info >= (3, 12) else 26
    assert wheels.for_lambda()["PIP_PLATFORM"].split()[0] == f"manylinux_2_{newest}_x86_64"


def test_chalice_takes_the_downloaded_wheels_and_asks_no_registry(tmp_path: Path) -> None:
    variables = wheels.only_from(tmp_path)
    assert (variables["PIP_NO_INDEX"], variables["PIP_FIND_LINKS"]) == ("1", str(tmp_path))


def test_what_cannot_be_had_is_said_in_pips_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(ToolError, match="not-a-package"):
        wheels.download("not-a-package==1.0\n", tmp_path)
    assert not (tmp_path / "complete").exists()
