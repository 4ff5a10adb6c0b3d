"""The bodies that discount routes accept, in the names of both storefronts."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, post_load, pre_load
from marshmallow.validate import Regexp

from common.clock import iso
from common.currencies import DEFAULT_CURRENCY
from common.dates import Stated
from common.http.fields import (
    Choice,
    Currency,
    DayOrMoment,
    Flag,
    Money,
    Number,
    StrictField,
    Text,
    WholeNumber,
)
from common.http.validation import Schema
from common.money import smallest_unit
from orders.repositories.discounts import FIXED, PERCENTAGE

MAX_USES = 1_000_000_000
LARGEST_SUBTOTAL = Decimal(10**12)
LEAST = smallest_unit(DEFAULT_CURRENCY)

_OTHER_NAMES = {
    "type": "discount_type",
    "value": "discount_value",
    "min_purchase": "min_purchase_amount",
    "min_order_value": "min_purchase_amount",
    "max_discount": "max_discount_amount",
    "starts_at": "valid_from",
    "expires_at": "valid_until",
    "active": "is_active",
}
_OTHER_TYPES = {"fixed_amount": FIXED}
_CODE = Regexp(r"[A-Z0-9_-]{3,50}\Z", error="must be 3 to 50 of A-Z, 0-9, _ and -")


class Code(Text):
    """The text of a discount code, in capital letters whatever is typed."""

    def read(self, value: Any) -> str:
        return super().read(value).upper()


class DiscountType(Choice):
    """A percentage or a fixed amount, which one storefront calls `fixed_amount`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(PERCENTAGE, FIXED, **kwargs)

    def read(self, value: Any) -> str:
        return super().read(_OTHER_TYPES.get(value, value) if isinstance(value, str) else value)


class Subtotal(StrictField[Decimal]):
    """An amount of money that a browser added up in floats; whoever knows its currency rounds it."""

    def read(self, value: Any) -> Decimal:
        try:
            return Number(minimum=0, maximum=LARGEST_SUBTOTAL).read(value)
        except ValidationError as error:
            raise ValidationError("must be a non-negative number") from error


class DiscountChanges(Schema):
    """Changes of a discount code; null clears what may be missing."""

    code = Code(50, shortest=1, validate=_CODE)
    description = Text(500, allow_none=True)
    discount_type = DiscountType()
    discount_value = Money(minimum=LEAST)
    min_purchase_amount = Money(allow_none=True)
    max_discount_amount = Money(minimum=LEAST, allow_none=True)
    valid_from = DayOrMoment(allow_none=True)
    valid_until = DayOrMoment(allow_none=True)
    max_uses = WholeNumber(minimum=1, maximum=MAX_USES, allow_none=True)
    is_active = Flag()
    currency = Currency()

    @pre_load
    def _own_names(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        renamed = {own: data[other] for other, own in _OTHER_NAMES.items() if other in data}
        return {**data, **renamed}

    @post_load
    def _moments(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The moments as they are stored, each beside the day that was meant, if it was one."""
        for name, edge in (("valid_from", "start"), ("valid_until", "end")):
            if name in data:
                said: Stated | None = data[name]
                data[name] = iso(getattr(said, edge)) if said else None
                data[f"{name}_day"] = said.day.isoformat() if said and said.day else None
        return data


# Every name by which something can be changed.
NAMES = frozenset({*DiscountChanges().fields, *_OTHER_NAMES})


class NewDiscount(DiscountChanges):
    """A new discount code."""

    code = Code(50, shortest=1, required=True, validate=_CODE)
    discount_type = DiscountType(required=True)
    discount_value = Money(minimum=LEAST, required=True)


class TriedCode(Schema):
    """A code and the subtotal that it is tried on."""

    code = Text(200, shortest=1, required=True)
    cartTotal = Subtotal(required=True)  # noqa: N815 - the storefront's name
    currency = Currency(load_default=None, allow_none=True)

    @pre_load
    def _own_names(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping) or "cart_total" not in data:
            return data
        return {"cartTotal": data["cart_total"], **data}
