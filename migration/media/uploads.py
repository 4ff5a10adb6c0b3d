"""The files of a folder of uploads: none from outside of it, none that would block, none half read."""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from tools.errors import ToolError

# S3's keys have at most 1,024 bytes, the folder that all of these lie in among them.
LONGEST_NAME = 1024 - len("uploads/")

_ODD = "is no file: a pipe, a socket or a device"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file: its name below the folder, and where its bytes are."""

    name: str
    path: Path


@dataclass(slots=True)
class Uploads:
    """What a folder has; `left_out` says of the rest, by name, why it cannot be taken."""

    files: list[Upload] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


class Unread(Exception):
    """A file cannot be read as it is; the text says why."""


def uploads_in(folder: Path) -> Uploads:
    """Every file of a folder or of `uploads` in it, by name; hidden ones are passed over.

    Links are followed within the folder only, and to each folder once. Raises ToolError when `uploads`
    itself leads elsewhere.
    """
    root = folder / "uploads" if (folder / "uploads").is_dir() else folder
    if not root.resolve().is_relative_to(folder.resolve()):
        raise ToolError(f"{root} is a link to {root.resolve()}: name that with --from if it is meant.")
    return _Walk(root.resolve()).through()


def read(upload: Upload) -> bytes:
    """All of a file. Raises Unread when it is none any more, cannot be read, or changes meanwhile."""
    # Not blocking: a pipe may have taken the place of the file.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(upload.path, flags), "rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise Unread(_ODD)
            data = file.read()
            after = os.fstat(file.fileno())
    except OSError as error:
        raise Unread(f"cannot be read: {error.strerror}") from error
    if (before.st_size, before.st_mtime_ns) != (len(data), after.st_mtime_ns):
        raise Unread("was changed while it was read: repeat the command")
    return data


class _Walk:
    """One way through a folder; `_entered` are the folders that a link has led to."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._found = Uploads()
        self._entered: set[Path] = set()
        # Where a folder is seen, where it is, and the folders that it lies in.
        self._open: list[tuple[Path, Path, frozenset[Path]]] = [(root, root, frozenset())]

    def through(self) -> Uploads:
        while self._open:
            place, real, above = self._open.pop()
            try:
                with os.scandir(real) as entries:
                    names = sorted(entry.name for entry in entries)
            except OSError as error:
                self._leave_out(place, f"is a folder that cannot be read: {error.strerror}")
                continue
            for name in names:
                self._see(place / name, real / name, above | {real})
        self._found.files.sort(key=lambda upload: upload.name)
        self._found.left_out.sort()
        return self._found

    def _see(self, place: Path, real: Path, above: frozenset[Path]) -> None:
        try:
            mode = real.lstat().st_mode
            if stat.S_ISLNK(mode):
                real = self._within(real, above)
                mode = real.lstat().st_mode
        except Unread as reason:
            self._leave_out(place, str(reason))
        except OSError as error:
            self._leave_out(place, f"cannot be read: {error.strerror}")
        else:
            self._take(place, real, mode, above)

    def _within(self, link: Path, above: frozenset[Path]) -> Path:
        """Where a link leads. Raises Unread when that is nowhere, outside, or where one has been."""
        try:
            real = link.resolve(strict=True)
        except (OSError, RuntimeError) as error:
            raise Unread("is a link that leads nowhere") from error
        if not real.is_relative_to(self._root):
            raise Unread("is a link that leads out of the folder")
        if real.is_dir():
            if real in above or real in self._entered:
                raise Unread("is a link to a folder that is being read or was read by another link")
            self._entered.add(real)
        return real

    def _take(self, place: Path, real: Path, mode: int, above: frozenset[Path]) -> None:
        if stat.S_ISDIR(mode):
            self._open.append((place, real, above))
        elif not stat.S_ISREG(mode):
            self._leave_out(place, _ODD)
        elif reason := _why_no_key(self._name(place)):
            self._leave_out(place, reason)
        elif not place.name.startswith("."):
            self._found.files.append(Upload(self._name(place), real))

    def _name(self, place: Path) -> str:
        return place.relative_to(self._root).as_posix()

    def _leave_out(self, place: Path, reason: str) -> None:
        self._found.left_out.append((_shown(self._name(place)), reason))


def _why_no_key(name: str) -> str:
    """Why S3 takes no key of this name; empty where it does."""
    try:
        size = len(name.encode("utf-8"))
    except UnicodeEncodeError:
        return "has a name that is not in UTF-8: give it another one"
    return f"has a name of more than {LONGEST_NAME} bytes" if size > LONGEST_NAME else ""


def _shown(name: str) -> str:
    """A name as any terminal can show it."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
