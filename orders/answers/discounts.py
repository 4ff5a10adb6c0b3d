"""The shapes of what discount codes answer."""

from decimal import Decimal
from typing import NotRequired, TypedDict

from common.http.shapes import Message, Page


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
    includes_shipping: bool
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
