"""Tells what kind of file a dump is, and reads it as the lines of a plain dump, unpacking none on disk."""

import bz2
import gzip
import hashlib
import lzma
import os
import re
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, Any, TypeVar

from migration.dump.statements import LONGEST
from tools.engines import postgresql
from tools.errors import ToolError

_Known = TypeVar("_Known")
_Lines = Generator[bytes, None, None]

_SHOWN = 500
_START = 512
_TAR_END = 1024
_BOM = b"\xef\xbb\xbf"
_DAMAGED = (
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    RuntimeError,
    NotImplementedError,
)
_AGAIN = "dump again with pg_dump --file=shop.sql"

# What Python's library cannot unpack: who has such a file has the program, and one command makes it plain.
_PROGRAMS = {b"\x28\xb5\x2f\xfd": "zstd", b"\x04\x22\x4d\x18": "lz4"}


def _in_zip(path: Path) -> IO[bytes]:
    archive = zipfile.ZipFile(path)
    names = [name for name in archive.namelist() if not name.endswith("/")]
    if len(names) != 1:
        raise ToolError(f"{path} holds {len(names)} files: unpack it, and name the dump among them")
    return archive.open(names[0])


_UNPACKERS: Mapping[bytes, Callable[[Path], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\0": lzma.open,
    b"PK\x03\x04": _in_zip,
}
# How a text begins that is no dump of PostgreSQL's, and what to do about it.
_STRANGERS = (
    (rb"SQLite format 3\0|PRAGMA ", "is of SQLite, and the shop's database is one of PostgreSQL"),
    (rb"-- (?:MySQL|MariaDB) dump|/\*!", "is a dump of MySQL, and the shop's database is one of PostgreSQL"),
    (rb"\s*<", f"is a page (HTML or XML), as a failed download leaves it: {_AGAIN}"),
    (rb"\s*\{", f"is JSON and no dump: {_AGAIN}"),
)
_UTF_16 = (
    f"is UTF-16, as `>` of PowerShell writes it, which may have changed letters too: {_AGAIN}, without `>`; "
    "if that cannot be done: iconv -f UTF-16 -t UTF-8 {path} > shop.sql, and look at letters with accents"
)


def is_dump(where: str) -> bool:
    """True when this names a file or a folder rather than a server; a pipe cannot be read twice."""
    try:
        return "://" not in where and (Path(where).is_file() or Path(where).is_dir())
    except OSError:  # a connection string that is too long for a name
        return False


def identity(path: Path) -> str:
    """What tells this dump from every other: the SHA-256 of the file as it lies there, or of a folder."""
    if path.is_file():
        return _digest(path)
    names = sorted(it for it in path.rglob("*") if it.is_file())
    listed = "\n".join(f"{it.relative_to(path)} {_digest(it)}" for it in names)
    return hashlib.sha256(listed.encode("utf-8", "surrogateescape")).hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[Iterator[bytes]]:
    """The lines of the plain dump that the file is, or holds.

    Compressed files are unpacked and archives of pg_dump's turned into SQL while they are read. Raises
    ToolError, also while the lines are read, for a file that is something else, is damaged or was cut off.
    """
    with closing(_lines(path)) as lines:
        first = next(lines, None)
        if first is None:
            raise ToolError(f"{path} is empty: {_AGAIN}")
        first = first.removeprefix(_BOM)
        _check_first(path, first)
        yield chain([first], lines)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _lines(path: Path) -> _Lines:
    if path.is_dir() and not (path / "toc.dat").is_file():
        raise ToolError(f"{path} is a folder without pg_dump's toc.dat: name the dump in it")
    start = b"" if path.is_dir() else _start(path)
    is_tar = start[257:262] == b"ustar"
    if is_tar:
        _check_tar(path, start)
    if path.is_dir() or is_tar or start.startswith(b"PGDMP"):
        return _restored(path)
    if program := _by_magic(_PROGRAMS, start):
        raise ToolError(f"{path} is compressed by {program}: unpack it where it is by {program} -d {path}")
    return _read(path, _by_magic(_UNPACKERS, start) or (lambda it: it.open("rb")))


def _check_tar(path: Path, start: bytes) -> None:
    if not start.startswith(b"toc.dat\0"):
        raise ToolError(f"{path} is a tar of other files: unpack it (tar -xf {path}), and name the dump")
    with path.open("rb") as file:
        file.seek(-min(_TAR_END, path.stat().st_size), os.SEEK_END)
        # Its last member is a script that pg_restore does not miss.
        if file.read().strip(b"\0"):
            raise ToolError(
                f"{path} is cut off: it lacks the zeros at a tar's end. Copy it anew, or {_AGAIN}"
            )


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_START)
    except OSError as error:
        raise ToolError(f"{path} cannot be read: {error}") from error


def _by_magic(known: Mapping[bytes, _Known], start: bytes) -> _Known | None:
    return next((it for magic, it in known.items() if start.startswith(magic)), None)


def _read(path: Path, unpack: Callable[[Path], IO[bytes]]) -> _Lines:
    try:
        with unpack(path) as file:
            yield from _limited(path, file)
    except _DAMAGED as error:
        raise ToolError(f"{path} is cut off or damaged: {error}. Copy it anew, or {_AGAIN}") from error


def _limited(path: Path, file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(LONGEST):
        if len(line) == LONGEST:
            raise ToolError(
                f"{path} has a line of more than {LONGEST // 2**20} MB, and so is no dump of the shop"
            )
        yield line


def _restored(path: Path) -> _Lines:
    """What pg_restore makes of an archive; it connects to nothing, and says itself when a part is missing."""
    command = [str(postgresql.program("pg_restore")), "--file=-", "--", str(path)]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, env=environment
        ) as process,
    ):
        try:
            yield from _limited(path, process.stdout)  # type: ignore[arg-type]
            code = process.wait()
        finally:
            process.kill()
        if code:
            said.seek(0)
            text = said.read(_SHOWN).decode("utf-8", "replace").strip()
            raise ToolError(
                f"{path} cannot be read, or is cut off. pg_restore says: {text}\n"
                f"Copy it anew, or make it plain where it was dumped: pg_restore --file=shop.sql {path.name}"
            )


def _check_first(path: Path, line: bytes) -> None:
    for pattern, words in _STRANGERS:
        if re.match(pattern, line):
            raise ToolError(f"{path} {words}")
    if line.startswith(b"PGDMP") or line[257:262] == b"ustar":
        raise ToolError(f"{path} is a compressed archive: unpack it first (gunzip, tar -xf)")
    if re.match(rb"\xff\xfe|\xfe\xff|(?:[\t-~]\0){2}|(?:\0[\t-~]){2}", line):
        raise ToolError(f"{path} {_UTF_16.format(path=path)}")
    if b"\0" in line:
        raise ToolError(f"{path} is no text: {_AGAIN}")
