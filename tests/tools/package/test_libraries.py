"""Machine code and bytecode of a package, against what the package is for."""

from pathlib import Path

import pytest

from tools.errors import ToolError
from tools.package.libraries import check
from tools.package.target import BYTECODE, Target

TARGET = Target("3.13", "arm64")


def elf(machine: int, bits: int = 2) -> bytes:
    """The beginning of a library for a processor."""
    kind_and_machine = b"".join(number.to_bytes(2, "little") for number in (3, machine))
    return b"\x7fELF" + bytes([bits, 1, 1]) + bytes(9) + kind_and_machine


def put(tree: Path, name: str, content: bytes) -> None:
    (tree / name).parent.mkdir(parents=True, exist_ok=True)
    (tree / name).write_bytes(content)


def test_what_fits_is_counted(tmp_path: Path) -> None:
    put(tmp_path, "PIL/_imaging.cpython-313-aarch64-linux-gnu.so", elf(183))
    put(tmp_path, "argon2/_ffi.abi3.so", elf(183))
    put(tmp_path, "pillow.libs/libjpeg-1.so.62.4.0", elf(183))
    put(tmp_path, "common/money.pyc", BYTECODE["3.13"].to_bytes(2, "little") + b"\r\n")
    put(tmp_path, "common/README", b"")
    assert check(tmp_path, TARGET) == 3


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.cpython-311-aarch64-linux-gnu.so", elf(183), "is a module of CPython 311"),
        ("a.cpython-313-x86_64-linux-gnu.so", elf(183), "is named for x86_64"),
        ("a.cpython-313-aarch64-linux-gnu.so", elf(62), "is for another processor (ELF machine 62)"),
        ("a.abi3.so", elf(62), "is for another processor"),
        ("a.libs/libz.so.1", elf(62), "is for another processor"),
        ("a.abi3.so", elf(183, bits=1), "is no library of 64-bit Linux"),
        ("a.cpython-313-darwin.so", b"\xcf\xfa\xed\xfe" + bytes(16), "is no library of 64-bit Linux"),
        ("a.so", b"", "is no library of 64-bit Linux"),
        ("a.pyc", BYTECODE["3.12"].to_bytes(2, "little"), "is bytecode of another Python"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, name: str, content: bytes, complaint: str) -> None:
    put(tmp_path, name, content)
    with pytest.raises(ToolError) as refused:
        check(tmp_path, TARGET)
    assert f"{name} {complaint}" in str(refused.value)
    assert "for Python 3.13 on arm64" in str(refused.value)
