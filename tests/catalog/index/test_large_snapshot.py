"""A catalogue too large for memory, as it lies in S3 and as a process has it from there."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from catalog.index import freshness, large_snapshot, snapshot, snapshot_store
from catalog.index.catalogue import Catalogue
from catalog.index.large_snapshot import LARGE, LargeSnapshot, load_fitting, write_large
from catalog.index.packed_documents import pack
from catalog.index.searching import found_by
from catalog.index.snapshot_file import Snapshot
from catalog.index.sqlite_holding import SqliteCatalogue
from catalog.index.stored_documents import encode
from catalog.product_filters import Filters
from catalog.snapshot_job import write_snapshot
from common import config, media
from common.clock import utc_now
from common.dynamodb import batch_write, meter
from common.repositories.catalogue_changes import begin_generation, mark_keys, new_mark
from common.repositories.products import document_item, listing_item
from tests.catalog.builders import row, store
from tests.catalog.index.works import marked_row
from tests.support.races import just_before
from tests.support.snapshots import snapshot_bucket, stored_keys, stored_object

PRODUCTS = 5


@pytest.fixture(autouse=True)
def bucket(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("CATALOGUE_LARGEST_IN_MEMORY", str(PRODUCTS - 1))
    with snapshot_bucket(monkeypatch) as name:
        yield name


def made(read_at: datetime, products: int = PRODUCTS, generation: str | None = None) -> Snapshot:
    works = [row(number, title=f"Work {number}") for number in range(1, products + 1)]
    rows = [marked_row(work, work.id) for work in works]
    documents = pack((work.id, encode(document_item(work))) for work in works)
    return Snapshot(generation, read_at.astimezone(UTC), rows, documents)


def stored(products: int = PRODUCTS) -> None:
    """A snapshot of so many products, with its SQLite file where that is needed."""
    found = made(utc_now(), products)
    assert snapshot.save(found, snapshot.previous(utc_now())[1])
    write_large(found, utc_now())


def reads() -> list[str]:
    """The keys that are read of S3 from now on."""
    asked: list[str] = []
    client = snapshot_store._reader()
    client.meta.events.register(
        "before-send.s3", lambda request, **_: asked.append(request.url.rpartition("/")[2])
    )
    return asked


def test_a_large_catalogue_is_had_as_a_file_by_two_reads() -> None:
    stored()
    asked = reads()
    found = load_fitting()
    assert asked == [snapshot.NAME, LARGE]
    assert isinstance(found, LargeSnapshot)
    page = found.holding("of this generation").select(Filters(("published",)), 3)
    assert ([shown.id for shown in page.rows], page.total) == ([5, 4, 3], PRODUCTS)
    assert page.version.endswith("of this generation")


def test_a_small_one_is_had_by_one_read_and_has_no_file() -> None:
    stored(PRODUCTS - 1)
    asked = reads()
    assert isinstance(load_fitting(), Snapshot)
    assert asked == [snapshot.NAME]
    assert [key.rpartition("/")[2] for key in stored_keys()] == [snapshot.NAME]


def test_without_any_there_is_none() -> None:
    assert load_fitting() is None


@pytest.mark.parametrize("damage", ["gone", "damaged", "of SQLite", "no trigrams"])
def test_without_a_file_that_can_be_used_it_is_held_in_memory_and_the_log_says_so(
    damage: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stored()
    key = f"{snapshot_store.FOLDER}{config.table_name()}/{LARGE}"
    client, name = media.get_client(), config.bucket_name()
    if damage == "gone":
        client.delete_object(Bucket=name, Key=key)
    elif damage == "damaged":
        client.put_object(Bucket=name, Key=key, Body=stored_object(key)["data"][:-9])
    elif damage == "of SQLite":
        client.delete_object(Bucket=name, Key=key)
        with patch("catalog.index.sqlite_file.packed", lambda _snapshot: b"rubbish"):
            write_large(made(utc_now()), utc_now())
    else:
        monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 7, 17))
    found = load_fitting()
    assert isinstance(found, Snapshot)
    assert len(found.rows) == PRODUCTS
    assert [record.message for record in caplog.records][-1] == "a large catalogue is held in memory"


def test_the_file_is_made_anew_when_it_is_an_hour_older_or_of_another_generation() -> None:
    moment = utc_now()
    hour = timedelta(hours=1)
    assert write_large(made(moment - 2 * hour), moment)
    assert not write_large(made(moment - 1.1 * hour), moment)
    assert write_large(made(moment - hour), moment)
    old = "2026-01-01T00:00:00.000Z#0123456789ab"
    assert write_large(made(moment, generation=old), moment)
    assert not write_large(made(moment, generation=old), moment)


def test_a_run_that_was_held_up_replaces_no_newer_file() -> None:
    moment = utc_now()
    write_large(made(moment - timedelta(hours=3)), moment)
    older, newer = made(moment - timedelta(hours=1), PRODUCTS + 1), made(moment, PRODUCTS + 2)
    with just_before("catalog.index.large_snapshot.put", lambda: write_large(newer, moment)):
        assert write_large(older, moment) == 0
    found = large_snapshot._about(snapshot_store.fetch(LARGE), moment)
    assert found is not None
    assert found.products == PRODUCTS + 2


def test_the_job_makes_it_too_and_again_only_where_it_is_needed() -> None:
    store([row(number, title=f"Work {number}") for number in range(1, PRODUCTS + 1)])
    counts = write_snapshot(utc_now()).counts
    assert counts["bytes_of_sqlite"] > 0
    assert write_snapshot(utc_now()).counts == {"unchanged": 1}
    found = load_fitting()
    assert isinstance(found, LargeSnapshot)
    held = found.holding()
    assert [sorted(ids) for ids in held.find(Filters(("published",), search="work 3")) if ids] == [[3]]
    assert held.unread() == []


def test_without_trigrams_the_job_makes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 7, 17))
    store([row(number) for number in range(1, PRODUCTS + 1)])
    assert "bytes_of_sqlite" not in write_snapshot(utc_now()).counts
    assert isinstance(load_fitting(), Snapshot)


def test_a_process_that_begins_asks_the_file_and_knows_what_changed_since() -> None:
    store([row(number, title=f"Work {number}") for number in range(1, PRODUCTS + 1)])
    write_snapshot(utc_now())
    added = row(9, title="Work nine")
    assert not batch_write([document_item(added), listing_item(added) | mark_keys(new_mark())]).failed
    asked = reads()
    with meter() as usage:
        held = freshness.current()
        page = held.select(Filters(("published",), sort_by="title"), 2)
    assert usage.calls == 1
    assert asked == [snapshot.NAME, LARGE]
    assert isinstance(held, SqliteCatalogue)
    assert ([shown.id for shown in page.rows], page.total) == ([9, 5], PRODUCTS + 1)
    assert [sorted(ids) for ids in found_by(held, Filters(("published",), search="nine")) if ids] == [[9]]
    assert freshness.current() is held


def test_a_file_of_another_generation_is_left_for_the_table() -> None:
    store([row(number) for number in range(1, PRODUCTS + 1)])
    write_snapshot(utc_now())
    store([row(number) for number in range(1, 3)])
    begin_generation()
    assert isinstance(freshness.current(), Catalogue)
