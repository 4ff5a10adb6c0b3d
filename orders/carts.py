"""Carts: filled, changed, emptied, priced, and taken along when their owner signs in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from common.clock import epoch, iso
from common.dynamodb import UnitOfWork
from common.errors import InvalidInput, NotFound
from common.optimistic import retry_when_stale
from common.repositories.products import Product, Variant
from orders.cart_items import ShortOf, chosen_variant, merged, put_in, with_quantity
from orders.pricing import Line, MixedCurrencies, Totals, refusal, sold_in, unit_price
from orders.repositories.carts import (
    LIFETIME,
    Cart,
    CartItem,
    add_deleted,
    add_saved,
    load_all,
    new_cart,
    renew,
    save,
)
from orders.repositories.discounts import DiscountCode, discount_by_code
from orders.repositories.offers import Offers, read_offers
from orders.sessions import Visitor

if TYPE_CHECKING:
    from common.repositories.selling_terms import SellingTerms
    from orders.taxation import Taxation

# Looking at a cart renews it once a day at most.
RENEWED_BELOW = LIFETIME - timedelta(days=1)

NOT_USABLE = "Discount code is expired or no longer active"


@dataclass(frozen=True, slots=True)
class CartLine:
    """An item with what it names, as they are on sale now."""

    item: CartItem
    product: Product
    variant: Variant


@dataclass(frozen=True, slots=True)
class PricedCart:
    """A cart as it is shown: items that are no longer on sale are neither shown nor counted.

    `sums` has the amounts of each currency. `code` is the discount code that was typed while it exists,
    `reason` why it takes nothing off, if so.
    """

    cart: Cart
    lines: tuple[CartLine, ...]
    sums: tuple[Totals, ...]
    code: DiscountCode | None
    reason: str | None

    @property
    def totals(self) -> Totals:
        """The amounts of the whole cart; 0 where its items are in several currencies."""
        nothing = Decimal(0)
        return self.sums[0] if len(self.sums) == 1 else Totals(nothing, nothing, nothing, nothing)

    @property
    def notice(self) -> str | None:
        """Why the cart has no sum and cannot be ordered as it is; None when it has one."""
        if len(self.sums) == 1:
            return None
        currencies = ", ".join(sums.currency for sums in self.sums)
        return f"The items are in several currencies ({currencies}): order those of each by themselves"


def view_cart(visitor: Visitor, now: datetime) -> PricedCart:
    """The visitor's cart, empty when there is none."""
    cart = open_cart(visitor, now)
    if cart.is_stored and cart.expires_at < epoch(now + RENEWED_BELOW):
        cart = renew(cart, now)
    return price(cart, _offers(cart, now), now)


def add_item(
    visitor: Visitor, product_id: int, variant_id: int | None, quantity: int, now: datetime
) -> PricedCart:
    """Puts pieces of a variant in, on top of those that are there.

    `variant_id` may be left out where the product has one variant only. Raises NotFound for what is not
    on sale, InsufficientStock, and InvalidInput for too many pieces or items.
    """

    def change(cart: Cart) -> PricedCart:
        offers = _offers(cart, now, product_id)
        variant = chosen_variant(offers, product_id, variant_id, quantity)
        return _saved(cart, put_in(cart, variant, quantity, offers, iso(now)), offers, now)

    return _changed(visitor, now, change)


def change_item(visitor: Visitor, item_id: int, quantity: int, now: datetime) -> PricedCart:
    """Sets how many pieces of an item are in; NotFound, InsufficientStock, InvalidInput for too many."""

    def change(cart: Cart) -> PricedCart:
        offers = _offers(cart, now)
        item = cart.item(item_id)
        variant = offers.variant(item.product_id, item.variant_id) if item else None
        if item is None or variant is None:
            raise NotFound("Item not found")
        return _saved(cart, with_quantity(cart, item, variant, quantity, iso(now)), offers, now)

    return _changed(visitor, now, change)


def remove_item(visitor: Visitor, item_id: int, now: datetime, *, must_be_there: bool = False) -> PricedCart:
    """Takes an item out; one that is not in is an error, NotFound, only where it `must_be_there`."""

    def change(cart: Cart) -> PricedCart:
        if must_be_there and cart.item(item_id) is None:
            raise NotFound("Item not found")
        after = replace(cart, items=tuple(item for item in cart.items if item.id != item_id))
        return _saved(cart, after, _offers(after, now), now)

    return _changed(visitor, now, change)


def clear_cart(visitor: Visitor, now: datetime) -> PricedCart:
    """Takes all items out; a discount code stays."""

    def change(cart: Cart) -> PricedCart:
        after = replace(cart, items=())
        return _saved(cart, after, _offers(after, now), now)

    return _changed(visitor, now, change)


def apply_discount(visitor: Visitor, text: str, now: datetime) -> PricedCart:
    """Puts a discount code on the cart, which uses nothing up; InvalidInput says why it cannot be."""
    code = discount_by_code(text.strip().upper())
    if code is None:
        raise InvalidInput("Invalid discount code", fields={"code": ["is not known"]})

    def change(cart: Cart) -> PricedCart:
        after = replace(cart, discount_code=code.code, discount_id=code.id)
        wanted = [item.product_id for item in cart.items]
        offers = replace(read_offers(wanted, now, with_terms=True), code=code)
        reason = price(after, offers, now).reason
        if reason is not None:
            raise InvalidInput(reason if code.is_usable(iso(now)) else NOT_USABLE)
        return _saved(cart, after, offers, now)

    return _changed(visitor, now, change)


