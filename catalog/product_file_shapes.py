"""The shapes of what is answered about files of products: dry runs and imports."""

from typing import TypedDict


class ProductsOfFile(TypedDict):
    """How many products an import makes, changes and leaves as they are."""

    created: int
    changed: int
    left: int


class RefusedRow(TypedDict):
    """A product that an import did not change, and why."""

    row: int
    slug: str
    message: str


class ProductImport(TypedDict):
    """How far an import is: `planned`, `applying` or `done`, with so many of its steps tried."""

    id: str
    state: str
    steps: int
    done: int
    products: ProductsOfFile
    refused: list[RefusedRow]
    refused_count: int
    created_at: str
    expires_at: int


class NoteOfFile(TypedDict):
    """Something about a row and a column of a file; row 0 is the file, an empty column the row."""

    row: int
    column: str
    message: str


class PlannedProduct(TypedDict):
    """What a file would do to one product: `create` or `change`."""

    row: int
    slug: str
    action: str
    fields: list[str]
    new_variants: int
    changed_variants: int
    stock: int


ProductDryRun = TypedDict(
    "ProductDryRun",
    {
        "fits": bool,
        "import": ProductImport | None,
        "format": str | None,
        "encoding": str | None,
        "separator": str | None,
        "decimal_mark": str | None,
        "rows": int,
        "products": ProductsOfFile,
        "planned": list[PlannedProduct],
        "errors": list[NoteOfFile],
        "error_count": int,
        "warnings": list[NoteOfFile],
        "warning_count": int,
        "ignored_columns": list[str],
    },
)
ProductDryRun.__doc__ = "What a file would do, and what is wrong with it; an import where it fits."
