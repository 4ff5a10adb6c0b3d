"""The data files of a backup: one item a line, `{"Item": {...}}` in DynamoDB JSON, compressed with gzip.

This is the form that DynamoDB's own export to S3 writes and its import from S3 reads.
"""

import gzip
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from io import RawIOBase
from pathlib import Path
from typing import IO, Any

from common.dynamodb.codec import WireItem
from tools.backup.manifest import DATA, DataFile, Manifest
from tools.errors import ToolError

# Orders and customers' addresses are in here: only the user who made the backup reads it.
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


class DataFileWriter:
    """Writes one data file under a temporary name; `close` gives it its own."""

    def __init__(self, folder: Path, number: int) -> None:
        self.name = f"{DATA}/{number:04d}.jsonl.gz"
        self.items = 0
        self._path = folder / self.name
        self._part = self._path.with_name(f"{self._path.name}.part")
        self._file = open(self._part, "xb", opener=_open_private)  # noqa: SIM115 - closed by close
        self._hashing = _Hashing(self._file)
        # Without time and name in it, so that equal items make an equal file.
        self._gzip = gzip.GzipFile(filename="", mode="wb", fileobj=self._hashing, mtime=0, compresslevel=6)

    def write(self, items: Iterable[Mapping[str, Any]]) -> None:
        """Append items in wire format, their bytes as base64 text."""
        lines = [json.dumps({"Item": item}, ensure_ascii=False, separators=(",", ":")) for item in items]
        self._gzip.write("".join(f"{line}\n" for line in lines).encode())
        self.items += len(lines)

    def close(self) -> DataFile:
        """Finish the file, safely on disk, and describe it."""
        self._gzip.close()
        size = self._file.tell()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.rename(self._path)
        return DataFile(self.name, self.items, size, self._hashing.digest.hexdigest())

    def abandon(self) -> None:
        """Close the file and leave its temporary name, which no backup has."""
        with suppress(OSError), self._file:
            self._gzip.close()


class _Hashing(RawIOBase):
    """Passes bytes on to a file and keeps their SHA-256."""

    def __init__(self, file: IO[bytes]) -> None:
        self.digest = hashlib.sha256()
        self._file = file

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.digest.update(data)
        return self._file.write(data)


def read_items(folder: Path, file: DataFile) -> Iterator[WireItem]:
    """The items of a data file, in wire format, one at a time. Raises ToolError naming file and line."""
    path = folder / file.name
    number = 0
    try:
        with gzip.open(path, "rb") as lines:
            for line in lines:
                number += 1
                yield _item(line)
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise ToolError(f"{path} cannot be read: line {number}: {error!r}") from error


def check_files(folder: Path, manifest: Manifest) -> None:
    """Check that the folder holds the manifest's files, unchanged, and nothing else.

    Raises ToolError naming the first file that is missing, altered, cut short or too many.
    """
    found = {f"{DATA}/{path.name}" for path in (folder / DATA).glob("*")}
    strangers = sorted(found - {file.name for file in manifest.files})
    if strangers:
        raise ToolError(f"{folder / strangers[0]} is not in the manifest: the folder is not as exported")
    for file in manifest.files:
        path = folder / file.name
        try:
            _check_bytes(path, file)
        except OSError as error:
            raise ToolError(f"{path} cannot be read: {error}") from error


def check_items(folder: Path, file: DataFile) -> Iterator[int]:
    """Read every item of a file, giving 1 for each, and check their number. Raises ToolError."""
    read = 0
    for _ in read_items(folder, file):
        read += 1
        yield 1
    if read != file.items:
        raise ToolError(f"{folder / file.name} has {read} items; the manifest says {file.items}")


def _item(line: bytes) -> WireItem:
    item: WireItem = json.loads(line)["Item"]
    if not (item["PK"]["S"] and item["SK"]["S"]):
        raise ValueError("the item has no key")
    return item


def _check_bytes(path: Path, file: DataFile) -> None:
    size = path.stat().st_size
    if size != file.size:
        raise ToolError(f"{path} was altered after the export: it has {size} bytes, not {file.size}")
    with path.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    if digest != file.sha256:
        raise ToolError(f"{path} was altered after the export: its SHA-256 is {digest}, not {file.sha256}")


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE_FILE)
