"""The catalogue's snapshot as its job writes it: what the table has, and nothing where nothing changed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from chalice.app import Chalice
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import lambdas, snapshot_job
from catalog.index import snapshot, snapshot_reading, snapshot_store
from catalog.index.freshness import every_row
from catalog.index.snapshot_file import Snapshot
from catalog.index.stored_documents import decode
from catalog.index.texts import TextIndex
from catalog.jobs import JOBS
from catalog.schedules import SCHEDULES
from catalog.snapshot_job import write_snapshot
from common.clock import utc_now
from common.dynamodb import Item, UnitOfWork, Update, get_item, meter
from common.jobs import JobFailed
from common.repositories.catalogue_changes import (
    begin_generation,
    change_listing,
    changes_since,
    new_mark,
)
from common.repositories.listings import all_documents, product_of_listing
from common.repositories.products import (
    ARCHIVED,
    DRAFT,
    LISTS,
    PUBLISHED,
    Product,
    document_item,
    document_key,
    listing_item,
    listing_key,
)
from tests.catalog.builders import row, store
from tests.orders.test_lambdas import SCHEDULED
from tests.support.races import just_after, just_before
from tests.support.snapshots import snapshot_bucket

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def bucket(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with snapshot_bucket(monkeypatch) as name:
        yield name


def written(now: datetime | None = None, **asked: Any) -> dict[str, int]:
    """What a run counted."""
    report = write_snapshot(now or utc_now(), **asked)
    assert report.outcome == "completed"
    return dict(report.counts)


def loaded() -> Snapshot:
    found = snapshot.load()
    assert found is not None
    return found


def move_stock(product_id: int, stock: int) -> None:
    with UnitOfWork() as work:
        change_listing(work, product_id, Update().set("stock", {"1": stock}))


def rewrite(product: Product) -> None:
    """A product's document as it is now, with its listing row, as one change."""
    mark = new_mark()
    key, facets = document_key(product.id), listing_item(product)
    document = Update()
    for name, value in document_item(product).items():
        if name not in {"PK", "SK"}:
            document.set(name, value)
    listing = Update()
    for name, value in facets.items():
        if name not in {"PK", "SK"} and not name.startswith("GSI3"):
            listing.set(name, value)
    if product.deleted_at is not None:
        gone = ("GSI1PK", "GSI1SK", "GSI2PK", "GSI2SK")
        document.remove(*gone)
        listing.remove(*gone)
    with UnitOfWork() as work:
        work.update(key, document.set("document_mark", mark))
        change_listing(work, product.id, listing, document_mark=mark)


def in_table() -> tuple[dict[int, Item], dict[int, Item]]:
    """The rows and documents of all live products, by id."""
    rows = {product_of_listing(item): item for item in every_row()}
    documents = {item["id"]: item for listed_as in LISTS for item in all_documents(listed_as)}
    return rows, documents


def in_snapshot(found: Snapshot) -> tuple[dict[int, Item], dict[int, Item]]:
    rows = {product_of_listing(item): item for item in found.rows}
    assert len(rows) == len(found.rows)
    return rows, {product_id: decode(data) for product_id, data in found.documents.items()}


def test_the_first_run_writes_all_that_is_not_deleted_of_whatever_list() -> None:
    store(
        [
            row(1),
            row(2, status=DRAFT),
            row(3, status=ARCHIVED),
            row(4, creator_id="c-1", moderation_status="pending"),
            row(5, deleted_at="2026-01-02T00:00:00Z"),
        ]
    )
    counts = written()
    assert counts["products"] == 4
    assert in_snapshot(loaded()) == in_table()
    assert sorted(loaded().documents) == [1, 2, 3, 4]


def test_it_knows_the_texts_of_all_products() -> None:
    store([row(1, title="The lighthouse"), row(2, title="A chameleon")])
    written()
    texts = TextIndex.load(loaded().texts)
    assert [frozenset().union(*texts.find(word)) for word in ("lighthouse", "chameleon")] == [{1}, {2}]


def test_nothing_is_written_where_nothing_changed() -> None:
    store([row(number) for number in range(1, 6)])
    written()
    _, tag = snapshot.previous(utc_now())
    with meter() as usage:
        assert written() == {"unchanged": 1}
    assert snapshot.previous(utc_now())[1] == tag
    assert usage.calls == 1


def test_a_change_of_stock_is_written_and_no_document_is_read() -> None:
    store([row(number) for number in range(1, 6)])
    written()
    move_stock(2, 7)
    with meter() as usage:
        assert written()["products"] == 5
    assert usage.calls == 1
    assert in_snapshot(loaded()) == in_table()


def test_a_changed_document_is_read_anew_and_a_deleted_one_is_gone() -> None:
    products = store([row(number, title=f"Work {number}") for number in range(1, 6)])
    written()
    rewrite(replace(products[0], title="The lighthouse"))
    rewrite(replace(products[1], deleted_at="2026-01-02T00:00:00Z"))
    rewrite(row(9, title="A chameleon"))
    with meter() as usage:
        assert written()["products"] == 5
    assert usage.calls == 2
    assert in_snapshot(loaded()) == in_table()
    texts = TextIndex.load(loaded().texts)
    found = {word: frozenset().union(*texts.find(word)) for word in ("lighthouse", "chameleon", "work")}
    assert found == {"lighthouse": {1}, "chameleon": {9}, "work": {3, 4, 5}}


def test_what_was_deleted_comes_back_by_a_change_too() -> None:
    (product,) = store([row(1)])
    written()
    rewrite(replace(product, deleted_at="2026-01-02T00:00:00Z"))
    written()
    assert loaded().rows == []
    rewrite(product)
    written()
    assert in_snapshot(loaded()) == in_table()