def remove_discount(visitor: Visitor, now: datetime) -> PricedCart:
    """Takes the discount code off the cart."""

    def change(cart: Cart) -> PricedCart:
        after = replace(cart, discount_code=None, discount_id=None)
        return _saved(cart, after, _offers(after, now), now)

    return _changed(visitor, now, change)


def open_cart(visitor: Visitor, now: datetime) -> Cart:
    """The visitor's own cart by one consistent read; not stored (`is_stored`) when there is none.

    What a buyer put in before signing in is merged into it first, once, by a transaction.
    """
    return retry_when_stale(lambda: _opened(visitor, now))


def price(cart: Cart, offers: Offers, now: datetime) -> PricedCart:
    """The cart with the products, prices and discount code of `offers` and the tax of the shop."""
    lines = tuple(_lines(cart, offers))
    # A code that reads otherwise by now is not the one that was typed.
    typed = (cart.discount_code or "").upper()
    code = offers.code if offers.code and offers.code.typed == typed else None
    sums = _sums([order_line(line) for line in lines], code, offers.terms, now)
    reason = None
    if cart.discount_code is not None:
        reason = _reason(code, sums, now) if code else NOT_USABLE
    return PricedCart(cart, lines, sums, code, reason)


def _sums(
    lines: list[Line], code: DiscountCode | None, terms: SellingTerms | None, now: datetime
) -> tuple[Totals, ...]:
    """The amounts of each currency; a code takes something off where there is one only.

    A cart has no address: the tax is that of the shop's country.
    """
    from orders.taxes import taxed_totals

    taxation = _home_taxation(terms, now)
    currencies = sorted({line.currency for line in lines})
    if len(currencies) < 2:
        return (taxed_totals(lines, code, taxation, now),)
    each = ([line for line in lines if line.currency == currency] for currency in currencies)
    return tuple(taxed_totals(of_one, None, taxation, now) for of_one in each)


def _home_taxation(terms: SellingTerms | None, now: datetime) -> Taxation | None:
    if terms is None or terms.taxes is None:
        return None
    # Shops that have no terms of taxes start without the rules of them.
    from orders.taxation import home_taxation

    return home_taxation(terms.taxes, now)


def _reason(code: DiscountCode, sums: tuple[Totals, ...], now: datetime) -> str | None:
    if len(sums) > 1:
        return str(MixedCurrencies())
    return refusal(code, sums[0].subtotal, sums[0].currency, now)


def order_line(line: CartLine) -> Line:
    """The line of an order that an item of a cart stands for."""
    return Line(
        product_id=line.product.id,
        variant_id=line.variant.id,
        title=line.product.title,
        variant_name=line.variant.name,
        sku=line.variant.sku or line.product.sku,
        unit_price=unit_price(line.product.base_price, line.variant.price_adjustment, line.product.currency),
        quantity=line.item.quantity,
        currency=sold_in(line.product.currency),
        tax_class=line.product.tax_class,
    )


def _changed(visitor: Visitor, now: datetime, change: Callable[[Cart], PricedCart]) -> PricedCart:
    def step() -> PricedCart:
        return change(_opened(visitor, now))

    try:
        return retry_when_stale(step)
    except ShortOf as short:
        # What frees pieces brings payments along, and few carts need it.
        from orders.unpaid import free_overdue

        if not free_overdue({short.product_id}, now):
            raise
        return retry_when_stale(step)


def _opened(visitor: Visitor, now: datetime) -> Cart:
    keys = {visitor.key: None, visitor.guest_key: None}
    found = load_all(keys, now)
    own = found.get(visitor.key) or new_cart(visitor.key, visitor.session_id, visitor.user_id, now)
    guest = found.get(visitor.guest_key)
    if visitor.user_id is None or guest is None or not (guest.items or guest.discount_code):
        return own
    return _merge(own, guest, now)


def _merge(own: Cart, guest: Cart, now: datetime) -> Cart:
    offers = read_offers((item.product_id for item in guest.items), now)
    with UnitOfWork() as work:
        # Both carts are written under their versions, so that a merge that runs twice counts once, and
        # what is put into the guest's cart meanwhile is merged as well.
        stored = add_saved(work, own, merged(own, guest, offers), now)
        add_deleted(work, guest, now)
    return stored


def _offers(cart: Cart, now: datetime, *more: int) -> Offers:
    wanted = [*(item.product_id for item in cart.items), *more]
    return read_offers(wanted, now, cart.discount_id, with_terms=True)


def _saved(before: Cart, after: Cart, offers: Offers, now: datetime) -> PricedCart:
    stored = before if after == before else save(before, after, now)
    return price(stored, offers, now)


def _lines(cart: Cart, offers: Offers) -> list[CartLine]:
    lines = []
    for item in cart.items:
        variant = offers.variant(item.product_id, item.variant_id)
        if variant is not None:
            lines.append(CartLine(item, offers.products[item.product_id], variant))
    return lines
