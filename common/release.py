"""Which code this process runs: what it answers may differ from what other code answered."""

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

_ROOT = Path(__file__).parent.parent
# A package for Lambda has each module's bytecode in the place of its source.
_CODE = frozenset({".py", ".pyc"})


@cache
def release(*packages: str) -> str:
    """A hash of the code of these packages, equal in every process that runs the same.

    They are read once, some milliseconds after a start, and not when this is imported.
    """
    digest = sha256()
    for file in _files(packages):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(_ROOT)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:32]


def _files(packages: tuple[str, ...]) -> Iterator[Path]:
    for package in packages:
        found = sorted(path for path in (_ROOT / package).rglob("*") if path.suffix in _CODE)
        yield from (path for path in found if "__pycache__" not in path.parts)
