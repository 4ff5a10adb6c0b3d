"""Prices are no finer than the currency that they are in, whichever of the two is changed."""

from common.errors import InvalidInput
from common.money import is_exact, refuse_finer
from common.repositories.products import Product, Variant


def refuse_fine_prices(product: Product) -> None:
    """InvalidInput names the price or the adjustment of a new product that its currency cannot express."""
    refuse_finer("base_price", product.base_price, product.currency)
    for index, variant in enumerate(product.variants):
        refuse_finer(f"variants.{index}.price_adjustment", variant.price_adjustment, product.currency)


def refuse_finer_prices(before: Product, after: Product) -> None:
    """The same for a change of a product, whose variants' adjustments have to fit a new currency too.

    What came finer from another shop's database is no error of a change of something else.
    """
    if after.currency == before.currency:
        if after.base_price != before.base_price:
            refuse_finer("base_price", after.base_price, after.currency)
        return
    if after.base_price == before.base_price and not is_exact(after.base_price, after.currency):
        raise _unfit(after, f"the price is {after.base_price}")
    refuse_finer("base_price", after.base_price, after.currency)
    for variant in after.live_variants:
        if not is_exact(variant.price_adjustment, after.currency):
            raise _unfit(after, f"the adjustment of {variant.name} is {variant.price_adjustment}")


def held_against(variant: Variant, product: Product) -> str | None:
    """The currency that a variant's adjustment was held against; None for one that fits every currency.

    Raises InvalidInput.
    """
    if variant.price_adjustment % 1 == 0:
        return None
    refuse_finer("price_adjustment", variant.price_adjustment, product.currency)
    return product.currency


def _unfit(product: Product, reason: str) -> InvalidInput:
    return InvalidInput.of_field("currency", f"cannot be {product.currency}: {reason}")
