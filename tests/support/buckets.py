"""An S3 bucket for tests of what is stored in it."""

from collections.abc import Iterator
from contextlib import contextmanager

from common import config, media


@contextmanager
def fresh_bucket() -> Iterator[str]:
    """The name of an empty bucket, which `S3_BUCKET_NAME` names; AWS has to be mocked already."""
    media.reset_client()
    name = config.bucket_name()
    media.get_client().create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    yield name
    media.reset_client()
