"""The bodies that cart routes accept."""

from typing import Any

from marshmallow import ValidationError

from common.http.fields import LARGEST_ID, FromDropDown, StrictField, Text, WholeNumber
from common.http.validation import Schema
from orders.cart_items import MAX_QUANTITY


class PositiveInteger(StrictField[int]):
    """An integer from 1 to `maximum`; digits in a text are taken when `from_text`."""

    def __init__(self, maximum: int, *, from_text: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.maximum, self.from_text = maximum, from_text

    def read(self, value: Any) -> int:
        if isinstance(value, str) and not self.from_text:
            raise ValidationError("must be a positive integer")
        try:
            number = WholeNumber(minimum=1).read(value)
        except ValidationError as error:
            raise ValidationError("must be a positive integer") from error
        if number > self.maximum:
            raise ValidationError(f"must be at most {self.maximum}")
        return number


class NullablePositiveInteger(FromDropDown[int], PositiveInteger):
    """The same, or null."""


class Quantity(Schema):
    """How many pieces of an item there should be."""

    quantity = PositiveInteger(MAX_QUANTITY, required=True)


class NewItem(Schema):
    """What is put into a cart, one piece of it if nothing else is said."""

    product_id = PositiveInteger(LARGEST_ID, from_text=True, required=True)
    variant_id = NullablePositiveInteger(LARGEST_ID, from_text=True, load_default=None)
    quantity = PositiveInteger(MAX_QUANTITY, load_default=1)


class TypedCode(Schema):
    """A discount code as a buyer types it."""

    code = Text(50, shortest=1, required=True)
