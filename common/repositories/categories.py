"""Categories: their type, keys, links to products and how they are read."""

from dataclasses import dataclass

from common.dynamodb import Item, Key, Query, fetch_all, get_item, index_keys, sort_key
from common.repositories.products import CategorySummary, partition


@dataclass(frozen=True, slots=True)
class Category:
    """A place in the shop's tree; `parent_id` is None at the root; times in ISO 8601 UTC."""

    id: int
    name: str
    slug: str
    created_at: str
    updated_at: str
    version: int = 1
    description: str | None = None
    parent_id: int | None = None
    deleted_at: str | None = None

    @property
    def summary(self) -> CategorySummary:
        """What the products in this category repeat of it."""
        return CategorySummary(
            id=self.id,
            name=self.name,
            slug=self.slug,
            description=self.description,
            parent_id=self.parent_id,
            created_at=self.created_at,
            updated_at=self.updated_at,
        )


FIELDS = (
    "id",
    "name",
    "slug",
    "description",
    "parent_id",
    "created_at",
    "updated_at",
    "version",
    "deleted_at",
)


def category_key(category_id: int) -> Key:
    """The key of a category."""
    return f"CATEGORY#{category_id}", "METADATA"


def category_index_keys(category: Category) -> dict[str, str]:
    """The index keys of a category; none while it is deleted."""
    if category.deleted_at is not None:
        return {}
    return {
        **index_keys("GSI1", f"CATEGORY_SLUG#{category.slug}", "METADATA"),
        # A sort key has at most 1024 bytes, and a character up to four.
        **index_keys("GSI2", "CATEGORY", f"{category.name[:200]}#{category.id}"),
    }


def category_item(category: Category) -> Item:
    """The row of a category."""
    pk, sk = category_key(category.id)
    fields = {name: getattr(category, name) for name in FIELDS}
    present = {name: value for name, value in fields.items() if value is not None}
    return {"PK": pk, "SK": sk, **category_index_keys(category), **present}


def _category(item: Item) -> Category:
    return Category(**{name: item[name] for name in FIELDS if name in item})


def category_by_slug(slug: str) -> Category | None:
    """The live category with this slug, by one query of GSI1 (eventually consistent)."""
    items = fetch_all(Query(f"CATEGORY_SLUG#{slug}", index="GSI1"), limit=1)
    return _category(items[0]) if items else None


def category_by_id(category_id: int) -> Category | None:
    """The category with this id, a deleted one included, by one consistent read."""
    item = get_item(category_key(category_id), consistent=True)
    return _category(item) if item else None


def all_categories() -> list[Category]:
    """Every live category, by one query of GSI2 (eventually consistent)."""
    return [_category(item) for item in fetch_all(Query("CATEGORY", index="GSI2"))]


def link_items(product_id: int, category_id: int) -> tuple[Item, Item]:
    """The two rows that say that a product is in a category, one under each of them."""
    product, category = partition(product_id), f"CATEGORY#{category_id}"
    ids = {"product_id": product_id, "category_id": category_id}
    return {"PK": product, "SK": category, **ids}, {"PK": category, "SK": product, **ids}


def product_ids_in(category_id: int) -> list[int]:
    """The ids of all products linked to a category, by one consistent query."""
    linked = Query(f"CATEGORY#{category_id}", sort=sort_key().begins_with("PRODUCT#"), consistent=True)
    return [int(item["product_id"]) for item in fetch_all(linked)]
