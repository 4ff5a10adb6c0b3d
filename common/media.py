"""Images in S3: keys are stored, absolute URLs are answered."""

from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from common import config

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Keys hold a random part and are never written twice, so what was fetched once stays right.
CACHE_CONTROL = "public, max-age=31536000, immutable"

PRESIGNED_SECONDS = 300


def new_key(folder: str, extension: str) -> str:
    """A fresh key such as `products/7/0b0c….png` for a `folder` such as `products/7`."""
    return f"{folder.strip('/')}/{uuid4()}.{extension}"


def store(key: str, data: bytes, content_type: str) -> None:
    """Write `data` under `key`; readers may keep it for a year."""
    get_client().put_object(
        Bucket=config.bucket_name(), Key=key, Body=data, ContentType=content_type, CacheControl=CACHE_CONTROL
    )


def remove(key_or_url: str) -> None:
    """Delete the object; nothing happens when it is missing or lies on a foreign host."""
    key = key_of(key_or_url)
    if key and not _is_absolute(key):
        get_client().delete_object(Bucket=config.bucket_name(), Key=key)


def url_for(key_or_url: str) -> str:
    """The absolute URL of a stored key; an absolute URL and an empty text are answered as they are."""
    if not key_or_url or _is_absolute(key_or_url):
        return key_or_url
    return f"{config.media_base_url()}/{key_or_url.lstrip('/')}"


def key_of(url_or_key: str) -> str:
    """What is stored for a URL or key: the key below our own base URL, a foreign URL whole."""
    own = config.media_base_url() + "/"
    if url_or_key.startswith(own):
        return url_or_key[len(own) :]
    return url_or_key if _is_absolute(url_or_key) else url_or_key.lstrip("/")


def presign_put(key: str, content_type: str, expires: int = PRESIGNED_SECONDS) -> str:
    """A URL that accepts one PUT of `content_type` to `key` for `expires` seconds.

    The content type is signed: a PUT with another one is refused by S3.
    """
    target = {"Bucket": config.bucket_name(), "Key": key, "ContentType": content_type}
    return get_client().generate_presigned_url("put_object", Params=target, ExpiresIn=expires)


@cache
def get_client() -> "S3Client":
    """The S3 client, built on first use and kept."""
    import boto3
    from botocore.config import Config

    options: dict[str, Any] = {
        "connect_timeout": 2,
        "read_timeout": 15,
        "retries": {"mode": "standard", "max_attempts": 3},
        "signature_version": "s3v4",
    }
    if config.setting("AWS_ENDPOINT_URL") or config.setting("AWS_ENDPOINT_URL_S3"):
        # Local engines do not resolve the bucket as a host name.
        options["s3"] = {"addressing_style": "path"}
    return boto3.client("s3", region_name=config.region(), config=Config(**options))


def reset_client() -> None:
    """Forget the client, so that the next use reads the endpoint and region again."""
    get_client.cache_clear()


def _is_absolute(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))
