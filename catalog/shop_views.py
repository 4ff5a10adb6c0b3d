"""The JSON of the catalogue below /api/shop and /api/admin: every field there is, null where it is not set.

Amounts are texts with the decimals of their currency, for EUR two, as the database of these clients wrote
them.
"""

from typing import Any

from catalog.categories import Tree
from common.currencies import DEFAULT_CURRENCY
from common.money import unrounded
from common.product_json import images_json, latest, variant_json
from common.repositories.categories import Category
from common.repositories.products import CategorySummary, Product, Variant
from common.sparse import without_none


def shop_product_json(product: Product, *, only_category: str | None = None) -> dict[str, Any]:
    """A product with its relations; of its categories only the one with this slug or id, when given."""
    return {
        "id": product.id,
        "slug": product.slug,
        "title": product.title,
        "short_description": product.short_description,
        "long_description": product.long_description,
        "base_price": str(unrounded(product.base_price, product.currency)),
        "currency": product.currency,
        "sku": product.sku,
        "gtin": product.gtin,
        "status": product.status,
        "character_id": product.character_id,
        "character_value": product.character_value,
        "etsy_link": product.etsy_link,
        **without_none({"tax_class": product.tax_class, "cannot_be_withdrawn": product.cannot_be_withdrawn}),
        "categories": [
            _category_json(category)
            for category in product.categories
            if only_category in (None, category.slug, str(category.id))
        ],
        "images": images_json(product),
        "variants": [shop_variant_json(variant, product.currency) for variant in product.live_variants],
        "created_at": product.created_at,
        "updated_at": latest(product.updated_at, product.stock_moved_at),
        "deleted_at": product.deleted_at,
    }


def shop_variant_json(variant: Variant, currency: str = DEFAULT_CURRENCY) -> dict[str, Any]:
    """A variant with its stock in pieces, and what it adds to a price in `currency`."""
    return variant_json(variant) | {
        "price_adjustment": str(unrounded(variant.price_adjustment, currency)),
        "deleted_at": variant.deleted_at,
    }


def shop_category_json(category: Category) -> dict[str, Any]:
    """A category on its own."""
    return _category_json(category.summary) | {"deleted_at": category.deleted_at}


def related_category_json(category: Category, tree: Tree) -> dict[str, Any]:
    """A category with its parent and its children, one level each."""
    parent = tree.parent_of(category)
    return shop_category_json(category) | {
        "parent": shop_category_json(parent) if parent else None,
        "children": [shop_category_json(child) for child in tree.children_of(category)],
    }


def _category_json(category: CategorySummary) -> dict[str, Any]:
    # A product shows no category that is deleted.
    return {
        "id": category.id,
        "name": category.name,
        "slug": category.slug,
        "description": category.description,
        "parent_id": category.parent_id,
        "created_at": category.created_at,
        "updated_at": category.updated_at,
        "deleted_at": None,
    }
