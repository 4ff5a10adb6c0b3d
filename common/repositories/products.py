"""Products: their type, the two rows that hold one, and how one is read.

`PRODUCT#{id}/METADATA` is the product as a document: its fields, images, variants and the categories
it is in. `PRODUCT#{id}/LISTING` is a small row with what lists filter and sort by, and the stock of
each variant: the one number that customers change, in the one row that is cheap to change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from common import prefixes
from common.dynamodb import Item, Key, Query, fetch_all, index_keys, sort_key
from common.dynamodb.stored_json import from_stored, to_stored

DRAFT, PUBLISHED, ARCHIVED = "draft", "published", "archived"
STATUSES = (PUBLISHED, DRAFT, ARCHIVED)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of a product; `key` is its S3 key or a foreign URL, `created_at` ISO 8601 UTC."""

    id: int
    product_id: int
    key: str
    alt_text: str | None
    position: int
    created_at: str


@dataclass(frozen=True, slots=True)
class Variant:
    """What is bought: a size, a colour; `price_adjustment` is added to the product's base price.

    `attributes` is a map, or whatever JSON was imported. `stock_moved_at` as in Product.
    """

    id: int
    product_id: int
    sku: str
    name: str
    attributes: Any
    price_adjustment: Decimal
    stock: int
    created_at: str
    updated_at: str
    deleted_at: str | None = None
    stock_moved_at: str | None = None


@dataclass(frozen=True, slots=True)
class CategorySummary:
    """What a product repeats of a category that it is in, so that no list has to look it up."""

    id: int
    name: str
    slug: str
    description: str | None = None
    parent_id: int | None = None
    created_at: str | None = None
    updated_at: str | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """A work as it is sold; `base_price` in units of `currency`, times in ISO 8601 UTC.

    `creator_id`, `featured` and `moderation_status` are None until the shop has creators. `edited_at` is when
    its fields or categories were last changed, `stock_moved_at` when the stock of any variant was, and
    `stock_taken_at` when pieces were last taken out.
    """

    id: int
    slug: str
    title: str
    base_price: Decimal
    currency: str
    status: str
    created_at: str
    updated_at: str
    version: int = 1
    short_description: str | None = None
    long_description: str | None = None
    sku: str | None = None
    gtin: str | None = None
    character_id: int | None = None
    character_value: str | None = None
    etsy_link: str | None = None
    creator_id: str | None = None
    featured: bool | None = None
    moderation_status: str | None = None
    deleted_at: str | None = None
    edited_at: str | None = None
    stock_moved_at: str | None = None
    stock_taken_at: str | None = None
    images: tuple[Image, ...] = ()
    variants: tuple[Variant, ...] = ()
    categories: tuple[CategorySummary, ...] = ()

    @property
    def live_variants(self) -> tuple[Variant, ...]:
        """The variants that are still sold."""
        return tuple(variant for variant in self.variants if variant.deleted_at is None)


# What the two rows keep in ways of their own.
_KEPT_OTHERWISE = frozenset(
    {
        "id",
        "created_at",
        "updated_at",
        "version",
        "deleted_at",
        "edited_at",
        "stock_moved_at",
        "stock_taken_at",
        "images",
        "variants",
        "categories",
    }
)
# What the document holds as it is, None left out.
FIELDS = tuple(field.name for field in fields(Product) if field.name not in _KEPT_OTHERWISE)


def partition(product_id: int) -> str:
    """The partition key that everything of one product is under."""
    return f"{prefixes.PRODUCT}#{product_id}"


def document_key(product_id: int) -> Key:
    """The key of the product's document."""
    return partition(product_id), "METADATA"


def listing_key(product_id: int) -> Key:
    """The key of the row with the product's facets and stock."""
    return partition(product_id), "LISTING"


def status_partition(status: str) -> str:
    """The GSI2 partition that lists the products of one status."""
    return f"{prefixes.PRODUCT_STATUS}#{status}"


def listing_position(sort_name: str, created_at: str, product_id: int) -> str:
    """The GSI2 sort key that orders rows of one kind by age."""
    return f"{sort_name}#{created_at}#{product_id:010d}"


def row_index_keys(sort_name: str, product: Product) -> dict[str, str]:
    """The index keys of one of the product's two rows; none while it is deleted."""
    if product.deleted_at is not None:
        return {}
    position = listing_position(sort_name, product.created_at, product.id)
    return {
        **index_keys("GSI1", f"{prefixes.PRODUCT_SLUG}#{product.slug}", sort_name),
        **index_keys("GSI2", status_partition(product.status), position),
    }


def document_item(product: Product) -> Item:
    """The document row of a product."""
    pk, sk = document_key(product.id)
    values = {name: getattr(product, name) for name in FIELDS}
    return {
        "PK": pk,
        "SK": sk,
        **row_index_keys(sk, product),
        **{name: value for name, value in values.items() if value is not None},
        "id": product.id,
        "created_at": product.created_at,
        "updated_at": product.updated_at,
        "version": product.version,
        "images": {str(image.id): image_map(image) for image in product.images},
        "variants": {str(variant.id): variant_map(variant) for variant in product.variants},
        "categories": category_maps(product.categories),
        **({"edited_at": product.edited_at} if product.edited_at else {}),
        **({"deleted_at": product.deleted_at} if product.deleted_at else {}),
    }


