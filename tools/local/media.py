"""GET /media/<key>: the stored images, as a public bucket or a CDN serves them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote

from botocore.exceptions import ClientError

from common import config, media
from common.http import cors
from common.http.caching import is_fresh

PREFIX = "/media/"

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,900}")
# An uploaded file that a browser opened as a page must not run as one.
_SECURITY = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
_MISSING = frozenset({"NoSuchKey", "404", "NotFound", "AccessDenied"})


@dataclass(frozen=True)
class StoredObject:
    """A status with headers and bytes, ready to be sent."""

    status: HTTPStatus
    headers: dict[str, str]
    data: bytes


def is_media(method: str, path: str) -> bool:
    """True when the request is for a stored image rather than for the app."""
    return method in {"GET", "HEAD"} and path.startswith(PREFIX)


def fetch(path: str, headers: Mapping[str, str]) -> StoredObject | None:
    """The object at `path`; without bytes when the caller holds it already; None when there is none."""
    key = unquote(path.removeprefix(PREFIX))
    if not _KEY.fullmatch(key) or ".." in key:
        return None
    try:
        found = media.get_client().get_object(Bucket=config.bucket_name(), Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            return None
        raise
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