def test_another_generation_is_read_whole() -> None:
    store([row(1)])
    written()
    store([row(1, title="Brought"), row(2)])
    assert written() == {"unchanged": 1}
    generation = begin_generation()
    assert written()["products"] == 2
    assert loaded().generation == generation
    assert in_snapshot(loaded()) == in_table()


def test_a_day_later_the_whole_table_is_read_and_finds_what_no_mark_tells() -> None:
    store([row(1)])
    written(utc_now() - timedelta(hours=25))
    store([row(1, title="Brought"), row(2)])
    assert written()["products"] == 2
    assert in_snapshot(loaded()) == in_table()


def test_what_was_read_before_a_generation_had_settled_is_read_again() -> None:
    store([row(1)])
    begin_generation()
    written()
    store([row(2)])
    assert written() == {"unchanged": 1}
    assert written(utc_now() + timedelta(minutes=16))["products"] == 2


def test_all_of_it_is_read_where_that_is_asked_for() -> None:
    store([row(1)])
    written()
    store([row(2)])
    assert written(whole=True)["products"] == 2


def test_a_generation_that_begins_while_it_is_read_leaves_it_to_the_next_run() -> None:
    store([row(1)])
    with just_after("catalog.index.snapshot_reading.every_row", begin_generation):
        assert written() == {"left_for_later": 1}
    assert snapshot.previous(utc_now()) == (None, None)
    assert written()["products"] == 1


def test_what_changes_while_it_is_read_is_in_it() -> None:
    products = store([row(1), row(2)])

    def change() -> None:
        rewrite(replace(products[0], title="Changed"))
        rewrite(row(3))

    with just_after("catalog.index.snapshot_reading.every_row", change):
        written()
    assert in_snapshot(loaded()) == in_table()


def test_a_run_that_is_killed_before_it_writes_leaves_what_was_there() -> None:
    store([row(1)])
    written()
    move_stock(1, 9)

    def die() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), just_before("catalog.index.snapshot.put", die):
        written()
    assert loaded().rows[0]["stock"] == {}
    written()
    assert loaded().rows[0]["stock"] == {"1": 9}


def test_of_two_runs_at_once_one_is_overtaken_and_nothing_is_lost() -> None:
    store([row(1)])
    written()
    move_stock(1, 9)
    with just_before("catalog.index.snapshot.put", written):
        assert written() == {"overtaken": 1}
    assert in_snapshot(loaded()) == in_table()


def test_a_run_whose_clock_is_ten_minutes_behind_misses_nothing() -> None:
    products = store([row(1), row(2)])
    written()
    rewrite(replace(products[0], title="Changed"))
    written(utc_now() - timedelta(minutes=10))
    rewrite(replace(products[1], title="Changed too"))
    written(utc_now() + timedelta(minutes=5))
    assert in_snapshot(loaded()) == in_table()


def test_it_says_how_far_it_is() -> None:
    store([row(number) for number in range(1, 4)])
    told: list[tuple[int, int | None]] = []
    write_snapshot(utc_now(), lambda done, total: told.append((done, total)))
    assert told[-1] == (3, 3)


def test_documents_are_read_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot_reading, "_PAGE", 2)
    store([row(number) for number in range(1, 8)])
    written()
    assert in_snapshot(loaded()) == in_table()


def test_without_a_bucket_there_is_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("S3_BUCKET_NAME")
    report = write_snapshot(utc_now())
    assert not report.is_configured


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "PutObject"),
        EndpointConnectionError(endpoint_url="https://s3"),
    ],
)
def test_a_run_that_cannot_write_fails_aloud(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def refuse(**_: object) -> None:
        raise error

    monkeypatch.setattr(snapshot_store._writer(), "put_object", refuse)
    with pytest.raises(JobFailed):
        lambdas.write_catalogue_snapshot(SCHEDULED, None)
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == ["job broke off"]


def test_the_schedule_runs_it() -> None:
    store([row(1)])
    answer = lambdas.write_catalogue_snapshot(SCHEDULED, None)
    assert answer["counts"]["products"] == 1
    assert JOBS.keys() == SCHEDULES.keys()
    assert snapshot_job.NAME in SCHEDULES
    app = Chalice("catalog")
    lambdas.register(app)
    handlers = [source.handler_string for source in app.event_sources]
    assert "catalog.lambdas.write_catalogue_snapshot" in handlers


acts = st.lists(
    st.tuples(
        st.sampled_from(["stock", "rewrite", "add", "delete", "run", "whole"]),
        st.integers(1, 6),
        st.integers(0, 9),
    ),
    max_size=12,
)


@given(acts)
@settings(max_examples=15)
def test_whatever_happens_the_snapshot_and_what_changed_since_are_the_table(
    acts: list[tuple[str, int, int]],
) -> None:
    store([row(number) for number in range(1, 7)])
    begin_generation()
    written()
    for act, number, value in acts:
        exists = get_item(listing_key(number)) is not None
        product = row(number, title=f"Title {value}", base_price=Decimal(value), status=PUBLISHED)
        if act == "stock" and exists:
            move_stock(number, value)
        elif act in {"rewrite", "add"}:
            rewrite(product)
        elif act == "delete":
            rewrite(replace(product, deleted_at="2026-01-02T00:00:00Z"))
        else:
            written(whole=act == "whole")
    found = loaded()
    current = (
        snapshot_reading.with_changes(found, changes_since(found.read_at - HOUR / 4), utc_now()) or found
    )
    assert in_snapshot(current) == in_table()
    assert set(current.documents) == set(in_table()[0])