def listing_item(product: Product) -> Item:
    """The listing row of a product, its stock included."""
    pk, sk = listing_key(product.id)
    return {
        "PK": pk,
        "SK": sk,
        **row_index_keys(sk, product),
        **facets(product),
        "stock": {str(variant.id): variant.stock for variant in product.live_variants},
    }


def facets(product: Product) -> Item:
    """What lists filter and sort by."""
    values = {
        "title": product.title,
        "base_price": product.base_price,
        "character_id": product.character_id,
        "character_value": product.character_value,
        "categories": {str(category.id): category.slug for category in product.categories},
    }
    return {name: value for name, value in values.items() if value is not None}


def image_map(image: Image) -> Item:
    """An image as the document holds it under its id."""
    values = {
        "key": image.key,
        "alt_text": image.alt_text,
        "position": image.position,
        "created_at": image.created_at,
    }
    return {name: value for name, value in values.items() if value is not None}


def variant_map(variant: Variant) -> Item:
    """A variant as the document holds it under its id; its stock is in the listing row while it is sold."""
    values = {
        "sku": variant.sku,
        "name": variant.name,
        "attributes": to_stored(variant.attributes),
        "price_adjustment": variant.price_adjustment,
        "created_at": variant.created_at,
        "updated_at": variant.updated_at,
        "deleted_at": variant.deleted_at,
        "stock": variant.stock if variant.deleted_at and variant.stock else None,
    }
    return {name: value for name, value in values.items() if value is not None}


def category_map(category: CategorySummary) -> Item:
    """A category as the document holds it under its id."""
    values = {
        "name": category.name,
        "slug": category.slug,
        "description": category.description,
        "parent_id": category.parent_id,
        "created_at": category.created_at,
        "updated_at": category.updated_at,
    }
    return {name: value for name, value in values.items() if value is not None}


def category_maps(categories: Iterable[CategorySummary]) -> Item:
    """All of a product's categories as the document holds them."""
    return {str(category.id): category_map(category) for category in categories}


def product_from_rows(
    document: Item,
    stock: Mapping[str, int],
    *,
    moved_at: str | None = None,
    taken_at: str | None = None,
) -> Product:
    """The product of a document row and of its listing row's stock, which was moved and taken from when."""
    product_id = int(document["id"])
    values: dict[str, Any] = {name: document.get(name) for name in FIELDS if name != "base_price"}
    return Product(
        id=product_id,
        base_price=Decimal(document["base_price"]),
        created_at=document["created_at"],
        updated_at=document["updated_at"],
        version=document.get("version", 1),
        deleted_at=document.get("deleted_at"),
        images=_images(product_id, document.get("images", {})),
        edited_at=document.get("edited_at"),
        stock_moved_at=moved_at,
        stock_taken_at=taken_at,
        variants=_variants(product_id, document.get("variants", {}), stock, moved_at),
        categories=_categories(document.get("categories", {})),
        **values,
    )


def _images(product_id: int, maps: Mapping[str, Item]) -> tuple[Image, ...]:
    images = (
        Image(id=int(key), product_id=product_id, **{"alt_text": None, **value})
        for key, value in maps.items()
    )
    return tuple(sorted(images, key=lambda image: (image.position, image.id)))


def _variants(
    product_id: int, maps: Mapping[str, Item], stock: Mapping[str, int], moved_at: str | None
) -> tuple[Variant, ...]:
    variants = (
        Variant(
            id=int(key),
            product_id=product_id,
            **{
                **value,
                "attributes": from_stored(value.get("attributes")),
                "price_adjustment": Decimal(value["price_adjustment"]),
                "stock": stock.get(key, value.get("stock", 0)),
                "stock_moved_at": moved_at,
            },
        )
        for key, value in maps.items()
    )
    return tuple(sorted(variants, key=lambda variant: variant.id))


def _categories(maps: Mapping[str, Item]) -> tuple[CategorySummary, ...]:
    categories = (CategorySummary(id=int(key), **value) for key, value in maps.items())
    return tuple(sorted(categories, key=lambda category: category.id))


def product_by_slug(slug: str) -> Product | None:
    """The live product with this slug, by one query of GSI1 (eventually consistent)."""
    return _from_both_rows(fetch_all(Query(f"{prefixes.PRODUCT_SLUG}#{slug}", index="GSI1")))


def product_by_id(product_id: int) -> Product | None:
    """The product with this id, deleted ones included, by one consistent query."""
    both = sort_key().between("LISTING", "METADATA")
    return _from_both_rows(fetch_all(Query(partition(product_id), sort=both, consistent=True)))


def _from_both_rows(rows: Iterable[Item]) -> Product | None:
    by_kind = {row["SK"]: row for row in rows}
    document = by_kind.get("METADATA")
    if document is None:
        return None
    return product_of_rows(document, by_kind.get("LISTING", {}))


def product_of_rows(document: Item, listing: Item) -> Product:
    """The product of its two rows."""
    moved_at, taken_at = listing.get("stock_moved_at"), listing.get("stock_taken_at")
    return product_from_rows(document, listing.get("stock", {}), moved_at=moved_at, taken_at=taken_at)
