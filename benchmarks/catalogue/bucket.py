"""A bucket on this machine for the snapshots of the catalogues that are measured."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import boto3

from tools.engines.ministack import MiniStack

BUCKET = "catalogue-benchmark"
NO_SNAPSHOT: Mapping[str, str] = {"CATALOGUE_SNAPSHOT": "off"}


@contextmanager
def bucket() -> Iterator[Mapping[str, str]]:
    """The settings of a process that has its snapshots in a fresh bucket."""
    with TemporaryDirectory() as folder:
        engine = MiniStack(Path(folder), preferred_port=0)
        engine.start()
        try:
            client = boto3.client("s3", endpoint_url=engine.endpoint)
            client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
            client.close()
            yield {"AWS_ENDPOINT_URL_S3": engine.endpoint, "S3_BUCKET_NAME": BUCKET}
        finally:
            engine.stop()
