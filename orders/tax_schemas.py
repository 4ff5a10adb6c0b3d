"""What administrators may send about taxes: the terms by which the shop charges them, and VAT numbers."""

import re
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length

from common import config
from common.clock import utc_now
from common.http.fields import Choice, Country, Flag, Number, StrictField, TaxClass, Text
from common.http.validation import Schema
from common.repositories.selling_terms import TaxRate
from orders.selling_terms_schemas import TermsSchema
from orders.tax_rates import has_standard_rate
from orders.taxation import BY_COUNTRY, DISTANCE_SALES, MODES

MOST_RATES = 200
MOST_ZIP_CODES = 50

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Day(StrictField[str]):
    """A day of the calendar, `2026-01-31`."""

    def read(self, value: Any) -> str:
        from datetime import date

        try:
            if isinstance(value, str) and _DAY.fullmatch(value):
                return date.fromisoformat(value).isoformat()
        except ValueError as error:
            raise ValidationError("must be a day that there is") from error
        raise ValidationError("must be a day such as 2026-01-31")


class RateSchema(Schema):
    """A rate of tax: where, of what, how much, and from when until before when."""

    country = Country(required=True)
    tax_class = TaxClass(required=True)
    rate = Number(minimum=0, maximum=1, required=True)
    valid_from = Day(required=True)
    valid_until = Day(allow_none=True)
    zip_codes = fields.List(Text(20, shortest=1), validate=Length(max=MOST_ZIP_CODES))
    source = Text(300, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def _ends_after_it_begins(self, data: dict[str, Any], **_: Any) -> None:
        until = data.get("valid_until")
        if until is not None and until <= data["valid_from"]:
            raise ValidationError("must be later than valid_from", "valid_until")


class ConfirmationSchema(Schema):
    """Whether a VAT number is valid, as an administrator has found out, and whose it is."""

    refused_of_new: ClassVar[frozenset[str]] = frozenset()

    confirmed = Flag(required=True)
    name = Text(200, allow_none=True)


class TaxesSchema(TermsSchema):
    """By which rule the shop charges tax."""

    mode = Choice(*MODES, required=True)
    sentence = Text(500, allow_none=True)
    prices_include_tax = Flag(allow_none=True)
    home_country = Country(allow_none=True)
    distance_sales = Choice(*DISTANCE_SALES, allow_none=True)
    rates = fields.List(fields.Nested(RateSchema), validate=Length(max=MOST_RATES))

    @validates_schema(skip_on_field_errors=True)
    def _is_whole(self, data: dict[str, Any], **_: Any) -> None:
        if data["mode"] != BY_COUNTRY:
            if data.get("prices_include_tax"):
                raise ValidationError("is for the mode by_country alone", "prices_include_tax")
            return
        home = data.get("home_country")
        if not home:
            raise ValidationError("is required where the tax is that of a country", "home_country")
        own = [TaxRate(**{"zip_codes": (), **it}) for it in data.get("rates") or ()]
        today = utc_now().astimezone(config.shop_time_zone()).date()
        if not has_standard_rate(home, today, own):
            raise ValidationError("has no standard rate: name it among the rates", "home_country")
