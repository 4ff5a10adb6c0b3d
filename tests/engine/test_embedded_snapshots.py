"""The catalogue's snapshot in the S3 of the embedded engine, which `make run` serves."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from catalog.index import snapshot, snapshot_store
from common import config, media
from common.clock import utc_now
from tests.support.snapshots import snapshot_of
from tools.engines.ministack import MiniStack

pytestmark = pytest.mark.exhaustive


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of an empty bucket of an embedded engine."""
    engine = MiniStack(tmp_path / "data")
    engine.start()
    for name, value in (("AWS_ENDPOINT_URL", engine.endpoint), ("S3_BUCKET_NAME", "artshop-media")):
        monkeypatch.setenv(name, value)
    media.reset_client()
    snapshot_store.reset_clients()
    media.get_client().create_bucket(
        Bucket=config.bucket_name(), CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    yield config.bucket_name()
    engine.stop()
    media.reset_client()
    snapshot_store.reset_clients()


def test_it_is_kept_and_replaced_by_whoever_read_what_is_there(bucket: str) -> None:
    assert snapshot.load() is None
    assert snapshot.save(snapshot_of(50, utc_now() - timedelta(minutes=10)), None)
    _, tag = snapshot.previous(utc_now())
    assert snapshot.save(snapshot_of(60, utc_now()), tag)
    assert snapshot.save(snapshot_of(70, utc_now() - timedelta(minutes=5)), tag) == 0
    assert snapshot.save(snapshot_of(80, utc_now() - timedelta(minutes=5)), None) == 0
    found = snapshot.load()
    assert found is not None
    assert len(found.rows) == len(found.documents) == 60
