"""The shop in the layout of the replaced Lambdas: images, variants and category links as items of their own.

Keys as in the per-domain contract, section 7.1. The table's keys and indexes are the same as ours.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from benchmarks.shop import Shop
from common.media import url_for
from common.repositories.categories import Category
from common.repositories.personaggi import Personaggio
from common.repositories.products import Image, Product, Variant
from content.repositories.fumetti import Fumetto

Row = dict[str, Any]


def rows(shop: Shop) -> Iterator[Row]:
    """Every row of the shop; those of one product stand under one partition key."""
    for product in shop.products:
        yield _product(product)
        for image in product.images:
            yield from _image(image)
        yield from (_variant(variant) for variant in product.variants)
        yield from (_link(product.id, category.id) for category in product.categories)
    yield from (_category(category) for category in shop.categories)
    yield from (_personaggio(personaggio) for personaggio in shop.personaggi)
    yield from (_fumetto(fumetto) for fumetto in shop.fumetti)


def _row(pk: str, sk: str, indexes: Mapping[str, tuple[str, str]], values: Mapping[str, Any]) -> Row:
    keys = {"PK": pk, "SK": sk}
    for index, (partition, sort) in indexes.items():
        keys |= {f"{index}PK": partition, f"{index}SK": sort}
    return keys | {name: value for name, value in values.items() if value is not None}


def _product(product: Product) -> Row:
    indexes = {
        "GSI1": (f"PRODUCT_SLUG#{product.slug}", product.created_at),
        "GSI2": (f"PRODUCT_STATUS#{product.status}", f"{product.title}#{product.id}"),
        "GSI3": (f"CHARACTER#{product.character_id}", product.created_at),
    }
    names = (
        "id", "slug", "title", "short_description", "long_description", "base_price", "currency",
        "sku", "status", "character_id", "character_value", "created_at", "updated_at",
    )  # fmt: skip
    return _row(
        f"PRODUCT#{product.id}", "METADATA", indexes, {name: getattr(product, name) for name in names}
    )


def _image(image: Image) -> Iterator[Row]:
    pk, image_id = f"PRODUCT#{image.product_id}", _uuid("image", image.id)
    values = {
        "id": image_id,
        "product_id": image.product_id,
        "url": url_for(image.key),
        "alt_text": image.alt_text,
        "position": image.position,
        "created_at": image.created_at,
        "updated_at": image.created_at,
    }
    yield _row(pk, f"IMAGE#{image.position:010d}", {}, values)
    yield _row(pk, f"IMAGE_ID#{image_id}", {}, {"position": image.position})


def _variant(variant: Variant) -> Row:
    values = {
        "id": _uuid("variant", variant.id),
        "product_id": variant.product_id,
        "sku": variant.sku,
        "name": variant.name,
        "attributes": dict(variant.attributes),
        "price_adjustment": variant.price_adjustment,
        "stock": variant.stock,
        "created_at": variant.created_at,
        "updated_at": variant.updated_at,
    }
    indexes = {"GSI1": (f"VARIANT_SKU#{variant.sku}", str(variant.product_id))}
    return _row(f"PRODUCT#{variant.product_id}", f"VARIANT#{values['id']}", indexes, values)


def _link(product_id: int, category_id: int) -> Row:
    values = {"product_id": product_id, "category_id": category_id}
    return _row(f"PRODUCT#{product_id}", f"CATEGORY#{category_id}", {}, values)


def _category(category: Category) -> Row:
    indexes = {
        "GSI1": (f"CATEGORY_SLUG#{category.slug}", category.created_at),
        "GSI2": (f"CATEGORY_PARENT#{category.parent_id or 'ROOT'}", f"{category.name}#{category.id}"),
    }
    names = ("id", "name", "slug", "description", "parent_id", "created_at", "updated_at")
    values = {name: getattr(category, name) for name in names}
    return _row(f"CATEGORY#{category.id}", "METADATA", indexes, values)


def _personaggio(entry: Personaggio) -> Row:
    values = {
        "id": entry.id,
        "name": entry.name,
        "description": entry.description,
        "icon": url_for(entry.icon or ""),
        "images": json.dumps([url_for(key) for key in entry.images]),
        "backgroundColor": entry.background_color,
        "backgroundType": entry.background_type,
        "order": entry.order,
        "created_at": entry.created_at,
        "updated_at": entry.updated_at,
    }
    indexes = {"GSI1": ("PERSONAGGIO_ORDER", f"{entry.order:010d}#{entry.id}")}
    return _row(f"PERSONAGGIO#{entry.id}", "METADATA", indexes, values)


def _fumetto(entry: Fumetto) -> Row:
    values = {
        "id": entry.id,
        "title": entry.title,
        "description": entry.description,
        "coverImage": url_for(entry.cover_image or ""),
        "pages": [url_for(key) for key in entry.pages],
        "order": entry.order,
        "created_at": entry.created_at,
        "updated_at": entry.updated_at,
    }
    indexes = {"GSI1": ("FUMETTO_ORDER", f"{entry.order:010d}#{entry.id}")}
    return _row(f"FUMETTO#{entry.id}", "METADATA", indexes, values)


def _uuid(kind: str, number: int) -> str:
    return str(uuid5(NAMESPACE_URL, f"{kind}/{number}"))
