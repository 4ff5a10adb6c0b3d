"""What is written with a category: its place in the tree, and what products repeat of it."""

from common.dynamodb import UnitOfWork, Update, attr
from common.optimistic import StaleVersion
from common.repositories.catalogue_changes import RowChange, change_rows
from common.repositories.categories import CATEGORIES, Category, link_items
from common.repositories.products import CATEGORY


def guard_parent(work: UnitOfWork, ancestor: Category) -> None:
    """Makes the unit of work fail with StaleVersion when an ancestor has moved since it was read."""
    parent = attr("parent_id")
    # Stops two moves at once, each fine alone, from closing a circle: one of them meets the other here.
    same = parent.missing() if ancestor.parent_id is None else parent.eq(ancestor.parent_id)
    work.check(CATEGORIES.key_of(ancestor), attr("PK").exists() & same, failed=StaleVersion(CATEGORIES.noun))


def repeat_category(work: UnitOfWork, product_id: int, category: Category) -> None:
    """Makes a linked product repeat a category as it is now; StaleVersion when either has moved on."""
    entry, moved = ("categories", str(category.id)), StaleVersion(CATEGORIES.noun)
    # Stops rows from being made of nothing but the category.
    exists = attr("PK").exists()
    document = RowChange(Update().set(entry, CATEGORY.store(category.summary)), exists, moved)
    change_rows(work, product_id, document, RowChange(Update().set(entry, category.slug), exists, moved))
    product_link, _ = link_items(product_id, category.id)
    # Stops a product that left the category a moment ago from being shown in it again.
    still_linked = attr("PK").exists()
    work.check((product_link["PK"], product_link["SK"]), still_linked, failed=moved)
    CATEGORIES.guard(work, category)


def forget_category(work: UnitOfWork, product_id: int, category: Category) -> None:
    """Makes a product stop repeating a deleted category; StaleVersion when it was restored meanwhile."""
    entry = ("categories", str(category.id))
    document, listing = (
        # Stops a row from being made of nothing but this removal.
        RowChange(Update().remove(entry), attr("PK").exists(), StaleVersion(CATEGORIES.noun))
        for _ in range(2)
    )
    change_rows(work, product_id, document, listing)
    # Stops a late clean-up from hiding a category that was restored in between.
    still_deleted = attr("deleted_at").exists()
    work.check(CATEGORIES.key_of(category), still_deleted, failed=StaleVersion(CATEGORIES.noun))
