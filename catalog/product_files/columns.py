"""The columns of a file of products: what each holds, and how a product is written in them.

There is one row for each variant, and one for a product without any. What is said of the product itself is
written in its first row; `slug` and what an export says of itself in all of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from common.http.responses import encode_json
from common.media import urls_for
from common.money import unrounded
from common.repositories.products import Edition, Product, Variant

Kind = Literal["text", "money", "whole", "flag", "time", "json"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its `name` in the file, the `field` that it holds, and how that is written."""

    name: str
    field: str
    kind: Kind = "text"


SLUG = "slug"
CATEGORIES, IMAGES, ALT_TEXTS = "categories", "images", "image_texts"
SKU, NAME, STOCK = "sku", "variant", "stock"
STOCK_SEEN, VERSION, EXPORTED = "stock_seen", "version", "exported"

# Between the slugs of categories, and between addresses, in which there are no blanks.
BETWEEN_SLUGS, BETWEEN_LINES = "|", "\n"

PRODUCT_COLUMNS = (
    Column("title", "title"),
    Column("status", "status"),
    Column("base_price", "base_price", "money"),
    Column("currency", "currency"),
    Column("short_description", "short_description"),
    Column("long_description", "long_description"),
    Column("product_sku", "sku"),
    Column("gtin", "gtin"),
    Column("character_id", "character_id", "whole"),
    Column("character", "character_value"),
    Column("etsy_link", "etsy_link"),
    Column("tax_class", "tax_class"),
    Column("cannot_be_withdrawn", "cannot_be_withdrawn", "flag"),
    Column("publish_at", "publish_at", "time"),
    Column("unpublish_at", "unpublish_at", "time"),
)
PART_COLUMNS = (CATEGORIES, IMAGES, ALT_TEXTS)
VARIANT_COLUMNS = (
    Column("attributes", "attributes", "json"),
    Column("price_adjustment", "price_adjustment", "money"),
    Column("weight", "weight", "whole"),
    Column("edition_size", "edition_size", "whole"),
    Column("edition_proofs", "edition_proofs", "whole"),
)
# Behind all others and never empty in an export: a file that was cut off lacks it.
OF_EXPORT = (STOCK_SEEN, VERSION, EXPORTED)

COLUMNS = (
    SLUG,
    *(column.name for column in PRODUCT_COLUMNS),
    *PART_COLUMNS,
    SKU,
    NAME,
    *(column.name for column in VARIANT_COLUMNS),
    STOCK,
    *OF_EXPORT,
)

Cells = dict[str, object]
"""What stands in a row, by column: text, a number, or None."""


def product_cells(product: Product) -> Cells:
    """What is said of a product itself."""
    urls = urls_for([image.key for image in product.images])
    texts = [_one_line(image.alt_text or "") for image in product.images]
    return {
        **{it.name: _cell(it, getattr(product, it.field), product.currency) for it in PRODUCT_COLUMNS},
        CATEGORIES: BETWEEN_SLUGS.join(category.slug for category in product.categories),
        IMAGES: BETWEEN_LINES.join(urls),
        ALT_TEXTS: BETWEEN_LINES.join(texts) if any(texts) else "",
    }


def variant_cells(variant: Variant, currency: str) -> Cells:
    """What is said of a variant besides its pieces; its price is in the product's currency."""
    edition = variant.edition or Edition(0)
    values: Mapping[str, Any] = {
        "attributes": variant.attributes,
        "price_adjustment": variant.price_adjustment,
        "weight": variant.weight,
        "edition_size": edition.size or None,
        "edition_proofs": edition.proofs,
    }
    cells = {column.name: _cell(column, values[column.field], currency) for column in VARIANT_COLUMNS}
    return {SKU: variant.sku, NAME: variant.name, **cells}


def product_rows(product: Product, exported: str) -> Iterator[list[object]]:
    """The rows of a product in an export with this token, each with a cell for each of COLUMNS."""
    said = product_cells(product)
    for variant in product.live_variants or (None,):
        pieces: Cells = {}
        if variant is not None:
            pieces = {
                **variant_cells(variant, product.currency),
                STOCK: variant.stock,
                STOCK_SEEN: variant.stock,
            }
        shown = {SLUG: product.slug, **said, **pieces, VERSION: product.version, EXPORTED: exported}
        yield [shown.get(name) for name in COLUMNS]
        said = {}


def _cell(column: Column, value: Any, currency: str) -> object:
    if value is None:
        return None
    if column.kind == "money":
        return unrounded(value, currency)
    if column.kind == "json":
        return encode_json(value) if value != {} else ""
    if column.kind == "flag":
        return "true" if value else "false"
    return value


def _one_line(text: str) -> str:
    return " ".join(text.split())
