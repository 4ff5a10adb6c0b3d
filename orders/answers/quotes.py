"""The shape of a quote."""

from decimal import Decimal
from typing import TypedDict

from orders.answers.orders import Delivery, TaxAmount


class QuotedItem(TypedDict):
    """A line as it would be ordered."""

    product_id: int
    variant_id: int
    product_name: str
    variant_name: str
    sku: str | None
    quantity: int
    unit_price: Decimal
    total_price: Decimal
    cannot_be_withdrawn: bool


class Quote(TypedDict):
    """What an order would cost now: `delivery` is the way that would be taken, of those that there are."""

    subtotal: Decimal
    discount: Decimal
    shipping: Decimal
    tax: Decimal
    total: Decimal
    currency: str
    prices_include_tax: bool
    taxes: list[TaxAmount]
    tax_treatment: str | None
    tax_note: str | None
    discount_code: str | None
    delivery: Delivery | None
    shipping_methods: list[Delivery]
    items: list[QuotedItem]
