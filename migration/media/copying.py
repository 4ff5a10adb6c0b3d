"""Copies the old shop's uploads to S3, cleaned, and says which are missing and which nobody needs."""

import hashlib
import mimetypes
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any
from unicodedata import normalize

from common import config, media
from common.dynamodb import from_wire
from common.errors import InvalidInput, PayloadTooLarge
from common.images import KINDS, clean_image
from migration.media.uploads import Unread, Upload, read, uploads_in
from migration.reports import Report, Section
from migration.table.scan import scan
from tools.errors import ToolError
from tools.progress import Progress
from tools.scanning import ScanPage

PREFIX = "uploads/"
# What is no image is downloaded and never shown, so that it cannot be a page.
NO_IMAGE = "application/octet-stream"

_IMAGES = frozenset(kind.content_type for kind in KINDS.values())
_CHECKSUM = "sha256"
_KINDS = ("PRODUCT#", "PERSONAGGIO#", "FUMETTO#")
_NOT_FOUND = frozenset({"404", "NoSuchKey", "NotFound"})


@dataclass(slots=True)
class Copied:
    """What became of the files; `keys` has the S3 keys of all of them."""

    keys: set[str] = field(default_factory=set)
    copied: list[str] = field(default_factory=list)
    present: int = 0
    no_images: list[tuple[str, str]] = field(default_factory=list)
    bytes: int = 0


def copy_media(folder: Path, workers: int, progress: Progress, *, is_dry: bool = False) -> Report:
    """Copy every file below `folder` to `uploads/...` and compare with what the table's rows name.

    Raises ToolError when S3 does not answer or `uploads` in the folder leads out of it.
    """
    found, named = uploads_in(folder), named_keys(workers)
    keys = _keys(found.files, named)
    copied, lock = Copied(), Lock()
    with (
        progress("Copying files", len(found.files)) as advance,
        ThreadPoolExecutor(workers, thread_name_prefix="media") as pool,
    ):

        def copy(upload: Upload) -> None:
            try:
                done = _copy(upload, keys[upload.name], is_dry=is_dry)
            except Unread as reason:
                with lock:
                    found.left_out.append((upload.name, str(reason)))
            else:
                with lock:
                    _count(copied, *done)
            with lock:
                advance(1)

        for _ in pool.map(copy, found.files):
            pass
    return _report(copied, found.left_out, named, is_dry=is_dry)


def _keys(files: Sequence[Upload], named: Mapping[str, str]) -> dict[str, str]:
    """The S3 key of each file: a row may write an accent in another form than the disk does."""
    own = {upload.name: PREFIX + upload.name for upload in files}
    forms = {normalize("NFC", key): key for key in named if key not in set(own.values())}
    return {name: key if key in named else forms.pop(normalize("NFC", key), key) for name, key in own.items()}


def named_keys(workers: int) -> dict[str, str]:
    """The uploads that rows of the table name, each with the first row that does."""
    named: dict[str, str] = {}
    lock = Lock()

    def see(page: ScanPage) -> None:
        for item in map(from_wire, page.items):
            if item["PK"].startswith(_KINDS):
                with lock:
                    for text in _texts(item):
                        if text.startswith(PREFIX):
                            named[text] = min(named.get(text, item["PK"]), item["PK"])

    scan(see, workers)
    return named


def _copy(upload: Upload, key: str, *, is_dry: bool) -> tuple[str, int | None, str]:
    """The key, how many bytes were copied (None when they were there), and why it is no image."""
    data, content_type, reason = _published(upload.path, read(upload))
    checksum = hashlib.sha256(data).hexdigest()
    if _is_there(key, data, checksum):
        return key, None, reason
    if not is_dry:
        media.get_client().put_object(
            Bucket=config.bucket_name(),
            Key=key,
            Body=data,
            ContentType=content_type,
            CacheControl=media.CACHE_CONTROL,
            Metadata={_CHECKSUM: checksum},
        )
    return key, len(data), reason


def _published(path: Path, data: bytes) -> tuple[bytes, str, str]:
    """What is stored of a file, as which type, and why it is no image."""
    try:
        picture = clean_image(data)
    except (InvalidInput, PayloadTooLarge) as error:
        # A damaged or huge picture was shown until now: browsers are told what its name says.
        named, _ = mimetypes.guess_type(path.name)
        return data, named if named and named in _IMAGES else NO_IMAGE, str(error)
    return picture.data, picture.kind.content_type, ""


def _is_there(key: str, data: bytes, checksum: str) -> bool:
    from botocore.exceptions import ClientError

    try:
        found = media.get_client().head_object(Bucket=config.bucket_name(), Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in _NOT_FOUND:
            return False
        raise ToolError(f"S3 did not answer for {key}: {error}") from error
    if found["ContentLength"] != len(data):
        return False
    # Who copied it without us left no checksum, but a plain upload's tag is one.
    tag = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return found["Metadata"].get(_CHECKSUM) == checksum or found["ETag"].strip('"') == tag


def _count(copied: Copied, key: str, size: int | None, reason: str) -> None:
    copied.keys.add(key)
    if reason:
        copied.no_images.append((key, reason))
    if size is None:
        copied.present += 1
    else:
        copied.copied.append(key)
        copied.bytes += size


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        return
    parts: Iterable[Any] = ()
    if isinstance(value, dict):
        parts = value.values()
    elif isinstance(value, list):
        parts = value
    for part in parts:
        yield from _texts(part)


def _report(
    copied: Copied, left_out: list[tuple[str, str]], named: Mapping[str, str], *, is_dry: bool
) -> Report:
    missing = sorted(key for key in named if key not in copied.keys)
    unused = sorted(key for key in copied.keys if key not in named)
    verb = "would be copied" if is_dry else "copied"
    summary = [
        f"{len(copied.copied):,} files {verb}, {copied.bytes:,} bytes; {copied.present:,} were there already",
        f"{len(missing):,} files are named by rows and are not in the folder",
        f"{len(unused):,} files are named by no row",
        f"{len(left_out):,} files, links or folders could not be copied",
    ]
    return Report(
        "media",
        "Uploaded files",
        not missing and not left_out,
        summary,
        [
            Section("Missing files", ("file", "named by"), [(key, named[key]) for key in missing]),
            Section("Not copied", ("file", "reason"), sorted(left_out)),
            Section("Files that no row names", ("file",), _column(unused)),
            Section("Files that are no proper images", ("file", "reason"), sorted(copied.no_images)),
        ],
        {"copied": len(copied.copied), "present": copied.present, "bytes": copied.bytes},
    )


def _column(values: Sequence[str]) -> list[tuple[str]]:
    return [(value,) for value in values]
