"""The shapes of what orders and payments answer."""

from decimal import Decimal
from typing import Any, NotRequired, TypedDict

from common.http.shapes import Continued, Message, Page


class TaxAmount(TypedDict):
    """What one rate (a fraction) comes to in an order or a refund, in its currency."""

    country: str
    tax_class: str
    rate: Decimal
    net: Decimal
    tax: Decimal


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
    shipping: Decimal
    total: Decimal
    currency: str
    prices_include_tax: bool
    payment_method: str | None
    refunded_amount: Decimal
    cancelled_at: str | None
    delivered_at: str | None
    withdrawal_status: str | None
    created_at: str
    updated_at: str


class Parcel(TypedDict):
    """A parcel on its way."""

    carrier: str
    tracking_number: str | None
    tracking_url: str | None
    shipped_at: str | None


class Delivery(TypedDict):
    """How an order reaches its buyer, by which price; `weight` in grams, `place` of a pick-up."""

    method: str
    price: Decimal
    country: str | None
    weight: int | None
    place: str | None


class ShopDelivery(TypedDict):
    """The same, its price as a text."""

    method: str
    price: str
    country: str | None
    weight: int | None
    place: str | None


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
    refunded_shipping: bool
    invoice: str | None
    parcel: Parcel | None


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
    tax_class: str | None
    tax_rate: Decimal | None
    refunded_quantity: int
    restocked_quantity: int
    numbers: NotRequired[list[int]]
    certificates: NotRequired[list[str]]
    cannot_be_withdrawn: bool
    created_at: str


class FullOrder(OrderSummary):
    """An order as its buyer sees it, without its items."""

    shipping_address: Any
    billing_address: Any
    notes: str | None
    taxes: list[TaxAmount]
    tax_treatment: str | None
    tax_note: str | None
    vat_number: str | None
    delivery: Delivery | None


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
    tax_class: str | None
    tax_rate: Decimal | None
    refunded_quantity: int
    restocked_quantity: int
    numbers: NotRequired[list[int]]
    certificates: NotRequired[list[str]]
    cannot_be_withdrawn: bool
    created_at: str


class ShopOrder(OrderState):
    """An order that was placed below /api/shop, its amounts as texts."""

    subtotal: str
    tax: str
    discount: str
    shipping: str
    total: str
    currency: str
    prices_include_tax: bool
    payment_method: str | None
    refunded_amount: str
    cancelled_at: str | None
    delivered_at: str | None
    withdrawal_status: str | None
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
    refunded_shipping: bool
    invoice: str | None
    parcel: Parcel | None
    shipping_address: Any
    billing_address: Any
    notes: str | None
    taxes: list[TaxAmount]
    tax_treatment: str | None
    tax_note: str | None
    vat_number: str | None
    delivery: ShopDelivery | None
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
    shipping: bool
    restocked_items: list[Piece]
    cancels: bool
    elsewhere: bool
    reason: str | None
    failure_reason: str | None
    provider_reference: str | None
    created_at: str
    closed_at: str | None
    credit_note: str | None
    taxes: list[TaxAmount]
    withdrawal: int | None


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
