"""Tests of what tells one release's code from another's."""

from collections.abc import Callable
from pathlib import Path

import pytest

from common import release as module


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two packages of code, whose release is looked at anew each time."""
    for name in ("shop", "shop/routes", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"NAME = {name!r}\n")
    monkeypatch.setattr(module, "_ROOT", tmp_path)
    return tmp_path


def release() -> str:
    """The release of the package `shop` as it is now."""
    return module.release.__wrapped__("shop")


@pytest.mark.parametrize(
    "change",
    [
        lambda code: (code / "shop/routes/__init__.py").write_text("NAME = 'SHOP/ROUTES'\n"),
        lambda code: (code / "shop/more.py").write_text(""),
        lambda code: (code / "shop/__init__.py").rename(code / "shop/first.py"),
        lambda code: (code / "shop/__init__.py").rename(code / "shop/__init__.pyc"),
        lambda code: (code / "shop/routes/__init__.py").unlink(),
    ],
)
def test_another_code_is_another_release(code: Path, change: Callable[[Path], object]) -> None:
    before = release()
    change(code)
    assert release() != before


def test_what_is_no_code_of_the_packages_is_no_part_of_it(code: Path) -> None:
    before = release()
    (code / "shop/__pycache__").mkdir()
    (code / "shop/__pycache__/first.cpython-311.pyc").write_bytes(b"bytecode")
    (code / "shop/notes.txt").write_text("notes")
    (code / "other/more.py").write_text("")
    assert release() == before
    assert module.release.__wrapped__("shop", "other") != before


def test_the_code_of_this_process_is_read_once() -> None:
    assert module.release("catalog", "common") is module.release("catalog", "common")
    assert len(module.release("catalog", "common")) == 32
