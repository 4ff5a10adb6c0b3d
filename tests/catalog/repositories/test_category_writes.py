"""Writing categories, and what products repeat of them, each against an older reading too."""

from dataclasses import replace

import pytest

from catalog.repositories.category_writes import (
    forget_category,
    guard_parent,
    repeat_category,
)
from common.dynamodb import UnitOfWork, get_item
from common.errors import Conflict
from common.optimistic import StaleVersion
from common.repositories.categories import CATEGORIES, Category, category_by_slug
from common.repositories.product_writes import add_product
from common.repositories.products import product_by_id
from tests.catalog.builders import row

MOMENT = "2026-01-31T10:00:00.000Z"
LATER = "2026-02-01T00:00:00.000Z"


@pytest.fixture
def prints(table: str) -> Category:
    """A stored category."""
    return _add(Category(2, "Prints", "prints", MOMENT, MOMENT))


def _add(category: Category) -> Category:
    with UnitOfWork() as work:
        CATEGORIES.add(work, category)
    return category


def _delete(category: Category) -> Category:
    with UnitOfWork() as work:
        CATEGORIES.delete(work, category, LATER)
    return replace(category, deleted_at=LATER, updated_at=LATER, version=category.version + 1)


def _rename(before: Category, name: str) -> Category:
    after = replace(before, name=name, slug=name.lower(), updated_at=LATER, version=before.version + 1)
    with UnitOfWork() as work:
        CATEGORIES.change(work, before, after)
    return after


def test_an_id_or_a_slug_that_is_taken_is_refused(prints: Category) -> None:
    for rival in (replace(prints, slug="other"), replace(prints, id=9)):
        with pytest.raises(Conflict, match="already exists"):
            _add(rival)
    assert CATEGORIES.get(2) == prints
    assert CATEGORIES.get(9) is None


def test_a_change_moves_the_names_with_it(prints: Category) -> None:
    after = _rename(prints, "Etchings")
    assert CATEGORIES.get(2) == after
    assert (category_by_slug("etchings"), category_by_slug("prints")) == (after, None)
    assert _add(replace(prints, id=3)).id == 3


def test_fields_that_are_cleared_are_gone(prints: Category) -> None:
    described = replace(prints, description="d", parent_id=1, version=2)
    with UnitOfWork() as work:
        CATEGORIES.change(work, prints, described)
    with UnitOfWork() as work:
        CATEGORIES.change(work, described, replace(prints, version=3))
    assert CATEGORIES.get(2) == replace(prints, version=3)
    assert "description" not in (get_item(("CATEGORY#2", "METADATA")) or {})


def test_each_write_refuses_an_older_reading(prints: Category) -> None:
    after = _rename(prints, "Etchings")
    with pytest.raises(StaleVersion):
        _rename(prints, "Mine")
    with pytest.raises(StaleVersion):
        _delete(prints)
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        CATEGORIES.restore(work, after, LATER)
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        CATEGORIES.guard(work, prints)
    with UnitOfWork() as work:
        CATEGORIES.guard(work, after)
    assert CATEGORIES.get(2) == after


def test_deletion_and_restore_are_each_other_s_opposite(prints: Category) -> None:
    deleted = _delete(prints)
    assert CATEGORIES.get(2) == deleted
    assert category_by_slug("prints") is None
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        CATEGORIES.guard(work, deleted)
    with UnitOfWork() as work:
        CATEGORIES.restore(work, deleted, LATER)
    assert category_by_slug("prints") == replace(prints, updated_at=LATER, version=3)


def test_a_parent_that_moved_is_noticed_and_one_that_was_renamed_is_not(prints: Category) -> None:
    renamed = _rename(prints, "Etchings")
    with UnitOfWork() as work:
        guard_parent(work, prints)
    with UnitOfWork() as work:
        CATEGORIES.change(work, renamed, replace(renamed, parent_id=1, version=3))
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        guard_parent(work, renamed)
    with UnitOfWork() as work:
        guard_parent(work, replace(renamed, parent_id=1))
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        guard_parent(work, Category(9, "Never", "never", MOMENT, MOMENT))


def test_a_product_repeats_and_forgets_a_category_in_both_rows(prints: Category) -> None:
    with UnitOfWork() as work:
        add_product(work, row(7, categories=(prints.summary,)))
    renamed = _rename(prints, "Etchings")
    with UnitOfWork() as work:
        repeat_category(work, 7, renamed)
    found = product_by_id(7)
    assert found is not None
    assert found.categories == (renamed.summary,)
    assert (get_item(("PRODUCT#7", "LISTING")) or {})["categories"] == {"2": "etchings"}
    deleted = _delete(renamed)
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        repeat_category(work, 7, renamed)
    with UnitOfWork() as work:
        forget_category(work, 7, deleted)
    assert (get_item(("PRODUCT#7", "LISTING")) or {})["categories"] == {}
    assert (get_item(("PRODUCT#7", "METADATA")) or {})["categories"] == {}


def test_a_live_category_is_not_forgotten_and_one_without_a_link_is_not_repeated(prints: Category) -> None:
    with UnitOfWork() as work:
        add_product(work, row(7))
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        forget_category(work, 7, prints)
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        repeat_category(work, 7, prints)
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        repeat_category(work, 99, prints)
    assert get_item(("PRODUCT#99", "METADATA")) is None
