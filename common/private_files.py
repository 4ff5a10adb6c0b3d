"""Files that only whoever has a signed address may fetch, each written once: papers and certificates as PDF.

They lie below `private/` in the bucket, by the name of the table, where no CDN and no public address leads.
What was sent once is what is sent again, byte for byte, whatever a later version of the code would make.
"""

from collections.abc import Callable
from hashlib import sha256
from urllib.parse import quote

from common import config
from common.media import PRIVATE, get_client

# Long enough for a slow line to begin, short enough for an address that is passed on.
ADDRESS_SECONDS = 300

# S3 answers the last for a missing key to whoever may not list the bucket.
_MISSING = frozenset({"404", "NoSuchKey", "NotFound", "403", "AccessDenied", "Forbidden"})
_THERE = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409"})


def private_key(folder: str, name: str) -> str:
    """The key of a file in one of the shop's own folders, as `papers`; two stages may share a bucket."""
    return f"{PRIVATE}{folder}/{config.table_name()}/{name}"


def keep(key: str, make: Callable[[], bytes], content_type: str) -> None:
    """Stores what `make` makes, unless something is stored there: the first that was stored stays.

    Its SHA-256 is with it, in hexadecimal digits, as `sha256` of its metadata. Raises botocore's errors.
    """
    if not is_kept(key):
        _store(key, make(), content_type)


def is_kept(key: str) -> bool:
    """Whether a file is there, by one request."""
    from botocore.exceptions import ClientError

    try:
        get_client().head_object(Bucket=config.bucket_name(), Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            return False
        raise
    return True


def address_of(key: str, filename: str, content_type: str) -> str:
    """A URL under which a file can be fetched for five minutes, to be saved as `filename`."""
    # RFC 6266; names are the shop's own, so whatever would end the quotes is a defect, and harmless.
    safe = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in filename[:-4])
    plain = f"{safe}{filename[-4:]}"
    target = {
        "Bucket": config.bucket_name(),
        "Key": key,
        "ResponseContentType": content_type,
        "ResponseContentDisposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename)}",
    }
    return get_client().generate_presigned_url("get_object", Params=target, ExpiresIn=ADDRESS_SECONDS)


def _store(key: str, data: bytes, content_type: str) -> None:
    from botocore.exceptions import ClientError

    try:
        get_client().put_object(
            Bucket=config.bucket_name(),
            Key=key,
            Body=data,
            ContentType=content_type,
            CacheControl="no-store",
            Metadata={"sha256": sha256(data).hexdigest()},
            # Stops a second rendering, as by another version of the code, from replacing what was sent.
            IfNoneMatch="*",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] not in _THERE:
            raise
