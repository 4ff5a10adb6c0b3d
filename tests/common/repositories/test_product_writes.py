"""Writing products: what a unit of work holds, and what it refuses."""

from dataclasses import replace

import pytest

from common.dynamodb import UnitOfWork, get_item, meter
from common.errors import Conflict, NotFound
from common.optimistic import StaleVersion
from common.repositories.listings import total_of
from common.repositories.product_writes import (
    add_product,
    change_document,
    change_product,
    delete_product,
    restore_product,
    touched,
)
from common.repositories.products import CategorySummary, Product, product_by_id
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


def test_a_change_that_no_list_shows_leaves_the_listing_row_alone(table: str) -> None:
    before = _add(row(7))
    with UnitOfWork() as work:
        change_product(work, before, replace(before, etsy_link="x", version=2))
        assert len(work) == 1


def test_a_new_status_moves_both_rows_and_the_tallies(table: str) -> None:
    before = _add(row(7))
    with UnitOfWork() as work:
        change_product(work, before, replace(before, status="draft", version=2))
    for kind in ("METADATA", "LISTING"):
        assert (get_item(("PRODUCT#7", kind)) or {})["GSI2PK"] == "PRODUCT_STATUS#draft"
    assert (total_of("published"), total_of("draft")) == (0, 1)


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
