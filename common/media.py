"""Images in S3: keys are stored, URLs are answered."""

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

from common import config

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Keys hold a random part and are never written twice, so what was fetched once stays right.
CACHE_CONTROL = "public, max-age=31536000, immutable"

PRESIGNED_SECONDS = 300

# What was sent before a row names it. No row ever does: it takes a copy, so that these files may expire.
INCOMING = "incoming"

# Where our own pictures lie; `uploads` holds those of the shop's first years.
FOLDERS = ("personaggi/", "fumetti/", "products/", "creators/", "uploads/", f"{INCOMING}/")

# What the shop keeps for itself: no address leads there, no row names it, and the CDN may not read it.
PRIVATE = "private/"

# Where the shop itself serves pictures, as its first server did.
UPLOADS = "uploads/"

_CHECKED_NAME = re.compile(r"(?P<folder>.+)/[0-9a-f]{32}\.[a-z]+")
# S3 answers the last for a missing key to whoever may not list the bucket.
_MISSING = frozenset({"NoSuchKey", "404", "NotFound", "AccessDenied"})


def new_key(folder: str, extension: str) -> str:
    """A fresh key for a picture that was checked, such as `products/7/0b0c….png` in `products/7`."""
    return f"{folder.strip('/')}/{uuid4().hex}.{extension}"


def unchecked_key(folder: str, extension: str) -> str:
    """A fresh key for what a browser sends to S3 by itself; its name tells it from a checked picture."""
    return f"{INCOMING}/{folder.strip('/')}/{uuid4()}.{extension}"


def folder_of_checked(key: str) -> str:
    """The folder of a picture that the shop checked and named itself; empty for any other key."""
    found = _CHECKED_NAME.fullmatch(key)
    return found["folder"] if found else ""


def store(key: str, data: bytes, content_type: str) -> None:
    """Write `data` under `key`; readers may keep it for a year."""
    get_client().put_object(
        Bucket=config.bucket_name(), Key=key, Body=data, ContentType=content_type, CacheControl=CACHE_CONTROL
    )


def read(key: str, at_most: int) -> bytes | None:
    """The first `at_most` bytes of an object; None when there is none."""
    from botocore.exceptions import ClientError

    try:
        found = get_client().get_object(Bucket=config.bucket_name(), Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            return None
        raise
    with found["Body"] as body:
        return bytes(body.read(at_most))


def copy(key: str, new: str) -> bool:
    """Copy an object within the bucket, as S3 does it by itself; False when there is none."""
    from botocore.exceptions import ClientError

    bucket = config.bucket_name()
    try:
        get_client().copy_object(Bucket=bucket, Key=new, CopySource={"Bucket": bucket, "Key": key})
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            return False
        raise
    return True


def remove(key_or_url: str) -> None:
    """Delete the picture; nothing happens when it is missing, lies on a foreign host or is none."""
    key = key_of(key_or_url)
    if key and not is_absolute(key) and not key.startswith(PRIVATE):
        get_client().delete_object(Bucket=config.bucket_name(), Key=key)


def url_for(key_or_url: str) -> str:
    """The URL of a stored key: below `MEDIA_BASE_URL`, or `/uploads/<key>` where addresses are relative.

    An absolute URL and an empty text are answered as they are.
    """
    if not key_or_url or is_absolute(key_or_url):
        return key_or_url
    return urls_for((key_or_url,))[0]


def urls_for(keys_or_urls: Iterable[str]) -> list[str]:
    """The URLs of several, for which the settings are read once."""
    base = f"/{UPLOADS.rstrip('/')}" if config.media_urls_are_relative() else config.media_base_url()
    return [it if not it or is_absolute(it) else f"{base}/{it.lstrip('/')}" for it in keys_or_urls]


def key_of(url_or_key: str) -> str:
    """What is stored for a URL or key: the key of a picture of our own, a foreign URL whole.

    Ours are addresses below `MEDIA_BASE_URL`, and those below `/uploads/` of the shop and its storefronts.
    """
    own = config.media_base_url() + "/"
    if url_or_key.startswith(own):
        return url_or_key[len(own) :]
    path = _path_on_own_host(url_or_key)
    if is_absolute(path):
        return path
    if config.media_urls_are_relative() and path.startswith(f"/{UPLOADS}"):
        return path[len(UPLOADS) + 1 :]
    return path.lstrip("/")


def possible_keys(key: str) -> tuple[str, ...]:
    """A key as `key_of` reads it, and as it may be meant; what lies in no folder of ours alone.

    `/uploads/products/1.png` is the key `products/1.png` as the shop writes relative addresses, and
    `uploads/products/1.png` as its first server wrote them.
    """
    if not key.startswith(FOLDERS):
        return (key,)
    other = key.removeprefix(UPLOADS) if key.startswith(UPLOADS) else f"{UPLOADS}{key}"
    return (key, other) if other.startswith(FOLDERS) else (key,)


def is_absolute(text: str) -> bool:
    """True for an `http://` or `https://` URL."""
    return text.lower().startswith(("http://", "https://"))


def _path_on_own_host(text: str) -> str:
    """The path of an upload's URL on a host of ours; any other text as it is."""
    if not is_absolute(text):
        return text
    try:
        parts = urlsplit(text)
    except ValueError:
        return text
    origins = config.cors_allowed_origins() | {_origin(config.media_base_url())}
    is_ours = parts.path.startswith(f"/{UPLOADS}") and f"{parts.scheme}://{parts.netloc}" in origins
    return parts.path if is_ours else text


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def presign_put(key: str, content_type: str, expires: int = PRESIGNED_SECONDS) -> str:
    """A URL that accepts one PUT of `content_type` to `key` for `expires` seconds.

    The content type is signed: a PUT with another one is refused by S3.
    """
    target = {"Bucket": config.bucket_name(), "Key": key, "ContentType": content_type}
    return get_client().generate_presigned_url("put_object", Params=target, ExpiresIn=expires)


@cache
def get_client() -> "S3Client":
    """The S3 client, built on first use and kept."""
    return new_client(connect_s=2, read_s=15, attempts=4)


def new_client(*, connect_s: float, read_s: float, attempts: int) -> "S3Client":
    """A client of S3 that waits so many seconds for a connection and for each answer, in so many attempts."""
    import boto3
    from botocore.config import Config

    options: dict[str, Any] = {
        "connect_timeout": connect_s,
        "read_timeout": read_s,
        "retries": {"mode": "standard", "total_max_attempts": attempts},
        "signature_version": "s3v4",
    }
    if config.setting("AWS_ENDPOINT_URL") or config.setting("AWS_ENDPOINT_URL_S3"):
        # Local engines do not resolve the bucket as a host name.
        options["s3"] = {"addressing_style": "path"}
    return boto3.client("s3", region_name=config.region(), config=Config(**options))


def reset_client() -> None:
    """Forget the client, so that the next use reads the endpoint and region again."""
    get_client.cache_clear()
