"""Table and bucket of a local shop."""

import pytest

from common import config, media
from common.dynamodb import get_item
from tools.local import storage


def test_table_and_bucket_are_created_once(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", "storage-of-the-test")
    storage.prepare()
    media.store("a.png", b"kept", "image/png")
    storage.prepare()
    assert get_item(("A", "B")) is None
    stored = media.get_client().get_object(Bucket=config.bucket_name(), Key="a.png")
    assert stored["Body"].read() == b"kept"


def test_an_engine_that_does_not_answer_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setattr(storage, "ANSWERED_WITHIN_S", 0)
    with pytest.raises(storage.StorageUnavailable, match="cannot be created"):
        storage.prepare()
    media.reset_client()
