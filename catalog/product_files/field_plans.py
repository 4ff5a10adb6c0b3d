"""What a file changes of a product's own fields and categories, by the rules that hold for the API."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from catalog.product_files.columns import (
    BETWEEN_SLUGS,
    CATEGORIES,
    PRODUCT_COLUMNS,
    Cells,
    Column,
    product_cells,
)
from catalog.product_files.known import Known
from catalog.product_files.said import Reading, SaidProduct
from common.errors import InvalidInput
from common.repositories.products import Product

# What spreadsheets make of a long number, and of true and false in the languages around here.
_ROUNDED = re.compile(r"[0-9][.,]?[0-9]*[eE]\+[0-9]+")
_TRUE = frozenset({"true", "yes", "1", "vero", "wahr", "vrai", "verdadero", "si", "s\u00ec", "ja", "oui"})
_FALSE = frozenset({"false", "no", "0", "falso", "falsch", "faux", "nein", "non"})
_LINE_ENDS = re.compile(r"\r\n|\r")

Places = Mapping[str, tuple[int, str]]
"""In which row and column each field is said."""


def new_fields(reading: Reading, said: SaidProduct) -> dict[str, Any]:
    """The fields of a product that is not there yet; what an empty cell would clear is not said."""
    texts = {column: said.cells[column.name].text for column in PRODUCT_COLUMNS if column.name in said.cells}
    raw = {column.field: value(column, text) for column, text in texts.items() if text.strip()}
    return loaded(reading, "ProductChanges", {"slug": said.slug, **raw}, _rows(said), partial=False)


def changed_fields(reading: Reading, said: SaidProduct, product: Product) -> dict[str, Any]:
    """The fields that a file says otherwise than they are; an empty cell clears what may be empty.

    What is said as it is now is not looked at: rows that were brought may hold what no rule allows.
    """
    shown = product_cells(product)
    raw = {
        column.field: value(column, cell.text)
        for column in PRODUCT_COLUMNS
        if (cell := said.cells.get(column.name)) and not is_same(cell.text, shown, column.name)
    }
    fields = loaded(reading, "ProductChanges", raw, _rows(said), partial=True)
    return {name: it for name, it in fields.items() if name in raw and it != getattr(product, name)}


def planned_categories(
    reading: Reading, said: SaidProduct, product: Product | None, known: Known
) -> tuple[int, ...] | None:
    """The ids of the categories that a product is to be in; None where they stay."""
    from catalog.schemas import MAX_CATEGORIES

    cell = said.cells.get(CATEGORIES)
    if cell is None or (product is not None and is_same(cell.text, product_cells(product), CATEGORIES)):
        return None
    slugs = [slug for each in cell.text.split(BETWEEN_SLUGS) if (slug := each.strip())]
    for slug in slugs:
        if slug not in known.categories:
            reading.wrong(cell.row, CATEGORIES, f"names the category {slug}, which does not exist")
    if len(slugs) > MAX_CATEGORIES:
        reading.wrong(cell.row, CATEGORIES, f"names more than {MAX_CATEGORIES} categories")
    ids = tuple(sorted({known.categories[slug].id for slug in slugs if slug in known.categories}))
    is_there = product is not None and ids == tuple(sorted(category.id for category in product.categories))
    return None if is_there else ids


def is_same(text: str, shown: Cells, name: str) -> bool:
    """Whether a cell says what an export would show now, whatever its line ends."""
    now = shown.get(name)
    return plain(text) == plain("" if now is None else str(now))


def plain(text: str) -> str:
    """A text with the line ends that all files can have."""
    return _LINE_ENDS.sub("\n", text)


def value(column: Column, text: str) -> object:
    """What a cell says, for the schema to judge: None for an empty one."""
    bare = text.strip()
    if not bare:
        return None
    if column.kind == "flag":
        word = bare.casefold()
        return True if word in _TRUE else False if word in _FALSE else bare
    return text


def loaded(
    reading: Reading,
    schema: str,
    raw: Mapping[str, Any],
    rows: Places,
    *,
    partial: bool,
) -> dict[str, Any]:
    """The fields as the schema of this name reads them; what is wrong is noted under its row and column.

    `rows` says of each field which row and column it is from; one that is missing is the first of them.
    """
    # marshmallow costs start-up time, so it is imported where there is a file.
    from catalog import schemas
    from common.http.validation import load

    rounded = [name for name in ("sku", "gtin") if _ROUNDED.fullmatch(str(raw.get(name) or ""))]
    for name in rounded:
        row, column = rows[name]
        reading.wrong(row, column, "was rounded by a spreadsheet; format the column as text")
    try:
        return load(getattr(schemas, schema), dict(raw), partial=partial)
    except InvalidInput as error:
        first = next(iter(rows.values()))
        for name, messages in error.fields.items():
            row, column = rows.get(name, rows.get(name.partition(".")[0], (first[0], name)))
            reading.wrong(row, column, "; ".join(messages))
        return {}


def _rows(said: SaidProduct) -> dict[str, tuple[int, str]]:
    cells = said.cells
    columns: Iterable[Column] = PRODUCT_COLUMNS
    of_columns = {it.field: (cells[it.name].row if it.name in cells else said.row, it.name) for it in columns}
    return {"slug": (said.row, "slug"), **of_columns}
