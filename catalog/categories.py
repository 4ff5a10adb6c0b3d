"""Categories: the tree that products are found in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from catalog.repositories.category_writes import (
    forget_category,
    guard_parent,
    repeat_category,
)
from common.audit import Actor, changes_between, record
from common.clock import iso
from common.collation import collation_key
from common.dynamodb import UnitOfWork, next_id
from common.errors import InvalidInput, NotFound
from common.numeric_ids import numeric_id
from common.optimistic import StaleVersion, retry_when_stale, unchecked
from common.repositories.categories import (
    CATEGORIES,
    Category,
    all_categories,
    category_by_slug,
    product_ids_in,
)

ENTITY = "Category"
MAX_DEPTH = 20

Check = Callable[[Category], None]

_AUDITED = ("name", "slug", "description", "parent_id")


@dataclass(frozen=True, slots=True)
class Tree:
    """All live categories, by name, and how they hang together."""

    categories: list[Category]

    def parent_of(self, category: Category) -> Category | None:
        """The live parent of a category, if any."""
        return next((other for other in self.categories if other.id == category.parent_id), None)

    def children_of(self, category: Category) -> list[Category]:
        """The live categories right below a category, by name."""
        return [other for other in self.categories if other.parent_id == category.id]

    @property
    def roots(self) -> list[Category]:
        """The categories without a parent that is alive."""
        return [category for category in self.categories if self.parent_of(category) is None]


def read_tree() -> Tree:
    """The tree as the index shows it, by one query."""
    # The index has capitals and accents in the order of their bytes.
    return Tree(sorted(all_categories(), key=lambda category: (*collation_key(category.name), category.id)))


def find_category(slug_or_id: str) -> Category:
    """The live category with this slug, else with this id; else NotFound."""
    category = category_by_slug(slug_or_id)
    if category is None and (category_id := numeric_id(slug_or_id)) is not None:
        category = CATEGORIES.get(category_id)
    if category is None or category.deleted_at:
        raise NotFound("Category not found")
    return category


def live_category(category_id: int) -> Category:
    """The category with this id as it is at this moment; NotFound when missing or deleted."""
    category = CATEGORIES.get(category_id)
    if category is None or category.deleted_at:
        raise NotFound("Category not found")
    return category


def create_category(data: Mapping[str, Any], actor: Actor, now: datetime) -> Category:
    """Creates a category; Conflict when its slug is taken, InvalidInput when its parent is not there."""
    category = Category(id=next_id("CATEGORY_ID"), created_at=iso(now), updated_at=iso(now), **data)

    def create() -> None:
        with UnitOfWork() as work:
            CATEGORIES.add(work, category)
            _guard_line(work, category)
            record(work, actor=actor, action="CREATE", entity_type=ENTITY, entity_id=category.id, now=now)

    retry_when_stale(create)
    return category


def update_category(
    category_id: int, data: Mapping[str, Any], actor: Actor, now: datetime, *, check: Check = unchecked
) -> Category:
    """Changes the fields in `data`, then what the products in the category repeat of it.

    `check` sees the category on which the change is decided, and may refuse it.

    The products are brought up to date after the change itself; a call that was cut short in between
    is completed by repeating it. Raises NotFound, Conflict when the new slug is taken, InvalidInput for
    a parent that is not there or would make a circle.
    """
    category = retry_when_stale(lambda: _update(category_id, data, actor, now, check))
    _refresh_products(category)
    return category


def _update(category_id: int, data: Mapping[str, Any], actor: Actor, now: datetime, check: Check) -> Category:
    before = live_category(category_id)
    check(before)
    after = replace(before, updated_at=iso(now), **data)
    changes = changes_between(_audited(before), _audited(after))
    with UnitOfWork() as work:
        after = CATEGORIES.change(work, before, after)
        if after.parent_id != before.parent_id:
            _guard_line(work, after)
        record(
            work,
            actor=actor,
            action="UPDATE",
            entity_type=ENTITY,
            entity_id=category_id,
            now=now,
            changes=changes,
        )
    return after


def _audited(category: Category) -> dict[str, Any]:
    return {name: getattr(category, name) for name in _AUDITED}


def remove_category(category_id: int, actor: Actor, now: datetime, *, check: Check = unchecked) -> None:
    """Deletes a category softly; its products stop showing it, its children lose their parent from view."""

    def remove() -> Category:
        category = live_category(category_id)
        check(category)
        with UnitOfWork() as work:
            deleted = CATEGORIES.delete(work, category, iso(now))
            record(work, actor=actor, action="DELETE", entity_type=ENTITY, entity_id=category_id, now=now)
        return deleted

    _refresh_products(retry_when_stale(remove))


def bring_back_category(category_id: int, actor: Actor, now: datetime) -> Category:
    """Restores a deleted category and shows it on its products again; Conflict when its slug is taken."""

    def bring_back() -> Category:
        category = CATEGORIES.get(category_id)
        if category is None:
            raise NotFound("Category not found")
        if category.deleted_at is None:
            return category
        with UnitOfWork() as work:
            restored = CATEGORIES.restore(work, category, iso(now))
            record(work, actor=actor, action="RESTORE", entity_type=ENTITY, entity_id=category_id, now=now)
        return restored

    category = retry_when_stale(bring_back)
    _refresh_products(category)
    return category


def _guard_line(work: UnitOfWork, category: Category) -> None:
    """Walks from a category's parent to the root and makes the unit of work fail when that line moves."""
    parent_id = category.parent_id
    for _ in range(MAX_DEPTH):
        if parent_id is None:
            return
        if parent_id == category.id:
            raise InvalidInput.of_field("parent_id", "would make the category its own ancestor")
        ancestor = CATEGORIES.get(parent_id)
        if ancestor is None or (ancestor.deleted_at and ancestor.id == category.parent_id):
            raise InvalidInput.of_field("parent_id", f"names category {parent_id}, which does not exist")
        guard_parent(work, ancestor)
        parent_id = ancestor.parent_id
    raise InvalidInput.of_field("parent_id", f"would make the tree deeper than {MAX_DEPTH} levels")


def _refresh_products(category: Category) -> None:
    for product_id in product_ids_in(category.id):
        try:
            with UnitOfWork() as work:
                if category.deleted_at is None:
                    repeat_category(work, product_id, category)
                else:
                    forget_category(work, product_id, category)
        except StaleVersion:
            # The product left the category, or the category changed again and is refreshed by that change.
            continue
