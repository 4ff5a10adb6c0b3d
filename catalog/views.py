"""The JSON of the catalogue, as the storefronts read it; that of products is shared with carts."""

from typing import Any

from common.product_json import (
    category_summary_json,
    image_json,
    images_json,
    product_json,
    variant_json,
    without_none,
)
from common.repositories.categories import Category

__all__ = [
    "category_json",
    "category_summary_json",
    "image_json",
    "images_json",
    "product_json",
    "variant_json",
]


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
