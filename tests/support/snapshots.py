"""A bucket for snapshots of the catalogue in tests, and snapshots to put there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest

from catalog.index import snapshot_store
from catalog.index.packed_documents import pack
from catalog.index.snapshot_file import Snapshot
from catalog.index.stored_documents import encode
from common import config, media
from common.dynamodb import Item
from tests.support.buckets import fresh_bucket


@contextmanager
def snapshot_bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of an empty bucket, in which the settings keep snapshots; AWS has to be mocked already."""
    monkeypatch.setenv("S3_BUCKET_NAME", "artshop-media")
    snapshot_store.reset_clients()
    with fresh_bucket() as name:
        yield name
    snapshot_store.reset_clients()


def snapshot_of(
    products: int, read_at: datetime, generation: str | None = None, texts: bytes = b""
) -> Snapshot:
    """A snapshot of so many made-up products."""
    rows: list[Item] = [
        {"PK": f"PRODUCT#{number}", "SK": "LISTING", "title": f"Work {number}"} for number in range(products)
    ]
    documents = pack(
        (number, encode({"id": number, "title": f"Work {number}"})) for number in range(products)
    )
    return Snapshot(generation, read_at, rows, documents, texts)


def stored_keys() -> list[str]:
    """The keys of all objects in the bucket."""
    found = media.get_client().list_objects_v2(Bucket=config.bucket_name())
    return [each["Key"] for each in found.get("Contents", [])]


def stored_object(key: str) -> dict[str, Any]:
    """S3's answer for an object, with its bytes as `data`."""
    found: dict[str, Any] = dict(media.get_client().get_object(Bucket=config.bucket_name(), Key=key))
    return found | {"data": found["Body"].read()}
