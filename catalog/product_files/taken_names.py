"""Names in a file that are taken: by another row of it, or by another product of the shop."""

from collections.abc import Iterator

from catalog.product_files.columns import EXPORTED, SKU
from catalog.product_files.known import Known
from catalog.product_files.said import Reading
from catalog.product_files.variant_plans import is_export
from common.repositories.product_writes import variant_owner
from common.repositories.products import Product, partition

PRODUCT_SKU = "product_sku"


def note_taken_names(reading: Reading, known: Known) -> None:
    """Notes each SKU that two rows want or that somebody else has, and rows that are of no export."""
    of_products: dict[str, int] = {}
    of_variants: dict[str, int] = {}
    for said in reading.products:
        product = known.products.get(said.slug)
        if said.exported and not is_export(said.exported):
            reading.wrong(said.row, EXPORTED, "is no mark of an export: the file is cut off or was changed")
        if PRODUCT_SKU in said.cells and (sku := said.cells[PRODUCT_SKU].text.strip()):
            owner = known.product_skus.get(sku)
            other = None if product is not None and owner == partition(product.id) else owner
            _note(reading, of_products, said.cells[PRODUCT_SKU].row, PRODUCT_SKU, sku, other)
        own = set(_owned(product))
        for variant in said.variants:
            if sku := variant.text(SKU):
                owner = known.variant_skus.get(sku)
                _note(reading, of_variants, variant.row, SKU, sku, None if owner in own else owner)


def _note(reading: Reading, seen: dict[str, int], row: int, column: str, sku: str, owner: str | None) -> None:
    if sku in seen:
        reading.wrong(row, column, f"{sku} stands in row {seen[sku]} too")
    elif owner is not None:
        reading.wrong(row, column, f"{sku} belongs to another product of the shop")
    seen.setdefault(sku, row)


def _owned(product: Product | None) -> Iterator[str]:
    return (variant_owner(variant) for variant in product.live_variants) if product else iter(())
