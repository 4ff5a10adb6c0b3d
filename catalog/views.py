"""The JSON of categories; that of products is shared with carts and stands in `common.product_json`."""

from typing import Any

from common.repositories.categories import Category
from common.sparse import without_none


def category_json(category: Category) -> dict[str, Any]:
    """A category on its own; `parent_id` is null at the root."""
    return {
        "id": category.id,
        "name": category.name,
        "slug": category.slug,
        **without_none({"description": category.description}),
        "parent_id": category.parent_id,
        "created_at": category.created_at,
        "updated_at": category.updated_at,
    }
