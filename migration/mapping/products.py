"""Products: a document, a listing row, pointers, links and markers for each."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from common.dynamodb import Item
from common.repositories.categories import link_items
from common.repositories.product_writes import name_markers, variant_pointer_item
from common.repositories.products import (
    STATUSES,
    CategorySummary,
    Image,
    Product,
    Variant,
    document_item,
    listing_item,
)
from migration.mapping import categories
from migration.mapping.entity import Entity
from migration.mapping.reading import attributes, row_of
from migration.mapping.records import Child, Context, Record, Row
from migration.schema.columns import (
    CREATED,
    DELETED,
    ID,
    UPDATED,
    Column,
    Table,
    json,
    long_text,
    media,
    money,
    text,
    whole,
)
from migration.schema.vocabularies import CURRENCIES, Vocabulary


def _link(name: str, **options: str) -> Column:
    return whole(name, cascade=True, is_key=True, **options)


TABLE = Table(
    "products",
    (
        ID,
        text("slug", 255, unique=True),
        text("title", 500),
        text("short_description", 1000, null=True),
        long_text("long_description"),
        money("base_price", default="0"),
        text("currency", 3, default="'EUR'", words=CURRENCIES),
        text("sku", 100, null=True, unique=True),
        text("gtin", 50, null=True),
        text("status", 20, default="'draft'", words=Vocabulary(STATUSES)),
        whole("character_id", null=True),
        text("character_value", 255, null=True),
        text("etsy_link", 500, null=True, is_address=True),
        CREATED,
        UPDATED,
        DELETED,
    ),
    "PRODUCT#{id} / METADATA and LISTING; markers of slug and SKU",
)
# In the document the parts of a product have their ids as names and do not name the product.
IMAGES = Table(
    "product_images",
    (
        ID,
        whole("product_id", references="products"),
        media("url", 1000, becomes="key"),
        text("alt_text", 500, null=True),
        whole("position", default="0"),
        CREATED,
    ),
    "in the METADATA row of the product",
)
VARIANTS = Table(
    "product_variants",
    (
        ID,
        whole("product_id", references="products"),
        text("sku", 100, unique=True),
        text("name", 255),
        json("attributes"),
        money("price_adjustment", default="0"),
        whole("stock", default="0"),
        CREATED,
        UPDATED,
        DELETED,
    ),
    "in the METADATA row of the product, stock in LISTING; VARIANT#{id}; marker of SKU",
)
LINKS = Table(
    "product_categories",
    (
        _link("productsId", references="products", earlier="product_id", becomes="product_id"),
        _link("categoriesId", references="categories", earlier="category_id", becomes="category_id"),
    ),
    "PRODUCT#{p} / CATEGORY#{c} and CATEGORY#{c} / PRODUCT#{p}",
    primary_key=("productsId", "categoriesId"),
)

_PREFIX, _CATEGORY = "PRODUCT#", "CATEGORY#"
_Part = TypeVar("_Part")


def _items(record: Record, context: Context) -> list[Item]:
    """Every row of a product; the links to deleted categories are kept, but not shown."""
    product = Product(
        **attributes(TABLE, record.row(TABLE.name), context),
        images=_parts(Image, IMAGES, record, context),
        variants=_parts(Variant, VARIANTS, record, context),
        categories=_categories(record, context),
    )
    linked = [link_items(product.id, row["categoriesId"]) for row in record.all(LINKS.name)]
    return [
        document_item(product),
        listing_item(product),
        *(variant_pointer_item(variant) for variant in product.variants),
        *(item for both in linked for item in both),
        *([] if product.deleted_at else name_markers(product)),
    ]


def _parts(part: Callable[..., _Part], table: Table, record: Record, context: Context) -> tuple[_Part, ...]:
    return tuple(part(**attributes(table, row, context)) for row in record.all(table.name))


def _categories(record: Record, context: Context) -> tuple[CategorySummary, ...]:
    ids = [row["categoriesId"] for row in record.all(LINKS.name)]
    known = [context.categories[category_id] for category_id in ids if category_id in context.categories]
    found = (attributes(categories.TABLE, row, context) for row in known)
    return tuple(CategorySummary(**values) for values in found if values.pop("deleted_at") is None)


def _record_of(item: Item) -> int | None:
    """The id of the product whose document, listing row or link an item is."""
    pk, sk = item["PK"], item["SK"]
    if not pk.startswith(_PREFIX) or not (sk in ("METADATA", "LISTING") or sk.startswith(_CATEGORY)):
        return None
    return int(pk.removeprefix(_PREFIX))


def _rows(stored: Sequence[Item]) -> dict[str, list[Row]]:
    own = {item["SK"]: item for item in stored if _record_of(item) is not None}
    links = [item for sk, item in sorted(own.items()) if sk.startswith(_CATEGORY)]
    found: dict[str, list[Row]] = {table.name: [] for table in (TABLE, IMAGES, VARIANTS)}
    found[LINKS.name] = [row_of(LINKS, item) for item in links]
    document = own.get("METADATA")
    if document is not None:
        stock = own.get("LISTING", {}).get("stock", {})
        found[TABLE.name] = [row_of(TABLE, document)]
        found[IMAGES.name] = [_part_row(IMAGES, document, *part) for part in document["images"].items()]
        found[VARIANTS.name] = [
            _variant_row(document, number, part, stock) for number, part in document["variants"].items()
        ]
    return found


def _part_row(table: Table, document: Item, number: str, part: Item, **own: Any) -> Row:
    return row_of(table, part, id=int(number), product_id=document["id"], **own)


def _variant_row(document: Item, number: str, variant: Item, stock: Mapping[str, int]) -> Row:
    own_stock = stock.get(number, variant.get("stock", 0))
    return _part_row(VARIANTS, document, number, variant, stock=own_stock)


PRODUCTS = Entity(
    name=TABLE.name,
    table=TABLE.name,
    items=_items,
    rows=_rows,
    record_of=_record_of,
    children=(
        Child(IMAGES.name, "product_id"),
        Child(VARIANTS.name, "product_id"),
        Child(LINKS.name, "productsId"),
    ),
    counters={TABLE.name: "PRODUCT_ID", VARIANTS.name: "VARIANT_ID", IMAGES.name: "IMAGE_ID"},
)
