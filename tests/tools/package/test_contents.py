"""What stays in the zip, and its bytecode."""

import marshal
import sys
from pathlib import Path

import pytest

from tools.errors import ToolError
from tools.package.contents import compile_sources, is_kept, prune


def put(tree: Path, *names: str) -> None:
    for name in names:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("x = 1\n")


def test_what_lambda_has_and_what_only_builds_is_dropped(tmp_path: Path) -> None:
    put(tmp_path, "boto3/__init__.py", "boto3-1.0.dist-info/METADATA", "pip/__init__.py", "cffi/api.py")
    put(tmp_path, "jwt/__init__.py", "jwt/tests/test_api.py", "x-1.0.data/scripts/x", "jwt/__pycache__/a.pyc")
    prune(tmp_path, ["catalog"])
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.py")] == ["jwt/__init__.py"]
    assert {path.name for path in tmp_path.iterdir() if any(path.rglob("*.*"))} == {"jwt"}


@pytest.mark.parametrize(
    ("domains", "kept"),
    [
        (["orders"], {"stripe", "PIL", "reportlab"}),
        (["shop"], {"argon2"}),
        (["catalog", "orders"], {"argon2", "PIL", "multipart.py", "stripe", "reportlab"}),
    ],
)
def test_what_no_mounted_domain_uses_is_dropped(tmp_path: Path, domains: list[str], kept: set[str]) -> None:
    put(tmp_path, "stripe/__init__.py", "argon2/__init__.py", "PIL/Image.py", "multipart.py")
    put(tmp_path, "reportlab/rl_config.py")
    prune(tmp_path, domains)
    assert {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*.py")} == kept


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("PIL/Image.py", True),
        ("PIL/_imaging.cpython-312-x86_64-linux-gnu.so", True),
        ("PIL/Image.pyi", False),
        ("jwt/py.typed", False),
        ("common/.env", False),
        ("pyjwt-2.0.dist-info/METADATA", True),
        ("pyjwt-2.0.dist-info/licenses/LICENSE", True),
        ("pyjwt-2.0.dist-info/RECORD", False),
        ("simplejson/_speedups.c", False),
        ("pillow.libs/libjpeg-6dc8d115.so.62.4.0", True),
        ("pillow.libs/libharfbuzz-fb49c9fc.so.0.61450.0", False),
        ("fontpkg_lato/__init__.py", True),
        ("fontpkg_lato/files/Lato-Bold.ttf", True),
        ("fontpkg_lato/files/Lato-Thin.ttf", False),
    ],
)
def test_a_file_stays_when_it_runs_or_says_whose_it_is(name: str, kept: bool) -> None:
    assert is_kept(Path(name)) is kept


def test_bytecode_takes_the_place_of_its_source(tmp_path: Path) -> None:
    put(tmp_path, "package/module.py")
    compile_sources(tmp_path, sys.executable)
    assert [path.name for path in tmp_path.rglob("*.*")] == ["module.pyc"]
    code = marshal.loads((tmp_path / "package" / "module.pyc").read_bytes()[16:])  # noqa: S302 - made above
    assert code.co_filename == "/var/task/package/module.py"


def test_a_module_that_does_not_compile_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def :\n")
    with pytest.raises(ToolError, match=r"broken\.py"):
        compile_sources(tmp_path, sys.executable)
