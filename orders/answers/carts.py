"""The shapes of what carts answer."""

from decimal import Decimal
from typing import NotRequired, TypedDict

from common.product_shapes import Image, ProductHead, Variant


class CartItem(TypedDict):
    """An item of a cart, with its product and variant."""

    id: int
    cart_id: int
    product_id: int
    variant_id: int | None
    quantity: int
    created_at: str
    updated_at: str
    product: ProductHead
    variant: Variant


class CartHead(TypedDict):
    """A cart by itself."""

    id: int
    session_token: str
    session_id: str
    items: list[CartItem]
    discount_code: NotRequired[str]
    discount_reason: NotRequired[str]
    discount_amount: Decimal
    created_at: str
    updated_at: str


class CurrencySums(TypedDict):
    """The sums of the items of one currency."""

    currency: str
    subtotal: Decimal
    tax: Decimal
    total: Decimal


class Sums(TypedDict):
    """The amounts of a cart; 0 each in one of several currencies, which says so and has the sums of each."""

    subtotal: Decimal
    discount: Decimal
    tax: Decimal
    total: Decimal
    prices_include_tax: bool
    currency: NotRequired[None]
    notice: NotRequired[str]
    totals_by_currency: NotRequired[list[CurrencySums]]


class AppliedDiscount(TypedDict):
    """What a code that was just applied takes off."""

    discount_code: NotRequired[str]
    discount_type: NotRequired[str]
    discount_value: NotRequired[Decimal]
    discount_amount: NotRequired[Decimal]
    total_before: NotRequired[Decimal]
    total_after: NotRequired[Decimal]


class Cart(Sums):
    """A cart with its items and its amounts as numbers."""

    cart: CartHead
    items: list[CartItem]


class ClearedCart(Cart):
    """A cart without items."""

    message: str


class DiscountedCart(Cart, AppliedDiscount):
    """A cart, and what the code takes off."""


class ShopCartProduct(TypedDict):
    """A product in a cart, null where a field is not set."""

    id: int
    slug: str
    title: str
    short_description: str | None
    sku: str | None
    gtin: str | None
    character_id: int | None
    character_value: str | None
    etsy_link: str | None
    tax_class: NotRequired[str]
    cannot_be_withdrawn: NotRequired[bool]
    base_price: Decimal
    currency: str
    status: str
    created_at: str
    updated_at: str
    deleted_at: str | None
    images: list[Image]


class ShopCartVariant(Variant):
    """A variant in a cart."""

    deleted_at: None


class ShopCartItem(TypedDict):
    """An item of a cart, with its product and variant."""

    id: int
    cart_id: int
    product_id: int
    variant_id: int | None
    quantity: int
    created_at: str
    updated_at: str
    product: ShopCartProduct
    variant: ShopCartVariant


class ShopCartHead(TypedDict):
    """A cart by itself, its discount as a text."""

    id: int
    session_token: str
    session_id: str
    user_id: str | None
    items: list[ShopCartItem]
    discount_code: str | None
    discount_reason: NotRequired[str]
    discount_amount: str
    created_at: str
    updated_at: str


class ShopCart(Sums):
    """A cart beside its computed amounts."""

    cart: ShopCartHead


class ClearedShopCart(ShopCart):
    """A cart without items."""

    message: str


class ChangedCart(ShopCart, ShopCartHead):
    """A cart, with its own fields beside it."""


class DiscountedShopCart(ShopCart, AppliedDiscount):
    """A cart, and what the code takes off."""
