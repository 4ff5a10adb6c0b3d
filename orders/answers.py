"""The shapes of what carts, discount codes, orders and payments answer, by the names that routes declare."""

from decimal import Decimal
from typing import Any, NotRequired, TypedDict

from common.http.shapes import Continued, Message, Page
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


class Discount(TypedDict):
    """A discount code, in the names of both storefronts."""

    id: int
    code: str
    discount_type: str
    type: str
    discount_value: Decimal
    value: Decimal
    description: NotRequired[str]
    min_purchase_amount: NotRequired[Decimal]
    max_discount_amount: NotRequired[Decimal]
    max_discount: NotRequired[Decimal]
    valid_until: NotRequired[str]
    min_purchase: Decimal
    max_uses: int | None
    expires_at: str | None
    valid_from: str
    starts_at: str
    times_used: int
    used_count: int
    is_active: bool
    active: bool
    currency: str
    created_at: str
    updated_at: str


class DiscountDetail(Discount):
    """A discount code by itself, wrapped and flat."""

    discount: Discount
    is_valid: bool


class DiscountPage(Page):
    """A page of discount codes; `count` counts those shown."""

    discounts: list[Discount]
    count: int
    nextCursor: NotRequired[str]


class DeletedDiscount(Message):
    """A code that is not there any more."""

    id: int


class DiscountStats(TypedDict):
    """How far a code has been used up; -1 uses left means no limit."""

    discount: Discount
    code: str
    is_valid: bool
    times_used: int
    used_count: int
    max_uses: NotRequired[int]
    usage_percentage: NotRequired[Decimal]
    remaining_uses: int
    days_until_expiry: int | None
    is_active: bool
    is_expired: bool
    is_max_uses_reached: bool


class Trial(TypedDict):
    """What a code would take off."""

    valid: bool
    discount: Discount | None
    calculatedAmount: Decimal
    discount_amount: Decimal
    reason: NotRequired[str]
    message: NotRequired[str]


class OrderState(TypedDict):
    """How an order stands, which a stranger may know."""

    id: int
    order_number: str
    payment_status: str
    fulfillment_status: str
    status: str


class PublicOrder(OrderState):
    """What whoever holds an order is told of its payment."""

    subtotal: Decimal
    tax: Decimal
    discount: Decimal
    total: Decimal
    currency: str
    payment_method: str | None
    refunded_amount: Decimal
    cancelled_at: str | None
    delivered_at: str | None
    created_at: str
    updated_at: str


class OrderSummary(PublicOrder):
    """An order in the administrator's list."""

    customer_email: str
    customer_name: str
    user_id: str | None
    payment_intent_id: str | None
    discount_code: str | None
    deleted_at: str | None
    dispute_status: str | None
    disputed_amount: Decimal
    lost_amount: Decimal


class OrderItem(TypedDict):
    """A line of an order, with both names of each text."""

    id: int
    order_id: int
    product_id: int | None
    variant_id: int | None
    product_name: str
    product_title: str
    variant_name: str | None
    sku: str | None
    product_sku: str | None
    quantity: int
    unit_price: Decimal
    total_price: Decimal
    refunded_quantity: int
    restocked_quantity: int
    created_at: str


class FullOrder(OrderSummary):
    """An order as its buyer sees it, without its items."""

    shipping_address: Any
    billing_address: Any
    notes: str | None


class Order(FullOrder):
    """One order with its items."""

    items: list[OrderItem]


OrderOrState = Order | OrderState


class CustomerOrders(Continued):
    """The orders of one address, the newest first; `count` counts those shown."""

    items: list[OrderSummary]
    count: int


class SummaryPage(Page):
    """A page of orders."""

    orders: list[OrderSummary]


AdminOrders = SummaryPage | list[OrderSummary]


class OrderPage(Page):
    """A page of orders with their items."""

    orders: list[Order]


class PlacedOrder(TypedDict):
    """An order that was placed, its secret, and what the buyer needs to pay."""

    order: FullOrder
    items: list[OrderItem]
    order_id: int
    order_number: str
    total: Decimal
    status: str
    access_token: str
    payment_intent_id: str | None
    client_secret: NotRequired[str | None]
    payment_metadata: NotRequired[dict[str, Any]]


class ShopOrderItem(TypedDict):
    """A line of an order, its amounts as texts."""

    id: int
    order_id: int
    product_id: int | None
    variant_id: int | None
    product_name: str
    product_title: str
    variant_name: str | None
    sku: str | None
    product_sku: str | None
    quantity: int
    unit_price: str
    total_price: str
    refunded_quantity: int
    restocked_quantity: int
    created_at: str


class ShopOrder(OrderState):
    """An order that was placed below /api/shop, its amounts as texts."""

    subtotal: str
    tax: str
    discount: str
    total: str
    currency: str
    payment_method: str | None
    refunded_amount: str
    cancelled_at: str | None
    delivered_at: str | None
    created_at: str
    updated_at: str
    customer_email: str
    customer_name: str
    user_id: str | None
    payment_intent_id: str | None
    discount_code: str | None
    deleted_at: str | None
    dispute_status: str | None
    disputed_amount: str
    lost_amount: str
    shipping_address: Any
    billing_address: Any
    notes: str | None
    items: list[ShopOrderItem]
    order_id: int
    access_token: str
    client_secret: str | None
    payment_metadata: NotRequired[dict[str, Any]]


class PaymentOutcome(TypedDict):
    """How a payment went; where the buyer's bank wants more, with the secret for the provider's form."""

    order: PublicOrder | OrderState
    transaction_id: str | None
    requires_action: NotRequired[bool]
    client_secret: NotRequired[str | None]


class Received(TypedDict):
    """A report that was taken."""

    received: bool


class Piece(TypedDict):
    """So many pieces of a line."""

    line: int
    quantity: int


class Refund(TypedDict):
    """A refund and how it stands."""

    number: int
    amount: Decimal
    status: str
    items: list[Piece]
    restocked_items: list[Piece]
    cancels: bool
    elsewhere: bool
    reason: str | None
    failure_reason: str | None
    provider_reference: str | None
    created_at: str
    closed_at: str | None


class Refunds(TypedDict):
    """The refunds of an order, the oldest first."""

    refunds: list[Refund]


class Owed(Message):
    """Money that goes back by hand."""

    amount: Decimal


class RefundedOrder(Order):
    """An order, and what was given back; `repeated` where that had been done before."""

    repeated: bool
    refund: NotRequired[Refund]
    refund_elsewhere: NotRequired[Owed]
