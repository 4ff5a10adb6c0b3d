"""Etsy's export of listings: a row for each listing, its variations as lists within cells.

https://help.etsy.com/hc/en-us/articles/360000343508 tells how a seller downloads it. It has no ids, and of a
listing with variations no price and no pieces of each.
"""

from collections.abc import Iterator
from itertools import product as combinations

from catalog.product_files.amounts import Amounts
from catalog.product_files.columns import BETWEEN_LINES, IMAGES, NAME, SKU, STOCK
from catalog.product_files.foreign import Skus, option_cells, said_cells, unescaped
from catalog.product_files.said import Reading, SaidProduct, SaidVariant, unread
from common.csv_reading import Row, Table
from common.slugs import numbered, slugify

FORMAT = "Etsy"
PICTURES = tuple(f"image{number}" for number in range(1, 21))
_VARIATIONS = tuple(f"variation {number} {part}" for number in (1, 2) for part in ("type", "name", "values"))
_COLUMNS = ("title", "description", "price", "currency_code", "quantity", "sku", *_VARIATIONS, *PICTURES)
# What the columns of an export of the shop are called here.
_NAMES = {
    "title": "TITLE",
    "long_description": "DESCRIPTION",
    "base_price": "PRICE",
    "currency": "CURRENCY_CODE",
    IMAGES: "IMAGE1",
    NAME: "VARIATION 1 VALUES",
    SKU: "SKU",
    STOCK: "QUANTITY",
    "slug": "TITLE",
}


def recognises(names: frozenset[str]) -> bool:
    """Whether a table with these columns is Etsy's."""
    return {"title", "description", "price", "currency_code", "quantity"} <= names


def read(table: Table) -> Reading:
    """What the table says; a listing becomes a draft, with a slug made of its title."""
    amounts = Amounts(table, ("price",))
    reading = Reading(
        FORMAT, ignored=unread(table.columns, _COLUMNS), decimal_mark=amounts.mark, names=_NAMES
    )
    slugs: set[str] = set()
    skus = Skus()
    for row in table.rows:
        slug = _free(slugify(unescaped(row.cells["title"])), slugs)
        reading.products.append(_product(reading, row, slug, skus, amounts.text(row, "price")))
    reading.errors.extend(amounts.errors)
    return reading


def _free(slug: str, taken: set[str]) -> str:
    names = (numbered(slug, number) for number in range(1, len(taken) + 2))
    found = next(name for name in names if name not in taken)
    taken.add(found)
    return found


def _product(reading: Reading, row: Row, slug: str, skus: Skus, price: str) -> SaidProduct:
    pictures = [text.strip() for name in PICTURES if (text := row.cells.get(name, "")).strip()]
    texts = {
        "title": unescaped(row.cells["title"]),
        "long_description": unescaped(row.cells["description"]),
        "base_price": price,
        "currency": row.cells["currency_code"].strip(),
        IMAGES: BETWEEN_LINES.join(pictures),
    }
    said = SaidProduct(slug, row.number, said_cells(row.number, texts))
    said.variants = list(_variants(reading, row, slug, skus))
    return said


def _variants(reading: Reading, row: Row, slug: str, skus: Skus) -> Iterator[SaidVariant]:
    names = [_option_name(row, number) for number in (1, 2)]
    lists = [_listed(row.cells.get(f"variation {number} values", "")) for number in (1, 2)]
    rows = list(combinations(*(values or [""] for values in lists)))
    own = _listed(row.cells.get("sku", ""))
    quantity = row.cells["quantity"].strip()
    if len(rows) > 1 and quantity not in ("", "0"):
        reading.warn(row.number, STOCK, "is of all variations together: count each of them, they begin at 0")
    if len(rows) > 1 and own and len(own) != len(rows):
        reading.warn(row.number, SKU, f"has {len(own)} SKUs for {len(rows)} variations: others are made up")
    for index, values in enumerate(rows):
        name, attributes = option_cells(names, values)
        sku = own[index] if len(own) == len(rows) else skus.make(slug, name)
        pieces = quantity if len(rows) == 1 else "0"
        cells = {SKU: sku, NAME: name, "attributes": attributes, STOCK: pieces}
        yield SaidVariant(row.number, {column: text for column, text in cells.items() if text})


def _option_name(row: Row, number: int) -> str:
    named = row.cells.get(f"variation {number} name", "").strip()
    return unescaped(named or row.cells.get(f"variation {number} type", ""))


def _listed(text: str) -> list[str]:
    return [value for each in text.split(",") if (value := unescaped(each))]
