"""Writing products: what a unit of work holds, and what it refuses."""

from dataclasses import replace
from typing import Any

import pytest

from common.dynamodb import Item, UnitOfWork, get_item, meter
from common.errors import Conflict, NotFound
from common.optimistic import StaleVersion
from common.repositories.catalogue_changes import mark_of, unmarked
from common.repositories.listings import total_of
from common.repositories.product_writes import (
    add_product,
    change_document,
    change_product,
    decide_product,
    delete_product,
    restore_product,
    touched,
)
from common.repositories.products import HELD_BACK, CategorySummary, Product, product_by_id
from tests.catalog.builders import believable_row, row

LATER = "2026-02-01T00:00:00.000Z"


def _add(product: Product) -> Product:
    with UnitOfWork() as work:
        add_product(work, product)
    return product


def test_a_product_is_written_in_one_step(table: str) -> None:
    product = believable_row(7)
    with meter() as usage:
        _add(product)
    assert usage.calls == 1
    assert product_by_id(7) == product
    for pk, sk in (
        ("PRODUCT#7", "CATEGORY#1"),
        ("CATEGORY#1", "PRODUCT#7"),
        ("VARIANT#70", "METADATA"),
        ("UNIQUE#PRODUCT_SLUG#row-0007", "METADATA"),
        ("UNIQUE#PRODUCT_SKU#ART-000007", "METADATA"),
        ("UNIQUE#VARIANT_SKU#ART-000007-0", "METADATA"),
    ):
        assert get_item((pk, sk)) is not None, (pk, sk)


def test_an_id_that_is_taken_is_never_written_over(table: str) -> None:
    product = _add(row(7))
    with pytest.raises(Conflict, match="id 7 already exists"):
        _add(row(7, slug="other"))
    assert product_by_id(7) == product


def test_a_change_writes_what_differs_and_only_that(table: str) -> None:
    before = _add(row(7, character_id=3, short_description="x"))
    after = replace(before, title="New", character_id=None, version=2, updated_at=LATER)
    with UnitOfWork() as work:
        change_product(work, before, after)
        # No index key, name or total is touched by a new title.
        assert len(work) == 2
    assert product_by_id(7) == replace(after, edited_at=LATER)
    listing = get_item(("PRODUCT#7", "LISTING")) or {}
    assert (listing["title"], "character_id" in listing) == ("New", False)


def test_a_change_that_no_list_shows_leaves_the_listing_row_as_it_was_but_for_its_mark(table: str) -> None:
    before = _add(row(7))
    shown = unmarked(_listing(7))
    first = mark_of(_listing(7))
    with UnitOfWork() as work:
        change_product(work, before, replace(before, etsy_link="x", version=2))
        assert len(work) == 2
    assert unmarked(_listing(7)) == shown
    assert mark_of(_listing(7)) != first


def test_a_new_status_moves_both_rows_and_the_tallies(table: str) -> None:
    before = _add(row(7))
    with UnitOfWork() as work:
        change_product(work, before, replace(before, status="draft", version=2))
    for kind in ("METADATA", "LISTING"):
        assert (get_item(("PRODUCT#7", kind)) or {})["GSI2PK"] == "PRODUCT_STATUS#draft"
    assert (total_of("published"), total_of("draft")) == (0, 1)


def _listing(product_id: int) -> Item:
    return get_item((f"PRODUCT#{product_id}", "LISTING")) or {}


def _stand(product_id: int) -> tuple[str, str]:
    """The list that both rows are in, and whose work the document is."""
    document, listing = get_item((f"PRODUCT#{product_id}", "METADATA")) or {}, _listing(product_id)
    assert document["GSI2SK"] == document["GSI3SK"]
    assert document["GSI2PK"] == listing["GSI2PK"]
    assert document["document_mark"] == listing["document_mark"] == mark_of(listing)
    return document["GSI2PK"], document["GSI3PK"]


def test_what_is_not_approved_stands_in_one_list_whatever_its_status(table: str) -> None:
    for number, status in enumerate(("published", "draft", "archived"), start=1):
        _add(row(number, status=status, creator_id="c-1", moderation_status="pending"))
        assert _stand(number) == ("PRODUCT_STATUS#held_back", "PRODUCT_CREATOR#c-1")
    assert [total_of(each) for each in ("published", "draft", "archived", HELD_BACK)] == [0, 0, 0, 3]
    assert (get_item(("PRODUCT#2", "LISTING")) or {})["status"] == "draft"


