"""The feed of the catalogue: what changed since a moment, and of which generation it is."""

from datetime import UTC, datetime, timedelta

from common.dynamodb import UnitOfWork, Update, get_item
from common.repositories.catalogue_changes import (
    begin_generation,
    change_listing,
    changes_since,
    mark_of,
    new_mark,
)
from common.repositories.products import listing_key
from tests.catalog.builders import row, store

NOW = datetime(2026, 1, 31, 10, 0, tzinfo=UTC)


def changed(product_id: int, at: datetime) -> None:
    with UnitOfWork() as work:
        change_listing(work, product_id, Update().set("title", "New"), document_mark=new_mark(at))


def test_a_change_is_found_from_its_own_millisecond_on(table: str) -> None:
    store([row(1), row(2), row(3)])
    changed(2, NOW)
    changed(1, NOW + timedelta(milliseconds=1))
    assert [item["PK"] for item in changes_since(NOW).rows] == ["PRODUCT#2", "PRODUCT#1"]
    assert [item["PK"] for item in changes_since(NOW + timedelta(milliseconds=1)).rows] == ["PRODUCT#1"]
    assert changes_since(NOW + timedelta(milliseconds=2)).rows == []


def test_a_later_change_moves_a_row_instead_of_listing_it_twice(table: str) -> None:
    store([row(1)])
    changed(1, NOW)
    changed(1, NOW + timedelta(seconds=1))
    (found,) = changes_since(NOW).rows
    assert mark_of(found) == found["document_mark"] > new_mark(NOW + timedelta(milliseconds=999))


def test_two_changes_of_one_millisecond_have_marks_of_their_own() -> None:
    assert len({new_mark(NOW) for _ in range(100)}) == 100
    assert all(mark.startswith("2026-01-31T10:00:00.000Z#") for mark in [new_mark(NOW)])


def test_a_row_that_was_brought_and_never_changed_has_no_mark(table: str) -> None:
    store([row(1)])
    assert mark_of(get_item(listing_key(1)) or {}) is None


def test_every_question_is_told_the_generation(table: str) -> None:
    assert changes_since(NOW).generation is None
    first = begin_generation()
    assert changes_since(NOW + timedelta(days=9000)).generation == first
    second = begin_generation()
    assert changes_since(NOW).generation == second != first
    assert changes_since(NOW).rows == []
