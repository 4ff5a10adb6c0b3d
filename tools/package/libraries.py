"""Whether what is compiled in a package runs on the Python and the processor that it is for."""

import re
from pathlib import Path

from tools.errors import ToolError
from tools.package.target import BYTECODE, Target

# A name such as _imaging.cpython-313-x86_64-linux-gnu.so, which CPython looks for.
_TAGGED = re.compile(r"\.cpython-(?P<tag>\d+)-(?P<machine>\w+)-linux-gnu\.so$")
_ELF, _64_BIT, _LITTLE_ENDIAN = b"\x7fELF", 2, 1


def check(tree: Path, target: Target) -> int:
    """How many libraries and modules of machine code there are, all of them for `target`.

    ToolError names each that is not, and each module of bytecode of another version.
    """
    libraries = [path for path in sorted(tree.rglob("*")) if path.is_file() and ".so" in path.suffixes]
    wrong = [f"{path.relative_to(tree)} {text}" for path in libraries if (text := complaint(path, target))]
    wrong += [
        f"{path.relative_to(tree)} is bytecode of another Python"
        for path in sorted(tree.rglob("*.pyc"))
        if int.from_bytes(path.read_bytes()[:2], "little") != BYTECODE[target.python]
    ]
    if wrong:
        wanted = f"Python {target.python} on {target.architecture}"
        raise ToolError("\n".join([f"The package is for {wanted}, but", *wrong]))
    return len(libraries)


def complaint(path: Path, target: Target) -> str:
    """What is wrong with a library for `target`; empty where nothing is."""
    named = _TAGGED.search(path.name)
    if named and named["tag"] != target.tag:
        return f"is a module of CPython {named['tag']}"
    if named and named["machine"] != target.machine:
        return f"is named for {named['machine']}"
    with path.open("rb") as file:
        head = file.read(20)
    if head[:4] != _ELF or head[4:6] != bytes([_64_BIT, _LITTLE_ENDIAN]):
        return "is no library of 64-bit Linux"
    machine = int.from_bytes(head[18:20], "little")
    return "" if machine == target.elf_machine else f"is for another processor (ELF machine {machine})"
