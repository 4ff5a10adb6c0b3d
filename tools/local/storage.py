"""The table and the bucket of a local shop."""

import time

from botocore.exceptions import BotoCoreError, ClientError

from common import config, media
from common.dynamodb import create_table, reset_client
from tools.errors import ToolError

ANSWERED_WITHIN_S = 20
POLL_S = 0.5


class StorageUnavailable(ToolError):
    """Table or bucket could not be reached."""


def prepare() -> None:
    """Create the table and the bucket where they are missing; StorageUnavailable when no engine answers.

    An engine that was started a moment ago is given time to answer.
    """
    reset_client()
    media.reset_client()
    deadline = time.monotonic() + ANSWERED_WITHIN_S
    while error := _try_to_create():
        if time.monotonic() > deadline:
            raise StorageUnavailable(f"Table and bucket cannot be created: {error}") from error
        time.sleep(POLL_S)


def _try_to_create() -> Exception | None:
    try:
        create_table()
        create_bucket(config.bucket_name())
    except (BotoCoreError, ClientError) as error:
        return error
    return None


def create_bucket(name: str) -> bool:
    """Create the bucket; False when it was there already."""
    client = media.get_client()
    try:
        client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    except (client.exceptions.BucketAlreadyOwnedByYou, client.exceptions.BucketAlreadyExists):
        return False
    return True
