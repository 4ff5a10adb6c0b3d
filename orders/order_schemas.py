"""What clients may send to check out and to change an order."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, pre_load

from common.emails import LONGEST, stored_form
from common.http.fields import Flag, HttpsAddress, Id, Money, NullableId, StrictField, Text, WholeNumber
from common.http.validation import Schema
from orders.vat_forms import LONGEST as LONGEST_VAT_NUMBER
from orders.vat_forms import stored_vat_number

MOST_QUANTITY = 999

_LONGEST_LIST = 200


class Email(StrictField[str]):
    """An e-mail address in the form that is stored, see common.emails."""

    def read(self, value: Any) -> str:
        text = Text(LONGEST).read(value)
        try:
            return stored_form(text)
        except ValueError as error:
            raise ValidationError("must be an e-mail address") from error


class VatNumber(StrictField[str]):
    """A VAT number of the EU in the form that is stored, see orders.vat_forms; empty for none."""

    def read(self, value: Any) -> str:
        text = Text(LONGEST_VAT_NUMBER).read(value)
        try:
            return stored_vat_number(text) if text else ""
        except ValueError as error:
            raise ValidationError(str(error)) from error


class AddressSchema(Schema):
    """Where a parcel or an invoice goes."""

    other_names: ClassVar[Mapping[str, str]] = {"postal_code": "zip_code"}

    street = Text(300, shortest=1, required=True)
    city = Text(200, shortest=1, required=True)
    state = Text(200)
    zip_code = Text(20)
    country = Text(100)


class WantedSchema(Schema):
    """One line of an order that names its items; prices and names are the shop's."""

    product_id = Id(required=True)
    variant_id = NullableId(load_default=None)
    quantity = WholeNumber(minimum=1, maximum=MOST_QUANTITY, load_default=1)


class QuotedAddressSchema(AddressSchema):
    """As much of an address as is known; only its country is needed."""

    street = Text(300)
    city = Text(200)


class QuoteSchema(Schema):
    """What an order would cost of named items, or of what is in the cart where there are no `items`.

    The body of a checkout may be sent: what says who buys is not looked at.
    """

    items = fields.List(fields.Nested(WantedSchema))
    session_token = Text(128, allow_none=True)
    discount_code = Text(50, allow_none=True)
    payment_method = Text(50, allow_none=True)
    shipping_address = fields.Nested(QuotedAddressSchema, allow_none=True)
    shipping_method = Text(60, allow_none=True)
    vat_number = VatNumber(allow_none=True)

    @pre_load
    def _some_items(self, data: Any, **_: Any) -> Any:
        _refuse_no_items(data)
        return data


class CheckoutSchema(Schema):
    """An order of named items, or of what is in the cart where there are no `items`."""

    customer_email = Email(required=True)
    customer_name = Text(200, shortest=1, required=True)
    items = fields.List(fields.Nested(WantedSchema))
    session_token = Text(128, allow_none=True)
    discount_code = Text(50, allow_none=True)
    payment_method = Text(50, allow_none=True)
    shipping_address = fields.Nested(AddressSchema, allow_none=True)
    shipping_method = Text(60, allow_none=True)
    billing_address = fields.Nested(AddressSchema, allow_none=True)
    notes = Text(2000, allow_none=True)
    vat_number = VatNumber(allow_none=True)

    @pre_load
    def _one_name(self, data: Any, **_: Any) -> Any:
        named = {**data}
        for name in ("email", "name"):
            if named.get(f"customer_{name}") in (None, "") and name in named:
                named[f"customer_{name}"] = named[name]
        if any(named.get(name) in (None, "") for name in ("customer_email", "customer_name")):
            raise ValidationError("customer_email and customer_name are required")
        _refuse_no_items(named)
        return named


def _refuse_no_items(data: Mapping[str, Any]) -> None:
    items = data.get("items", "of the cart")
    if items != "of the cart" and not (isinstance(items, list) and items):
        raise ValidationError("items must be a non-empty array")
    if isinstance(items, list) and len(items) > _LONGEST_LIST:
        raise ValidationError(f"items must have at most {_LONGEST_LIST} entries")


class Undoing(Schema):
    """What is said of money and pieces that come back; `restock` null is the usual choice."""

    restock = Flag(allow_none=True)
    reason = Text(500, allow_none=True)


class StatusSchema(Undoing):
    """A step of an order; `amount`, `restock` and `reason` are for refunds and cancellations.

    Of a parcel that is on its way `carrier`, `tracking_number` and `tracking_url` are told with it, or later.
    """

    refused_of_new: ClassVar[frozenset[str]] = frozenset()

    status = Text(50, shortest=1, required=True)
    amount = Money(allow_none=True)
    carrier = Text(60, allow_none=True)
    tracking_number = Text(60, allow_none=True)
    tracking_url = HttpsAddress(500, allow_none=True)
