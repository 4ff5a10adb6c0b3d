"""What the shop has of all that a file names, by a few batch reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.product_files.columns import SKU
from catalog.product_files.said import SaidProduct
from catalog.repositories.product_imports import Told, told_of
from common import prefixes
from common.dynamodb import Item, batch_get
from common.dynamodb.unique import marker_key
from common.repositories.categories import Category, all_categories
from common.repositories.product_writes import PRODUCT_SKU_KIND, SLUG_KIND, VARIANT_SKU_KIND
from common.repositories.products import Product, document_key, listing_key, product_of_rows
from common.slugs import LONGEST_SLUG


@dataclass(frozen=True, slots=True)
class Known:
    """Products by slug, owners of SKUs as their markers name them, categories by slug.

    `told` is what earlier imports from the same export said, by the export's token and the product's id.
    """

    products: Mapping[str, Product]
    product_skus: Mapping[str, str]
    variant_skus: Mapping[str, str]
    categories: Mapping[str, Category]
    told: Mapping[tuple[str, int], Told]


def known_of(said: Iterable[SaidProduct]) -> Known:
    """What there is of these products, read consistently but for the categories' list."""
    named = list(said)
    products = products_by_slug({product.slug for product in named})
    skus = {cells["product_sku"].text.strip() for it in named if "product_sku" in (cells := it.cells)}
    of_variants = {variant.text(SKU) for product in named for variant in product.variants}
    rows = {(it.exported, products[it.slug].id) for it in named if it.exported and it.slug in products}
    return Known(
        products=products,
        product_skus=_owners(PRODUCT_SKU_KIND, skus),
        variant_skus=_owners(VARIANT_SKU_KIND, of_variants),
        categories={category.slug: category for category in all_categories()},
        told=told_of(rows),
    )


def products_by_slug(slugs: Iterable[str]) -> dict[str, Product]:
    """The live products with these slugs, found by the markers of their names."""
    prefix = f"{prefixes.PRODUCT}#"
    ids = {
        slug: int(owner.removeprefix(prefix))
        for slug, owner in _owners(SLUG_KIND, slugs).items()
        if owner.startswith(prefix)
    }
    keys = [key(product_id) for product_id in ids.values() for key in (document_key, listing_key)]
    rows = batch_get(keys, consistent=True)
    found: dict[str, Product] = {}
    for slug, product_id in ids.items():
        document: Item | None = rows.get(document_key(product_id))
        if document is not None and "deleted_at" not in document:
            found[slug] = product_of_rows(document, rows.get(listing_key(product_id), {}))
    return found


def _owners(kind: str, names: Iterable[str]) -> dict[str, str]:
    keys = {marker_key(kind, name): name for name in names if name and len(name) <= LONGEST_SLUG}
    return {keys[key]: str(row["owner"]) for key, row in batch_get(keys, consistent=True).items()}
