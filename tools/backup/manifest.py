"""What a backup says of itself: the table it was taken from and each of its files, in `manifest.json`.

The manifest is written last, so a folder without one is an export that did not finish; it carries a
checksum of itself, so a changed one is noticed as a changed file is.
"""

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tools.errors import ToolError

NAME = "manifest.json"
DATA = "data"
FORMAT = "artshop-backup"
VERSION = 1

_FILE_NAME = re.compile(rf"{DATA}/\d{{4,}}\.jsonl\.gz")


@dataclass(frozen=True, slots=True)
class DataFile:
    """One data file: its path in the folder, how many items it has, and its size in bytes and SHA-256."""

    name: str
    items: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A whole backup; the times are ISO 8601 UTC, the keys and indexes as DynamoDB describes them.

    `time_to_live` names the attribute with the time of expiry, None where items do not expire.
    """

    table: str
    started_at: str
    finished_at: str
    key_schema: list[dict[str, str]]
    indexes: list[dict[str, Any]]
    time_to_live: str | None
    items: int
    files: tuple[DataFile, ...]

    @property
    def checksum(self) -> str:
        """The SHA-256 of everything that the manifest says, which also names the backup."""
        return _checksum(self._content())

    def write(self, folder: Path) -> None:
        """Put the manifest into the folder, all of it or nothing."""
        text = json.dumps({**self._content(), "checksum": self.checksum}, indent=2, ensure_ascii=False)
        part = folder / f"{NAME}.part"
        with part.open("w", encoding="utf-8") as file:
            file.write(f"{text}\n")
            file.flush()
            os.fsync(file.fileno())
        part.rename(folder / NAME)

    def _content(self) -> dict[str, Any]:
        values = asdict(self)
        return {
            "format": FORMAT,
            "format_version": VERSION,
            **values,
            "files": list(values["files"]),
        }


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder. Raises ToolError when there is none, or it is not what was written."""
    path = folder / NAME
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ToolError(f"{folder} has no {NAME}: it is no backup, or its export did not finish") from None
    except (OSError, ValueError) as error:
        raise ToolError(f"{path} cannot be read: {error}") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ToolError(f"{path} is not the manifest of a backup")
    if content["format_version"] != VERSION:
        raise ToolError(f"{path} has format version {content['format_version']}; this tool reads {VERSION}")
    checksum = content.pop("checksum", None)
    if checksum != _checksum(content):
        raise ToolError(f"{path} was changed after the export: its checksum is not its own")
    return _manifest(path, content)


def _manifest(path: Path, content: dict[str, Any]) -> Manifest:
    values = {name: value for name, value in content.items() if name not in {"format", "format_version"}}
    try:
        files = tuple(DataFile(**entry) for entry in values.pop("files"))
        manifest = Manifest(**values, files=files)
        names = {file.name for file in files}
        sound = len(names) == len(files) and all(_FILE_NAME.fullmatch(name) for name in names)
        sound = sound and manifest.items == sum(file.items for file in files)
    except (KeyError, TypeError) as error:
        raise ToolError(f"{path} is not the manifest of a backup: {error}") from error
    if not sound:
        raise ToolError(f"{path} contradicts itself: its files or its counts cannot be right")
    return manifest


def _checksum(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
