"""GET /media/<key> and /uploads/<key>: the stored images, as a public bucket or a CDN serves them."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from unicodedata import category
from urllib.parse import unquote

from botocore.exceptions import ClientError

from common import config, media
from common.http import cors
from common.http.caching import is_fresh

PREFIX = "/media/"
# A storefront that draws pictures of its own host only has these fetched from the shop.
UPLOADS = f"/{media.UPLOADS}"

LONGEST_KEY = 1024
# The names of the first server's files are those that artists gave them: all but control characters, and
# halves of characters, can stand in them.
_UNSPOKEN = frozenset({"Cc", "Cs"})
# An uploaded file that a browser opened as a page must not run as one.
_SECURITY = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
_NO_NAMES = frozenset({"", ".", ".."})
_MISSING = frozenset({"NoSuchKey", "404", "NotFound", "AccessDenied"})


@dataclass(frozen=True)
class StoredObject:
    """A status with headers and bytes, ready to be sent."""

    status: HTTPStatus
    headers: dict[str, str]
    data: bytes


def is_media(method: str, path: str) -> bool:
    """True when the request is for a stored image rather than for the app."""
    return method in {"GET", "HEAD"} and path.startswith((PREFIX, UPLOADS))


def fetch(path: str, headers: Mapping[str, str]) -> StoredObject | None:
    """The object at `path`; without bytes when the caller holds it already; None when there is none."""
    found = _first_stored(_keys(unquote(path)))
    if found is None:
        return None
    common = {
        "ETag": found["ETag"],
        "Cache-Control": found.get("CacheControl") or media.CACHE_CONTROL,
        **_SECURITY,
        **cors.headers_for(headers.get("Origin")),
    }
    if is_fresh(headers.get("If-None-Match"), common):
        found["Body"].close()
        return StoredObject(HTTPStatus.NOT_MODIFIED, common, b"")
    data = found["Body"].read()
    return StoredObject(HTTPStatus.OK, common | {"Content-Type": found["ContentType"]}, data)


def _keys(path: str) -> tuple[str, ...]:
    key = path.removeprefix(UPLOADS).removeprefix(PREFIX)
    if not _is_key(key):
        return ()
    return media.possible_keys(key) if path.startswith(UPLOADS) else (key,)


def _is_key(key: str) -> bool:
    """False for what nobody stores, what would be another place if taken for a path, and what is private."""
    if key.startswith(media.PRIVATE) or any(category(character) in _UNSPOKEN for character in key):
        return False
    return len(key.encode("utf-8")) <= LONGEST_KEY and not _NO_NAMES & set(key.split("/"))


def _first_stored(keys: tuple[str, ...]) -> Any:
    """S3's answer for the first of these keys under which something is stored."""
    for key in keys:
        try:
            return media.get_client().get_object(Bucket=config.bucket_name(), Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _MISSING:
                raise
    return None
