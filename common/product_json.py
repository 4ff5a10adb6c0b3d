"""The JSON of products, their variants and images, as the storefronts read it."""

from typing import Any

from common import product_shapes as shapes
from common.media import url_for, urls_for
from common.repositories.products import CategorySummary, Image, Product, Variant
from common.sparse import without_none

# The fields that are left out where they are not set, as the answer's shape says.
_OPTIONAL = tuple(
    name
    for name in shapes.Product.__annotations__
    if name in shapes.Product.__optional_keys__ - shapes.OfCreator.__optional_keys__
)


def product_json(product: Product) -> dict[str, Any]:
    """A product with its images, variants and categories; fields that are not set are left out."""
    return {
        "id": product.id,
        "slug": product.slug,
        "title": product.title,
        **without_none({name: getattr(product, name) for name in _OPTIONAL}),
        **_of_creator(product),
        "base_price": product.base_price,
        "currency": product.currency,
        "status": product.status,
        "created_at": product.created_at,
        "updated_at": latest(product.updated_at, product.stock_moved_at),
        "images": images_json(product),
        "variants": [variant_json(variant) for variant in product.live_variants],
        "categories": [category_summary_json(category) for category in product.categories],
    }


def _of_creator(product: Product) -> dict[str, Any]:
    """What is said of a creator's work, in the words of the marketplace's clients."""
    said: dict[str, Any] = {
        "creatorId": product.creator_id,
        "featured": product.featured,
        "amazonLink": product.amazon_link,
        "tags": list(product.tags) or None,
    }
    if not product.is_approved:
        said |= {
            "moderationStatus": product.moderation_status,
            "rejectionReason": product.rejection_reason,
            "withheld": product.withheld,
        }
    return without_none(said)


def images_json(product: Product) -> list[dict[str, Any]]:
    """The images of a product by position; the first is the primary one."""
    images = product.images
    urls = urls_for([image.key for image in images]) if images else []
    return [
        _image_json(image, url, is_primary=index == 0)
        for index, (image, url) in enumerate(zip(images, urls, strict=True))
    ]


def image_json(image: Image, *, is_primary: bool) -> dict[str, Any]:
    """An image with its absolute URL."""
    return _image_json(image, url_for(image.key), is_primary=is_primary)


def _image_json(image: Image, url: str, *, is_primary: bool) -> dict[str, Any]:
    return {
        "id": image.id,
        "product_id": image.product_id,
        "url": url,
        "alt_text": image.alt_text,
        "position": image.position,
        "display_order": image.position,
        "is_primary": is_primary,
        "created_at": image.created_at,
        "updated_at": image.created_at,
    }


def variant_json(variant: Variant) -> dict[str, Any]:
    """A variant with its stock in pieces."""
    return {
        "id": variant.id,
        "product_id": variant.product_id,
        "sku": variant.sku,
        "name": variant.name,
        "attributes": variant.attributes,
        "price_adjustment": variant.price_adjustment,
        "stock": variant.stock,
        **_edition(variant),
        **without_none({"weight": variant.weight}),
        "created_at": variant.created_at,
        "updated_at": latest(variant.updated_at, variant.stock_moved_at),
    }


def _edition(variant: Variant) -> dict[str, Any]:
    edition = variant.edition
    return {"edition": {"size": edition.size, "proofs": edition.proofs or 0}} if edition else {}


def category_summary_json(category: CategorySummary) -> dict[str, Any]:
    """What a product shows of a category that it is in."""
    return {
        "id": category.id,
        "name": category.name,
        "slug": category.slug,
        **without_none({"description": category.description}),
        "parent_id": category.parent_id,
    }


def latest(*times: str | None) -> str:
    """The last of these times that there are; what is shown as `updated_at` counts the stock in."""
    return max(time for time in times if time is not None)
