"""Shopify's export of products: a row for each variant and each further picture, in its old and new words.

https://help.shopify.com/en/manual/products/import-export/using-csv lists the columns; those of 2025 have new
names. There is no currency in it: prices are in the shop's.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from catalog.product_files.amounts import Amounts
from catalog.product_files.columns import ALT_TEXTS, BETWEEN_LINES, IMAGES, NAME, SKU, STOCK
from catalog.product_files.foreign import STANDARD, Skus, option_cells, plain_text, said_cells
from catalog.product_files.said import Reading, SaidProduct, SaidVariant, unread
from common.csv_reading import Row, Table
from common.repositories.products import ARCHIVED, DRAFT, PUBLISHED
from common.slugs import slugify

FORMAT = "Shopify"
# Each column by its old name, and what it is called since.
_RENAMED = {
    "handle": "url handle",
    "body (html)": "description",
    "published": "published on online store",
    "option1 name": "option1 name",
    "variant sku": "sku",
    "variant barcode": "barcode",
    "variant grams": "weight value (grams)",
    "variant inventory qty": "inventory quantity",
    "variant price": "price",
    "image src": "product image url",
    "image position": "image position",
    "image alt text": "image alt text",
}
_SAME = ("title", "status", *(f"option{number} {part}" for number in (1, 2, 3) for part in ("name", "value")))
_COLUMNS = (*_RENAMED, *_RENAMED.values(), *_SAME)
_STATUSES = {"active": PUBLISHED, "draft": DRAFT, "archived": ARCHIVED, "unlisted": DRAFT}
_NAMES = {
    "slug": "Handle",
    "title": "Title",
    "status": "Status",
    "base_price": "Variant Price",
    "price_adjustment": "Variant Price",
    "long_description": "Body (HTML)",
    "gtin": "Variant Barcode",
    "weight": "Variant Grams",
    IMAGES: "Image Src",
    ALT_TEXTS: "Image Alt Text",
    NAME: "Option1 Value",
    SKU: "Variant SKU",
    STOCK: "Variant Inventory Qty",
}


def recognises(names: frozenset[str]) -> bool:
    """Whether a table with these columns is Shopify's."""
    return bool({"handle", "url handle"} & names) and "title" in names


def read(table: Table) -> Reading:
    """What the table says; a product that is not published becomes a draft."""
    price = "variant price" if "variant price" in table.names else "price"
    amounts = Amounts(table, (price,))
    reading = Reading(
        FORMAT, ignored=unread(table.columns, _COLUMNS), decimal_mark=amounts.mark, names=_NAMES
    )
    groups: dict[str, list[Row]] = {}
    for row in table.rows:
        handle = _text(row, "handle")
        if not handle:
            reading.wrong(row.number, "slug", "is required in every row")
        else:
            groups.setdefault(slugify(handle), []).append(row)
    prices = {row.number: amounts.text(row, price).strip() for row in table.rows}
    skus = Skus()
    reading.products = [_product(slug, rows, prices, skus) for slug, rows in groups.items()]
    reading.errors.extend(amounts.errors)
    return reading


def _product(slug: str, rows: list[Row], prices: Mapping[int, str], skus: Skus) -> SaidProduct:
    first = rows[0]
    of_variants = [row for row in rows if prices[row.number] or _says_a_variant(row)]
    base = next((prices[row.number] for row in of_variants if prices[row.number]), "")
    barcode = _text(of_variants[0], "variant barcode").lstrip("'") if len(of_variants) == 1 else ""
    texts = {
        "title": _text(first, "title"),
        "long_description": plain_text(_text(first, "body (html)")),
        "status": _status(first),
        "base_price": base,
        "gtin": barcode,
        **_pictures(rows),
    }
    said = SaidProduct(slug, first.number, said_cells(first.number, texts))
    said.variants = list(_variants(slug, first, of_variants, base, prices, skus))
    return said


def _says_a_variant(row: Row) -> bool:
    return bool(_text(row, "option1 value") or _text(row, "variant sku"))


def _pictures(rows: list[Row]) -> dict[str, str]:
    named = [row for row in rows if _text(row, "image src")]
    placed = sorted(named, key=lambda row: _position(_text(row, "image position")))
    texts = [" ".join(_text(row, "image alt text").split()) for row in placed]
    return {
        IMAGES: BETWEEN_LINES.join(_text(row, "image src") for row in placed),
        ALT_TEXTS: BETWEEN_LINES.join(texts) if any(texts) else "",
    }


def _variants(
    slug: str, first: Row, rows: list[Row], base: str, prices: Mapping[int, str], skus: Skus
) -> Iterator[SaidVariant]:
    names = [_text(first, f"option{number} name") for number in (1, 2, 3)]
    for row in rows:
        values = [_text(row, f"option{number} value") for number in (1, 2, 3)]
        is_only = values[0] in ("", "Default Title") and not values[1]
        name, attributes = (STANDARD, "") if is_only else option_cells(names, values)
        price = prices[row.number]
        cells = {
            SKU: _text(row, "variant sku").lstrip("'") or skus.make(slug, name),
            NAME: name,
            "attributes": attributes,
            "price_adjustment": f"{Decimal(price) - Decimal(base):f}" if price and base else "0",
            "weight": _grams(_text(row, "variant grams")),
            STOCK: _pieces(_text(row, "variant inventory qty")),
        }
        yield SaidVariant(row.number, {column: text for column, text in cells.items() if text})


def _text(row: Row, column: str) -> str:
    found = row.cells.get(column) or row.cells.get(_RENAMED.get(column, column), "")
    return found.strip()


def _status(row: Row) -> str:
    status = _text(row, "status").lower()
    is_published = _text(row, "published").lower() not in ("false", "no")
    word = _STATUSES.get(status, status) if status else PUBLISHED
    return DRAFT if word == PUBLISHED and not is_published else word


def _position(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 99_999


def _grams(text: str) -> str:
    """Whole grams; none where Shopify says 0, which is what it says of what nobody weighed."""
    whole = text.partition(".")[0]
    return "" if whole.strip("0") == "" else whole


def _pieces(text: str) -> str:
    """Pieces; none of what was sold beyond zero."""
    return "0" if text.startswith("-") else text
