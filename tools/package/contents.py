"""What goes into the zip: the runtime's files, compiled."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from tools.errors import ToolError

# Lambda's runtime brings them.
GIVEN = ("boto3", "botocore", "s3transfer")
# Finds fonts by name; the one of papers is known.
FINDER = "fontpkg"
# Needed where packages are installed or C extensions are built, never where they run.
BUILD_ONLY = (
    "pip",
    "setuptools",
    "pkg_resources",
    "_distutils_hack",
    "wheel",
    "pycparser",
    "cffi",
    "fontpkg",
)
# Powertools is here for its Logger; these would be a third of the zip. Papers bring a font of their own.
UNUSED = (
    "aws_lambda_powertools/event_handler/openapi/swagger_ui",
    "reportlab/fonts",
    "reportlab/graphics/samples",
)
# What Pillow has for letters, colour profiles and windows, with the libraries that these alone need.
UNUSED_FILES = (
    "PIL/_imagingft.*",
    "PIL/_imagingtk.*",
    "PIL/_imagingcms.*",
    "pillow.libs/libbrotli*",
    "pillow.libs/libfreetype*",
    "pillow.libs/libharfbuzz*",
    "pillow.libs/liblcms2*",
    "pillow.libs/libpng16*",
)
FONTS, USED_FONTS = "fontpkg_lato/files", ("Lato-Regular.ttf", "Lato-Bold.ttf")
PASSWORDS = ("argon2", "_argon2_cffi_bindings", "argon2_cffi", "argon2_cffi_bindings")
# What seals a mail, and what reads the domain that it goes to.
MAILS = ("cryptography", "idna")
PICTURES = ("PIL", "pillow", "pillow.libs")
# What only some domains import, by the names that it has in the zip.
USED_BY = {
    "orders": (
        "stripe",
        "requests",
        "urllib3",
        "certifi",
        "charset_normalizer",
        "idna",
        "tzdata",
        "reportlab",
        "fontpkg_lato",
        # The library for papers does not start without it.
        *PICTURES,
    ),
    "shop": (*PASSWORDS, *MAILS, "tzdata"),
    "catalog": (*PASSWORDS, *MAILS, *PICTURES, "multipart.py", "multipart"),
    "content": (*PICTURES, "multipart.py", "multipart"),
    "etsy_sync": (
        "cryptography",
        "requests",
        "urllib3",
        "certifi",
        "charset_normalizer",
        "idna",
        "tzdata",
    ),
}
FOLDERS = frozenset({"tests", "test", "testing", "__pycache__", "bin", "include"})
SUFFIXES = frozenset({".pyi", ".pyx", ".pxd", ".c", ".h", ".typed", ".pyc"})
# Of a package's metadata the version and the licence stay.
METADATA = frozenset({"METADATA"})
LICENCES = ("LICEN", "COPYING", "NOTICE", "AUTHORS")


def prune(tree: Path, domains: Iterable[str]) -> None:
    """Delete from the unpacked zip what does not run in Lambda, or not with these domains."""
    for name in (*GIVEN, *BUILD_ONLY, *_unused_by(domains)):
        shutil.rmtree(tree / name, ignore_errors=True)
        if (tree / name).is_file():
            (tree / name).unlink()
        for info in tree.glob(f"{name}-*.dist-info"):
            shutil.rmtree(info)
    for folder in [path for path in tree.rglob("*") if path.is_dir() and is_dropped(path.relative_to(tree))]:
        shutil.rmtree(folder, ignore_errors=True)
    for path in tree.rglob("*"):
        if path.is_file() and not is_kept(path.relative_to(tree)):
            path.unlink()


def _unused_by(domains: Iterable[str]) -> set[str]:
    known = {name for names in USED_BY.values() for name in names}
    return known - {name for domain in domains for name in USED_BY.get(domain, ())}


def is_dropped(folder: Path) -> bool:
    """True for a folder of which nothing runs in Lambda; `.data` holds a wheel's scripts."""
    return folder.name in FOLDERS or folder.suffix == ".data" or folder.as_posix() in UNUSED


def is_kept(path: Path) -> bool:
    """True for a file that runs in Lambda or says whose work it is."""
    if path.suffix in SUFFIXES or path.name.startswith("."):
        return False
    if path.parts[0].endswith(".dist-info"):
        return path.name in METADATA or path.name.upper().startswith(LICENCES)
    return not _is_unused(path.as_posix())


def _is_unused(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    if folder == FONTS:
        return name not in USED_FONTS
    return any(fnmatchcase(path, pattern) for pattern in UNUSED_FILES)


def compile_sources(tree: Path, python: str) -> None:
    """Replace each module by its bytecode of the Python at `python`, as `module.pyc` in its place.

    Lambda's file system is read-only, so Python could not keep bytecode of its own; without the source
    beside it nothing is compared at import. A traceback shows `/var/task/module.py` and the line.
    """
    command = [python, "-m", "compileall", "-q", "-b", "-f", "--invalidation-mode", "unchecked-hash"]
    result = subprocess.run(
        [*command, "-s", str(tree), "-p", "/var/task", str(tree)],
        # The order of a set in bytecode follows the hash seed.
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise ToolError(f"A module cannot be compiled:\n{result.stdout}{result.stderr}".strip())
    for source in tree.rglob("*.py"):
        source.unlink()
