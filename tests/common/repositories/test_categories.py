"""Categories as rows, and how they are read."""

from dataclasses import replace

from common.dynamodb import batch_write, meter
from common.repositories.categories import (
    CATEGORIES,
    Category,
    all_categories,
    category_by_slug,
    link_items,
    product_ids_in,
)
from common.repositories.products import CategorySummary

MOMENT = "2026-01-31T10:00:00.000Z"
PRINTS = Category(2, "Prints", "prints", MOMENT, MOMENT, 3, "On paper", 1)
ART = Category(1, "Zeichnung", "art", MOMENT, MOMENT)
GONE = Category(3, "Gone", "gone", MOMENT, MOMENT, deleted_at=MOMENT)


def _store(*categories: Category) -> None:
    assert not batch_write([CATEGORIES.item(category) for category in categories]).failed


def test_a_category_is_the_same_after_it_was_a_row(table: str) -> None:
    _store(PRINTS, ART, GONE)
    assert [CATEGORIES.get(category.id) for category in (ART, PRINTS, GONE)] == [ART, PRINTS, GONE]
    assert category_by_slug("prints") == PRINTS
    assert (CATEGORIES.get(9), category_by_slug("nothing")) == (None, None)


def test_live_categories_are_listed_by_name_in_one_trip(table: str) -> None:
    _store(ART, PRINTS, GONE)
    with meter() as usage:
        assert all_categories() == [PRINTS, ART]
    assert usage.calls == 1


def test_a_deleted_category_is_not_found_by_its_slug(table: str) -> None:
    _store(GONE)
    assert category_by_slug("gone") is None


def test_two_categories_of_one_name_are_both_listed(table: str) -> None:
    twin = replace(PRINTS, id=20, slug="prints-2")
    _store(PRINTS, twin)
    assert {category.id for category in all_categories()} == {2, 20}


def test_what_products_repeat_of_a_category() -> None:
    assert PRINTS.summary == CategorySummary(
        2, "Prints", "prints", "On paper", 1, PRINTS.created_at, PRINTS.updated_at
    )


def test_links_are_found_from_the_category(table: str) -> None:
    rows = [item for product_id in (5, 17) for item in link_items(product_id, 2)]
    assert not batch_write([*rows, CATEGORIES.item(PRINTS)]).failed
    assert sorted(product_ids_in(2)) == [5, 17]
    assert product_ids_in(1) == []
    assert {(item["PK"], item["SK"]) for item in link_items(5, 2)} == {
        ("PRODUCT#5", "CATEGORY#2"),
        ("CATEGORY#2", "PRODUCT#5"),
    }
