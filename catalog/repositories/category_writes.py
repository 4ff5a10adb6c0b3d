"""Writing categories: each function adds what one change needs to the caller's unit of work."""

from dataclasses import replace

from common.dynamodb import Condition, Item, UnitOfWork, Update, attr, change, claim, release
from common.dynamodb.unique import marker_item
from common.errors import Conflict
from common.optimistic import StaleVersion
from common.repositories.categories import (
    Category,
    category_index_keys,
    category_item,
    category_key,
    link_items,
)
from common.repositories.products import category_map, document_key, listing_key

_KIND = "CATEGORY_SLUG"
_INDEX_KEYS = ("GSI1PK", "GSI1SK", "GSI2PK", "GSI2SK")


def category_marker(category: Category) -> Item:
    """The marker that says that a category has its slug."""
    return marker_item(_KIND, category.slug, _owner(category))


def add_category(work: UnitOfWork, category: Category) -> None:
    """Adds a new category and claims its slug."""
    # Stops a counter that was not seeded after a migration from overwriting a category.
    work.put(category_item(category), condition=attr("PK").missing(), failed=_slug_taken(category.slug))
    claim(work, _KIND, category.slug, _owner(category), _slug_taken(category.slug))


def change_category(work: UnitOfWork, before: Category, after: Category) -> None:
    """Writes a category's new name, slug, description and parent, with its index keys and its marker."""
    update = Update().set("updated_at", after.updated_at).increment("version", 1)
    for name in ("name", "slug", "description", "parent_id"):
        value = getattr(after, name)
        update = update.remove(name) if value is None else update.set(name, value)
    for name, value in category_index_keys(after).items():
        update = update.set(name, value)
    work.update(category_key(after.id), update, condition=_unchanged_since(before), failed=_stale(before))
    change(work, _KIND, before.slug, after.slug, _owner(after), _slug_taken(after.slug))


def delete_category(work: UnitOfWork, category: Category, now: str) -> None:
    """Takes a category out of every index and gives its slug free."""
    update = Update().set("deleted_at", now).set("updated_at", now).increment("version", 1)
    work.update(
        category_key(category.id),
        update.remove(*_INDEX_KEYS),
        condition=_unchanged_since(category),
        failed=_stale(category),
    )
    release(work, _KIND, category.slug, _owner(category))


def restore_category(work: UnitOfWork, category: Category, now: str) -> None:
    """Puts a deleted category back, or fails with Conflict when its slug is taken by now."""
    update = Update().remove("deleted_at").set("updated_at", now).increment("version", 1)
    for name, value in category_index_keys(replace(category, deleted_at=None)).items():
        update = update.set(name, value)
    # Stops two restores at once from both claiming the slug.
    still_deleted = attr("version").eq(category.version) & attr("deleted_at").exists()
    work.update(category_key(category.id), update, condition=still_deleted, failed=_stale(category))
    claim(work, _KIND, category.slug, _owner(category), _slug_taken(category.slug))


def guard_category(work: UnitOfWork, category: Category) -> None:
    """Makes the unit of work fail with StaleVersion when a category is no longer as it was read."""
    # Stops a product from repeating the name of a category that was renamed or deleted meanwhile.
    work.check(category_key(category.id), _unchanged_since(category), failed=_stale(category))


def guard_parent(work: UnitOfWork, ancestor: Category) -> None:
    """Makes the unit of work fail with StaleVersion when an ancestor has moved since it was read."""
    parent = attr("parent_id")
    # Stops two moves at once, each fine alone, from closing a circle: one of them meets the other here.
    same = parent.missing() if ancestor.parent_id is None else parent.eq(ancestor.parent_id)
    work.check(category_key(ancestor.id), attr("PK").exists() & same, failed=_stale(ancestor))


def repeat_category(work: UnitOfWork, product_id: int, category: Category) -> None:
    """Makes a linked product repeat a category as it is now; StaleVersion when either has moved on."""
    entry = ("categories", str(category.id))
    document = Update().set(entry, category_map(category.summary))
    work.update(document_key(product_id), document, condition=attr("PK").exists(), failed=_stale(category))
    listing = Update().set(entry, category.slug)
    work.update(listing_key(product_id), listing, condition=attr("PK").exists(), failed=_stale(category))
    product_link, _ = link_items(product_id, category.id)
    # Stops a product that left the category a moment ago from being shown in it again.
    still_linked = attr("PK").exists()
    work.check((product_link["PK"], product_link["SK"]), still_linked, failed=_stale(category))
    guard_category(work, category)


def forget_category(work: UnitOfWork, product_id: int, category: Category) -> None:
    """Makes a product stop repeating a deleted category; StaleVersion when it was restored meanwhile."""
    entry = ("categories", str(category.id))
    for key in (document_key(product_id), listing_key(product_id)):
        # Stops a row from being made of nothing but this removal.
        exists = attr("PK").exists()
        work.update(key, Update().remove(entry), condition=exists, failed=_stale(category))
    # Stops a late clean-up from hiding a category that was restored in between.
    still_deleted = attr("deleted_at").exists()
    work.check(category_key(category.id), still_deleted, failed=_stale(category))


def _owner(category: Category) -> str:
    return f"CATEGORY#{category.id}"


def _slug_taken(slug: str) -> Conflict:
    return Conflict(
        f"Category with slug '{slug}' already exists", details={"fields": {"slug": ["already exists"]}}
    )


def _stale(category: Category) -> StaleVersion:
    return StaleVersion(f"Category {category.id}")


def _unchanged_since(category: Category) -> Condition:
    """Stops a writer who decided on an older reading, or on a category that was deleted meanwhile."""
    return attr("version").eq(category.version) & attr("deleted_at").missing()
