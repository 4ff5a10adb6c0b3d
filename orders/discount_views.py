"""The JSON of discount codes, in the names of both storefronts."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from common.clock import iso, parse_iso
from common.sparse import without_none
from orders.discounts import DiscountPreview
from orders.repositories.discounts import PERCENTAGE, DiscountCode

UNLIMITED = -1
NOTHING = Decimal("0.00")
_HUNDREDTH = Decimal("0.01")


def type_word(code: DiscountCode) -> str:
    """The type as the storefronts call it: `percentage` or `fixed_amount`."""
    return PERCENTAGE if code.discount_type == PERCENTAGE else "fixed_amount"


def discount_json(code: DiscountCode) -> dict[str, Any]:
    """A discount code; what is not set is null in the storefronts' names, or 0, and left out in others.

    What was given as a date is shown as one, so that a form that sends it back means the same.
    """
    since, until = code.valid_from_day or code.valid_from, code.valid_until_day or code.valid_until
    limits = {
        "description": code.description,
        "min_purchase_amount": code.min_purchase_amount,
        "max_discount_amount": code.max_discount_amount,
        "max_discount": code.max_discount_amount,
        "valid_until": until,
    }
    return {
        "id": code.id,
        "code": code.code,
        "discount_type": code.discount_type,
        "type": type_word(code),
        "discount_value": code.discount_value,
        "value": code.discount_value,
        **without_none(limits),
        "min_purchase": code.min_purchase_amount or NOTHING,
        "max_uses": code.max_uses,
        "expires_at": until,
        "valid_from": since,
        "starts_at": since,
        "times_used": code.times_used,
        "used_count": code.times_used,
        "is_active": code.is_active,
        "active": code.is_active,
        "currency": code.currency,
        "includes_shipping": code.includes_shipping,
        "created_at": code.created_at,
        "updated_at": code.updated_at,
    }


def detail_json(code: DiscountCode, now: datetime) -> dict[str, Any]:
    """A discount code by itself, wrapped for one storefront and flat for the other."""
    body = discount_json(code)
    return {**body, "discount": body, "is_valid": code.is_usable(iso(now))}


def stats_json(code: DiscountCode, now: datetime) -> dict[str, Any]:
    """How far a discount code has been used up and how long it lasts; -1 uses left means no limit."""
    remaining, share = UNLIMITED, None
    if code.max_uses is not None:
        remaining = max(0, code.max_uses - code.times_used)
        share = (Decimal(100 * code.times_used) / code.max_uses).quantize(_HUNDREDTH, ROUND_HALF_UP)
    return {
        "discount": discount_json(code),
        "code": code.code,
        "is_valid": code.is_usable(iso(now)),
        "times_used": code.times_used,
        "used_count": code.times_used,
        **without_none({"max_uses": code.max_uses, "usage_percentage": share}),
        "remaining_uses": remaining,
        "days_until_expiry": _days_left(code, now),
        "is_active": code.is_active,
        "is_expired": code.has_ended(iso(now)),
        "is_max_uses_reached": code.is_used_up,
    }


def preview_json(preview: DiscountPreview) -> dict[str, Any]:
    """What a code would take off; `valid` false comes with the reason, except for an unknown code."""
    known = preview.code is not None
    return {
        "valid": preview.reason is None,
        "discount": discount_json(preview.code) if preview.code else None,
        "calculatedAmount": preview.amount,
        "discount_amount": preview.amount,
        **without_none({"reason": preview.reason if known else None, "message": preview.reason}),
    }


def _days_left(code: DiscountCode, now: datetime) -> int | None:
    """Whole days until a code ends, a day that has begun counted, 0 when it is over."""
    if code.valid_until is None:
        return None
    return max(0, -((now - parse_iso(code.valid_until)).days))
