"""The bodies that discount routes accept, in the names of both storefronts."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from marshmallow import ValidationError, post_load
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


class DiscountSchema(Schema):
    """A discount code, new or changed; null clears what may be missing."""

    other_names: ClassVar[Mapping[str, str]] = {
        "type": "discount_type",
        "value": "discount_value",
        "min_purchase": "min_purchase_amount",
        "min_order_value": "min_purchase_amount",
        "max_discount": "max_discount_amount",
        "starts_at": "valid_from",
        "expires_at": "valid_until",
        "active": "is_active",
    }
    others_win = True

    code = Code(50, shortest=1, required=True, validate=_CODE)
    description = Text(500, allow_none=True)
    discount_type = DiscountType(required=True)
    discount_value = Money(minimum=LEAST, required=True)
    min_purchase_amount = Money(allow_none=True)
    max_discount_amount = Money(minimum=LEAST, allow_none=True)
    valid_from = DayOrMoment(allow_none=True)
    valid_until = DayOrMoment(allow_none=True)
    max_uses = WholeNumber(minimum=1, maximum=MAX_USES, allow_none=True)
    is_active = Flag()
    includes_shipping = Flag()
    currency = Currency()

    @post_load
    def _moments(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The moments as they are stored, each beside the day that was meant, if it was one."""
        for name, edge in (("valid_from", "start"), ("valid_until", "end")):
            if name in data:
                said: Stated | None = data[name]
                data[name] = iso(getattr(said, edge)) if said else None
                data[f"{name}_day"] = said.day.isoformat() if said and said.day else None
        return data


class TriedCode(Schema):
    """A code and the subtotal that it is tried on."""

    other_names: ClassVar[Mapping[str, str]] = {"cart_total": "cartTotal"}

    code = Text(200, shortest=1, required=True)
    cartTotal = Subtotal(required=True)  # noqa: N815 - the storefront's name
    currency = Currency(load_default=None, allow_none=True)
