"""What may be in a cart: the pure rules of putting in, counting and merging items."""

from collections.abc import Iterable
from dataclasses import replace

from common.errors import InvalidInput, NotFound
from common.repositories.products import Variant
from common.repositories.stock import InsufficientStock
from orders.repositories.carts import Cart, CartItem
from orders.repositories.offers import Offers

MAX_ITEMS = 40
MAX_QUANTITY = 999


class ShortOf(InsufficientStock):
    """Of a variant of the product `product_id` more is wanted than there is."""

    def __init__(self, variant: Variant, requested: int) -> None:
        super().__init__(requested, variant.stock)
        self.product_id = variant.product_id


def chosen_variant(offers: Offers, product_id: int, variant_id: int | None, quantity: int) -> Variant:
    """The variant that is meant, which only a product with a single one lets a buyer leave out.

    NotFound for what is not on sale or is another product's, InsufficientStock where nothing is sold.
    """
    product = offers.products.get(product_id)
    if product is None:
        raise NotFound("Product not found")
    if variant_id is not None:
        variant = offers.variant(product_id, variant_id)
        if variant is None:
            raise NotFound("Variant not found")
        return variant
    if not product.live_variants:
        raise InsufficientStock(quantity, 0)
    if len(product.live_variants) > 1:
        raise InvalidInput.of_field("variant_id", "is required")
    return product.live_variants[0]


def put_in(cart: Cart, variant: Variant, quantity: int, offers: Offers, now: str) -> Cart:
    """The cart with more pieces of a variant, on top of those that are in; `now` in ISO 8601 UTC.

    InsufficientStock, or InvalidInput for too many pieces or items.
    """
    item = cart.item_of(variant.product_id, variant.id)
    if item is not None:
        return with_quantity(cart, item, variant, item.quantity + quantity, now)
    _check_quantity(variant, quantity)
    kept = cart.items if len(cart.items) < MAX_ITEMS else _on_sale(cart, offers)
    if len(kept) >= MAX_ITEMS:
        raise InvalidInput(f"A cart holds at most {MAX_ITEMS} different items")
    added = CartItem(variant.product_id, variant.id, quantity, now, now)
    return replace(cart, items=(*kept, added))


def with_quantity(cart: Cart, item: CartItem, variant: Variant, quantity: int, now: str) -> Cart:
    """The cart with so many pieces of an item; InsufficientStock, or InvalidInput for too many pieces."""
    _check_quantity(variant, quantity)
    counted = replace(item, quantity=quantity, updated_at=now)
    return replace(cart, items=tuple(counted if other is item else other for other in cart.items))


def merged(own: Cart, guest: Cart, offers: Offers) -> Cart:
    """A buyer's cart with what the buyer put in as a guest: quantities added up and capped at the stock.

    The buyer's own discount code is kept before the guest's. What is not on sale, and what would be one
    item too many, stays behind.
    """
    items = {item.id: item for item in own.items}
    for item in guest.items:
        variant = offers.variant(item.product_id, item.variant_id)
        known = _known(items.values(), item)
        if variant is None or (known is None and len(items) >= MAX_ITEMS):
            continue
        total = min(item.quantity + (known.quantity if known else 0), variant.stock, MAX_QUANTITY)
        if total > 0:
            counted = replace(known or item, quantity=total, updated_at=item.updated_at)
            items[counted.id] = counted
    by_code = own if own.discount_code else guest
    return replace(
        own,
        items=tuple(items.values()),
        discount_code=by_code.discount_code,
        discount_id=by_code.discount_id,
    )


def _known(items: Iterable[CartItem], wanted: CartItem) -> CartItem | None:
    """The item with the same variant, whatever its id."""
    same = (wanted.product_id, wanted.variant_id)
    return next((item for item in items if (item.product_id, item.variant_id) == same), None)


def _check_quantity(variant: Variant, quantity: int) -> None:
    if quantity > MAX_QUANTITY:
        raise InvalidInput.of_field("quantity", f"must be at most {MAX_QUANTITY}")
    if quantity > variant.stock:
        raise ShortOf(variant, quantity)


def _on_sale(cart: Cart, offers: Offers) -> tuple[CartItem, ...]:
    return tuple(item for item in cart.items if offers.variant(item.product_id, item.variant_id))
