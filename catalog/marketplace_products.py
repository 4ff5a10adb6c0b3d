"""A product in the words of the marketplace's clients: a view of the one product that the shop has."""

from typing import Any

from catalog.row_stock import total_stock
from common.media import url_for
from common.price_tags import price_tag
from common.product_json import latest
from common.repositories.products import APPROVED, PUBLISHED, Product, Variant
from common.sparse import without_none


def marketplace_json(product: Product) -> dict[str, Any]:
    """A product; ids are texts, `price` is as people read it and left out where there is none.

    `creatorId`, `rejectionReason`, `publishAt` and `unpublishAt` are left out where they are not set. The
    shop's own products are approved.
    """
    return {
        "id": str(product.id),
        **without_none({"creatorId": product.creator_id}),
        "slug": product.slug,
        "title": product.title,
        "description": product.long_description or product.short_description or "",
        "category": product.categories[0].slug if product.categories else "",
        "imageUrl": url_for(product.images[0].key) if product.images else "",
        "amazonLink": product.amazon_link or "",
        **without_none({"price": _price(product)}),
        "tags": list(product.tags),
        "published": product.status == PUBLISHED,
        "featured": bool(product.featured),
        "status": product.moderation_status or APPROVED,
        **without_none({"rejectionReason": product.rejection_reason}),
        **without_none({"publishAt": product.publish_at, "unpublishAt": product.unpublish_at}),
        "stock": total_stock(product),
        "variants": [_variant_json(product, variant) for variant in product.live_variants],
        "createdAt": product.created_at,
        "updatedAt": latest(product.updated_at, product.stock_moved_at),
    }


def _price(product: Product) -> str | None:
    return price_tag(product.base_price, product.currency) if product.base_price else None


def _variant_json(product: Product, variant: Variant) -> dict[str, Any]:
    """What is put into a cart of it."""
    price = product.base_price + variant.price_adjustment
    return {
        "id": str(variant.id),
        "name": variant.name,
        "price": price_tag(price, product.currency),
        "stock": variant.stock,
    }
