"""Where snapshots lie in S3: a place of each table that no address leads to, and who may replace them."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from common import config
from common.media import PRIVATE, new_client

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client

FOLDER = f"{PRIVATE}catalogue/"

# A process that cannot have it soon reads the table; it does not let its visitor wait.
_CONNECT_S, _READ_S = 1.0, 3.0
# S3 answers the last for a missing key to whoever may not list the bucket.
_MISSING = frozenset({"NoSuchKey", "404", "NotFound", "AccessDenied"})
# The first where it was replaced since it was read, the second while somebody else is at it.
_OVERTAKEN = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409"})


@dataclass(slots=True)
class Stored:
    """What is stored, and the tag by which it is told from what replaces it.

    Its bytes come as they are asked for; whoever does not want all of them closes it. Asking raises
    botocore's errors where they stop coming.
    """

    tag: str
    _body: "StreamingBody"
    _head: bytes = b""

    def head(self, length: int) -> bytes:
        """The first bytes, at most so many."""
        while len(self._head) < length and (more := self._body.read(length - len(self._head))):
            self._head += more
        return self._head[:length]

    def data(self) -> bytes:
        """All of it."""
        # Not as a context, which is the bare stream: this reads to the end, or says that it did not.
        return self._head + self._body.read()

    def close(self) -> None:
        """Leaves the rest where it is."""
        self._body.close()


def fetch(name: str) -> Stored | None:
    """What is stored of this table under `name`, by one read; None when there is nothing that may be read.

    Raises botocore's errors when S3 cannot be reached in time or refuses for another reason.
    """
    from botocore.exceptions import ClientError

    try:
        found = _reader().get_object(Bucket=config.bucket_name(), Key=_key(name))
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            return None
        raise
    return Stored(found["ETag"], found["Body"])


def put(name: str, data: bytes, replaced: str | None) -> bool:
    """Stores `data` in place of what has the tag `replaced` (None: of nothing); False when that is not there.

    Then somebody else has stored something newer meanwhile. Raises botocore's errors.
    """
    from botocore.exceptions import ClientError

    client, bucket, key = _writer(), config.bucket_name(), _key(name)
    # Stops a run that was held up from putting what is older in place of what another has stored since.
    try:
        if replaced is None:
            client.put_object(Bucket=bucket, Key=key, Body=data, CacheControl="no-store", IfNoneMatch="*")
        else:
            client.put_object(Bucket=bucket, Key=key, Body=data, CacheControl="no-store", IfMatch=replaced)
    except ClientError as error:
        if error.response["Error"]["Code"] in _OVERTAKEN:
            return False
        raise
    return True


def reset_clients() -> None:
    """Forgets the clients, so that the next use reads the endpoint and region again."""
    _reader.cache_clear()
    _writer.cache_clear()


def _key(name: str) -> str:
    return f"{FOLDER}{config.table_name()}/{name}"


@cache
def _reader() -> "S3Client":
    return new_client(connect_s=_CONNECT_S, read_s=_READ_S, attempts=1)


@cache
def _writer() -> "S3Client":
    return new_client(connect_s=2, read_s=30, attempts=4)
