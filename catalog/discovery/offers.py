"""What is offered of a product: each variant with its price, and whether it can be bought now."""

import re
from dataclasses import dataclass
from decimal import Decimal

from common.money import unrounded
from common.repositories.products import Product, Variant

_GTIN = re.compile(r"[0-9]{8}|[0-9]{12,14}")


@dataclass(frozen=True, slots=True)
class Offer:
    """A variant at its price in the product's currency, or the product itself where it has none.

    `id` stays the same as long as the variant is there, whatever it is called.
    """

    id: str
    name: str | None
    price: Decimal
    in_stock: bool
    sku: str | None
    gtin: str | None
    weight: int | None = None


def offers_of(product: Product) -> list[Offer]:
    """The offers of a product in the order of its variants; none of what costs nothing or less."""
    variants = product.live_variants
    made = [_of_variant(product, it) for it in variants] if variants else [_of_product(product)]
    return [offer for offer in made if offer.price > 0]


def _of_variant(product: Product, variant: Variant) -> Offer:
    is_only = len(product.live_variants) == 1
    return Offer(
        id=f"{product.id}-{variant.id}",
        name=None if is_only else variant.name,
        price=unrounded(product.base_price + variant.price_adjustment, product.currency),
        in_stock=variant.stock > 0,
        sku=variant.sku or product.sku,
        # A product has one number; of several variants it would be that of none.
        gtin=valid_gtin(product.gtin) if is_only else None,
        weight=variant.weight,
    )


def _of_product(product: Product) -> Offer:
    price = unrounded(product.base_price, product.currency)
    gtin = valid_gtin(product.gtin)
    return Offer(str(product.id), None, price, in_stock=False, sku=product.sku, gtin=gtin)


def valid_gtin(text: str | None) -> str | None:
    """A GTIN of 8, 12, 13 or 14 digits whose check digit is right, without blanks and hyphens; else None.

    https://www.gs1.org/services/how-calculate-check-digit-manually
    """
    digits = re.sub(r"[\s-]", "", text or "")
    if not _GTIN.fullmatch(digits):
        return None
    weighed = (int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(digits[:-1])))
    return digits if (sum(weighed) + int(digits[-1])) % 10 == 0 else None
