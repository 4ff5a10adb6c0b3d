"""What carts and checkouts are priced with, read at once: products on sale and a discount code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from common import prefixes
from common.clock import iso
from common.dynamodb import Item, Key, batch_get
from common.repositories.products import (
    Product,
    Variant,
    document_key,
    listing_key,
    product_from_rows,
)
from orders.repositories.discounts import DISCOUNTS, DiscountCode

if TYPE_CHECKING:
    from common.repositories.selling_terms import SellingTerms


@dataclass(frozen=True, slots=True)
class Offers:
    """Public products by id, each with its stock, the discount code and the terms that were asked for."""

    products: Mapping[int, Product]
    code: DiscountCode | None = None
    terms: "SellingTerms | None" = None

    def variant(self, product_id: int, variant_id: int | None) -> Variant | None:
        """The variant, if it is sold and belongs to the product; for None the only one that is sold."""
        product = self.products.get(product_id)
        sold = product.live_variants if product else ()
        if variant_id is None:
            return sold[0] if len(sold) == 1 else None
        return next((variant for variant in sold if variant.id == variant_id), None)


def offer_keys(product_ids: Iterable[int], discount_id: int | None = None) -> list[Key]:
    """The keys of the rows that `offers_from_rows` makes its answer of."""
    keys = [key for each in product_ids for key in (document_key(each), listing_key(each))]
    return keys if discount_id is None else [*keys, DISCOUNTS.key(discount_id)]


def offers_from_rows(rows: Mapping[Key, Item], product_ids: Iterable[int], now: datetime) -> Offers:
    """What rows that have been read hold of these products and of any discount code.

    A product is missing when it is deleted or not public `now`, a code when it is deleted.
    """
    read = {product_id: _product(rows, product_id, iso(now)) for product_id in product_ids}
    codes = (DISCOUNTS.of(row) for (pk, _), row in rows.items() if pk.startswith(f"{prefixes.DISCOUNT}#"))
    return Offers(
        products={product_id: product for product_id, product in read.items() if product},
        code=next((code for code in codes if code.deleted_at is None), None),
        terms=_terms(rows),
    )


def read_offers(
    product_ids: Iterable[int],
    now: datetime,
    discount_id: int | None = None,
    *,
    consistent: bool = False,
    with_terms: bool = False,
) -> Offers:
    """The products and the code by one batch read for each hundred rows (a product has two).

    `with_terms` reads those on which the shop sells too, where there are products.
    """
    wanted = list(dict.fromkeys(product_ids))
    keys = offer_keys(wanted, discount_id)
    if with_terms and wanted:
        from common.repositories.selling_terms import TERMS_KEY

        keys.append(TERMS_KEY)
    return offers_from_rows(batch_get(keys, consistent=consistent), wanted, now)


def _terms(rows: Mapping[Key, Item]) -> "SellingTerms | None":
    row = next((row for (pk, _), row in rows.items() if pk == prefixes.SELLING_TERMS), None)
    if row is None:
        return None
    # An app starts without what a shop may have set down.
    from common.repositories.selling_terms import terms_in

    return terms_in(row)


def _product(rows: Mapping[Key, Item], product_id: int, at: str) -> Product | None:
    document = rows.get(document_key(product_id))
    if document is None:
        return None
    listing = rows.get(listing_key(product_id), {})
    product = product_from_rows(document, listing.get("stock", {}), listing=listing)
    return product if product.is_public_at(at) and product.deleted_at is None else None
