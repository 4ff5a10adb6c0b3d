"""Categories: their type, keys, links to products and how they are read."""

from dataclasses import dataclass

from common import prefixes
from common.dynamodb import Index, Item, Query, Unique, fetch_all, sort_key
from common.dynamodb.rows import Rows
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


_BY_SLUG: Index[Category] = Index("GSI1", prefixes.CATEGORY_SLUG + "#{slug}", "METADATA")
# A sort key has at most 1024 bytes, and a character up to four.
_BY_NAME: Index[Category] = Index(
    "GSI2", prefixes.CATEGORY, lambda category: f"{category.name[:200]}#{category.id}"
)

CATEGORIES = Rows(
    Category,
    "Category",
    key=prefixes.CATEGORY + "#{id}",
    indexes=(_BY_SLUG, _BY_NAME),
    unique=(Unique(prefixes.CATEGORY_SLUG, "slug"),),
)


def category_by_slug(slug: str) -> Category | None:
    """The live category with this slug, by one query of GSI1 (eventually consistent)."""
    return CATEGORIES.first(_BY_SLUG.query(slug=slug))


def all_categories() -> list[Category]:
    """Every live category, by one query of GSI2 (eventually consistent)."""
    return CATEGORIES.all(_BY_NAME.query())


def link_items(product_id: int, category_id: int) -> tuple[Item, Item]:
    """The two rows that say that a product is in a category, one under each of them."""
    product, category = partition(product_id), f"{prefixes.CATEGORY}#{category_id}"
    ids = {"product_id": product_id, "category_id": category_id}
    return {"PK": product, "SK": category, **ids}, {"PK": category, "SK": product, **ids}


def product_ids_in(category_id: int) -> list[int]:
    """The ids of all products linked to a category, by one consistent query."""
    linked = Query(
        f"{prefixes.CATEGORY}#{category_id}",
        sort=sort_key().begins_with(f"{prefixes.PRODUCT}#"),
        consistent=True,
    )
    return [int(item["product_id"]) for item in fetch_all(linked)]
