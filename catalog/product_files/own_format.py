"""The shop's own format, also written by hand: a row for each variant, the product said in any of them."""

from catalog.product_files.amounts import Amounts
from catalog.product_files.columns import (
    COLUMNS,
    EXPORTED,
    NAME,
    PART_COLUMNS,
    PRODUCT_COLUMNS,
    SKU,
    SLUG,
    STOCK,
    STOCK_SEEN,
    VARIANT_COLUMNS,
    VERSION,
)
from catalog.product_files.said import Reading, Said, SaidProduct, SaidVariant, unread
from common.csv_reading import Row, Table

FORMAT = "artshop"
OF_PRODUCTS = (*(column.name for column in PRODUCT_COLUMNS), *PART_COLUMNS)
OF_VARIANTS = (SKU, NAME, *(column.name for column in VARIANT_COLUMNS), STOCK, STOCK_SEEN)
# Whatever else stands in a row: with one of these it is of a variant.
_SAY_A_VARIANT = tuple(name for name in OF_VARIANTS if name != STOCK_SEEN)
_AMOUNTS = ("base_price", "price_adjustment")


def recognises(names: frozenset[str]) -> bool:
    """Whether a table with these columns is in this format."""
    return SLUG in names and bool(names & {*OF_PRODUCTS, *_SAY_A_VARIANT})


def read(table: Table) -> Reading:
    """What the table says; each error names its row and column."""
    amounts = Amounts(table, _AMOUNTS, is_export=EXPORTED in table.names)
    reading = Reading(FORMAT, ignored=unread(table.columns, COLUMNS), decimal_mark=amounts.mark)
    products: dict[str, SaidProduct] = {}
    for row in table.rows:
        slug = row.cells[SLUG].strip()
        if not slug:
            reading.wrong(row.number, SLUG, "is required in every row")
            continue
        product = products.setdefault(slug, SaidProduct(slug, row.number))
        _add(reading, product, row, amounts)
    reading.products = list(products.values())
    reading.errors.extend(amounts.errors)
    return reading


def _add(reading: Reading, product: SaidProduct, row: Row, amounts: Amounts) -> None:
    for name in OF_PRODUCTS:
        if name in row.cells:
            _say(reading, product, name, Said(row.number, amounts.text(row, name)))
    for name in (VERSION, EXPORTED):
        _say_same(reading, product, name, row)
    cells = {name: amounts.text(row, name) for name in OF_VARIANTS if name in row.cells}
    if any(cells.get(name, "").strip() for name in _SAY_A_VARIANT):
        product.variants.append(SaidVariant(row.number, cells))


def _say(reading: Reading, product: SaidProduct, name: str, said: Said) -> None:
    before = product.cells.get(name)
    if before is None or not before.text.strip():
        product.cells[name] = said if said.text.strip() or before is None else before
    elif said.text.strip() and said.text != before.text:
        reading.wrong(said.row, name, f"says something else than row {before.row} of the same product")


def _say_same(reading: Reading, product: SaidProduct, name: str, row: Row) -> None:
    text = row.cells.get(name, "").strip()
    before = product.version if name == VERSION else product.exported
    if before and text != before:
        reading.wrong(row.number, name, f"is another than in row {product.row}: each product from one export")
    elif name == VERSION:
        product.version = text
    else:
        product.exported = text