@pytest.mark.parametrize(
    ("fields", "listed_as"),
    [
        ({"moderation_status": "approved"}, "published"),
        ({"moderation_status": "rejected", "rejection_reason": "Blurred"}, HELD_BACK),
        ({"moderation_status": "approved", "withheld": True}, HELD_BACK),
        ({"moderation_status": "pending"}, HELD_BACK),
    ],
)
def test_a_decision_moves_both_rows_and_the_tallies_and_is_no_edit(
    table: str, fields: dict[str, Any], listed_as: str
) -> None:
    before = _add(row(7, creator_id="c-1", moderation_status="pending"))
    after = replace(before, **fields, moderated_at=LATER, updated_at=LATER, version=2)
    with UnitOfWork() as work:
        decide_product(work, before, after)
    assert product_by_id(7) == after
    assert after.edited_at is None
    assert _stand(7) == (f"PRODUCT_STATUS#{listed_as}", "PRODUCT_CREATOR#c-1")
    assert (total_of("published") + total_of(HELD_BACK), total_of(listed_as)) == (1, 1)
    listing = get_item(("PRODUCT#7", "LISTING")) or {}
    assert listing.get("status") == (None if listed_as == "published" else "published")


def test_a_decision_refuses_an_older_reading(table: str) -> None:
    first = _add(row(7, creator_id="c-1", moderation_status="pending"))
    with UnitOfWork() as work:
        change_product(work, first, replace(first, title="New", version=2))
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        decide_product(work, first, replace(first, moderation_status="approved", version=2))
    assert (total_of("published"), total_of(HELD_BACK)) == (0, 1)


def test_a_work_that_is_held_back_is_deleted_and_restored_where_it_was(table: str) -> None:
    before = _add(row(7, creator_id="c-1", moderation_status="rejected", rejection_reason="Blurred"))
    with UnitOfWork() as work:
        delete_product(work, before, LATER)
    gone = _listing(7)
    assert not {"GSI1PK", "GSI1SK", "GSI2PK", "GSI2SK"} & gone.keys()
    assert mark_of(gone) == gone["document_mark"]
    assert total_of(HELD_BACK) == 0
    deleted = product_by_id(7)
    assert deleted is not None
    with UnitOfWork() as work:
        restore_product(work, deleted, LATER)
    assert _stand(7) == ("PRODUCT_STATUS#held_back", "PRODUCT_CREATOR#c-1")
    assert (total_of("published"), total_of(HELD_BACK)) == (0, 1)


def test_new_categories_replace_the_links_of_the_old(table: str) -> None:
    before = _add(believable_row(7))
    third = CategorySummary(3, "Books", "books")
    after = replace(before, categories=(before.categories[0], third), version=2)
    with UnitOfWork() as work:
        change_product(work, before, after)
    present = [get_item(("PRODUCT#7", f"CATEGORY#{n}")) is not None for n in (1, 2, 3)]
    backwards = [get_item((f"CATEGORY#{n}", "PRODUCT#7")) is not None for n in (1, 2, 3)]
    assert present == backwards == [True, False, True]
    assert (get_item(("PRODUCT#7", "LISTING")) or {})["categories"] == {"1": "prints", "3": "books"}


def test_each_write_refuses_an_older_reading(table: str) -> None:
    first = _add(row(7))
    second = replace(first, title="New", version=2)
    with UnitOfWork() as work:
        change_product(work, first, second)
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        change_product(work, first, replace(first, title="Mine", version=2))
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        delete_product(work, first, LATER)
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        restore_product(work, second, LATER)
    assert product_by_id(7) == replace(second, edited_at=second.updated_at)
    assert total_of("published") == 1


def test_deletion_and_restore_are_each_other_s_opposite(table: str) -> None:
    before = _add(believable_row(7))
    with UnitOfWork() as work:
        delete_product(work, before, LATER)
    deleted = product_by_id(7)
    assert deleted == replace(before, deleted_at=LATER, updated_at=LATER, version=2)
    assert deleted is not None
    with UnitOfWork() as work:
        restore_product(work, deleted, LATER)
    assert product_by_id(7) == replace(before, updated_at=LATER, version=3)
    assert total_of("published") == 1


def test_the_parts_of_a_product_are_not_written_without_it(table: str) -> None:
    with pytest.raises(NotFound, match="Product not found"), UnitOfWork() as work:
        change_document(work, 7, touched(LATER))
    assert get_item(("PRODUCT#7", "METADATA")) is None
    before = _add(row(8))
    with UnitOfWork() as work:
        delete_product(work, before, LATER)
    with pytest.raises(NotFound, match="Product not found"), UnitOfWork() as work:
        change_document(work, 8, touched(LATER))
