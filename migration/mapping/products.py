"""Products: a document, a listing row, pointers, links and markers for each."""

from collections.abc import Callable
from typing import TypeVar

from common.dynamodb import Item
from common.repositories.categories import link_items
from common.repositories.product_writes import name_markers, variant_pointer_item
from common.repositories.products import (
    CategorySummary,
    Image,
    Product,
    Variant,
    document_item,
    listing_item,
)
from migration.mapping.entity import Entity
from migration.mapping.product_rows import record_of, rows
from migration.mapping.reading import Columns
from migration.mapping.records import Child, Context, Record

TABLE, IMAGES, VARIANTS, LINKS = "products", "product_images", "product_variants", "product_categories"
_KEPT = (
    "short_description",
    "long_description",
    "sku",
    "gtin",
    "character_id",
    "character_value",
    "etsy_link",
)

_Part = TypeVar("_Part")


def items(record: Record, context: Context) -> list[Item]:
    """Every row of a product; the links to deleted categories are kept, but not shown."""
    product = _product(record, context)
    linked = [link_items(product.id, row["categoriesId"]) for row in record.all(LINKS)]
    return [
        document_item(product),
        listing_item(product),
        *(variant_pointer_item(variant) for variant in product.variants),
        *(item for both in linked for item in both),
        *([] if product.deleted_at else name_markers(product)),
    ]


def _product(record: Record, context: Context) -> Product:
    columns = Columns(TABLE, record.row(TABLE), context)
    return Product(
        id=columns.required("id"),
        slug=columns.required("slug"),
        title=columns.required("title"),
        base_price=columns.amount("base_price"),
        currency=columns.required("currency", "EUR"),
        status=columns.required("status", "draft"),
        created_at=columns.created_at(),
        updated_at=columns.updated_at(),
        deleted_at=columns.moment("deleted_at"),
        images=_parts(record, context, IMAGES, _image),
        variants=_parts(record, context, VARIANTS, _variant),
        categories=_categories(record, context),
        **{name: columns.get(name) for name in _KEPT},
    )


def _parts(
    record: Record, context: Context, table: str, part: Callable[[Columns], _Part]
) -> tuple[_Part, ...]:
    return tuple(part(Columns(table, row, context)) for row in record.all(table))


def _image(columns: Columns) -> Image:
    columns.required("url")
    return Image(
        id=columns.required("id"),
        product_id=columns.required("product_id"),
        key=columns.media("url") or "",
        alt_text=columns.get("alt_text"),
        position=columns.required("position", 0),
        created_at=columns.created_at(),
    )


def _variant(columns: Columns) -> Variant:
    return Variant(
        id=columns.required("id"),
        product_id=columns.required("product_id"),
        sku=columns.required("sku"),
        name=columns.required("name"),
        attributes=columns.get("attributes"),
        price_adjustment=columns.amount("price_adjustment"),
        stock=columns.required("stock", 0),
        created_at=columns.created_at(),
        updated_at=columns.updated_at(),
        deleted_at=columns.moment("deleted_at"),
    )


def _categories(record: Record, context: Context) -> tuple[CategorySummary, ...]:
    ids = [row["categoriesId"] for row in record.all(LINKS)]
    known = [context.categories[category_id] for category_id in ids if category_id in context.categories]
    return tuple(
        CategorySummary(
            id=columns.required("id"),
            name=columns.required("name"),
            slug=columns.required("slug"),
            description=columns.get("description"),
            parent_id=columns.get("parent_id"),
            created_at=columns.created_at(),
            updated_at=columns.updated_at(),
        )
        for columns in (Columns("categories", row, context) for row in known)
        if columns.get("deleted_at") is None
    )


PRODUCTS = Entity(
    name=TABLE,
    table=TABLE,
    items=items,
    rows=rows,
    record_of=record_of,
    children=(Child(IMAGES, "product_id"), Child(VARIANTS, "product_id"), Child(LINKS, "productsId")),
    counters={TABLE: "PRODUCT_ID", VARIANTS: "VARIANT_ID", IMAGES: "IMAGE_ID"},
)
