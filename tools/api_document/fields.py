"""JSON Schema of the fields by which bodies are read: what each takes, with its own bounds.

marshmallow knows nothing of them but that they are fields, and apispec asks marshmallow.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import singledispatch
from typing import Any

from marshmallow import fields, missing
from marshmallow.validate import Regexp

from catalog.marketplace_schemas import (
    LONGEST_TAG,
    MAX_TAGS,
    PictureAddress,
    PriceTag,
    Tags,
)
from catalog.schemas import Attributes
from common.emails import LONGEST
from common.http.fields import (
    Choice,
    Country,
    Currency,
    DayOrMoment,
    Flag,
    HttpsAddress,
    Money,
    NullableMoment,
    NullableTaxClass,
    Number,
    StrictField,
    TaxClass,
    Text,
    WholeNumber,
)
from common.http.picture_fields import Colour, Picture
from common.money import LARGEST_AMOUNT
from content.schemas import Pictures
from etsy_sync.fields import Asin, Disposition, Moment, ShortText, TextOrNumber, Truth
from etsy_sync.fields import Id as MildId
from etsy_sync.stock.returns import RULES
from orders.cart_schemas import PositiveInteger
from orders.discount_schemas import Code, DiscountType, Subtotal
from orders.order_schemas import Email, VatNumber
from orders.shipping_schemas import ZoneCountry
from orders.tax_schemas import Day
from orders.vat_forms import LONGEST as LONGEST_VAT_NUMBER
from shop.schemas import NameBesideId
from shop.user_fields import (
    LONGEST_EMAIL,
    LONGEST_ID,
    LONGEST_NAME,
    NAME_PATTERN,
    SHORTEST_EMAIL,
    AccountEmail,
    PersonName,
    UserIds,
)

Json = dict[str, Any]

# Forms send nothing but texts, and so do some pages in JSON.
_DIGITS = r"^\s*-?[0-9]{1,20}(\.0{1,20})?\s*$"
_DECIMAL = r"^\s*-?[0-9]{1,20}(\.[0-9]{1,20})?\s*$"


def attributes_of(_converter: Any, field: fields.Field[Any], **_: Any) -> Json:
    """What a field is in JSON Schema, for apispec, which puts it over what it knows by itself.

    TypeError for a field of the project's own that has no rule here.
    """
    rules = _rules(field)
    if field.load_default is not missing and not callable(field.load_default):
        # apispec hands a Decimal on, which JSON cannot say.
        rules["default"] = _number(field.load_default)
    if field.allow_none and "type" in rules:
        types = rules["type"]
        rules["type"] = [*(types if isinstance(types, list) else [types]), "null"]
        if "enum" in rules:
            rules["enum"] = [*rules["enum"], None]
    return rules


@singledispatch
def _rules(field: fields.Field[Any]) -> Json:
    if isinstance(field, StrictField):
        raise TypeError(f"{type(field).__name__} has no JSON Schema; give it one in {__name__}")
    return {}


def _rule(kind: type[Any]) -> Callable[[Callable[[Any], Json]], Callable[[Any], Json]]:
    """Registers the rule of one kind of field."""
    return _rules.register(kind)


@_rule(Text)
def _text(field: Text) -> Json:
    shortest = {"minLength": field.shortest} if field.shortest else {}
    # Blanks around a text are taken off before it is measured.
    visible = {"pattern": r"\S"} if field.shortest and field.strip else {}
    own = next((each.regex.pattern for each in field.validators if isinstance(each, Regexp)), None)
    pattern = {"pattern": _ecma(str(own))} if own else visible
    return {"type": "string", "maxLength": field.longest, **shortest, **pattern}


@_rule(HttpsAddress)
def _https_address(field: HttpsAddress) -> Json:
    shortest = {"minLength": field.shortest} if field.shortest else {}
    pattern = r"^\s*(https://[^\s@]+)?\s*$"
    return {"type": "string", "maxLength": field.longest, **shortest, "pattern": pattern}


@_rule(PictureAddress)
def _picture_address(_field: PictureAddress) -> Json:
    described = "An https address, or where an upload of this shop lies"
    return {"type": "string", "minLength": 1, "description": described}


@_rule(PriceTag)
def _price_tag(_field: PriceTag) -> Json:
    sign = "([A-Za-z]{3}|[€£¥$])"
    price = rf"^\s*(({sign}\s*)?[0-9][0-9.,' \u00a0\u202f’]*(\s*{sign})?)?\s*$"
    bounds = {"exclusiveMinimum": 0, "maximum": float(LARGEST_AMOUNT)}
    return {"type": ["string", "number"], "pattern": price, **bounds, "description": "Such as $29.99"}


@_rule(Tags)
def _tags(_field: Tags) -> Json:
    tag = {"type": "string", "minLength": 1, "maxLength": LONGEST_TAG, "pattern": r"\S"}
    return {"type": ["array", "null"], "items": tag, "maxItems": MAX_TAGS}


@_rule(NameBesideId)
def _name_beside_id(_field: NameBesideId) -> Json:
    return {"description": "A name as of a new one; without an id it is not looked at"}


@_rule(Code)
def _code(_field: Code) -> Json:
    return {"type": "string", "pattern": r"^\s*[A-Za-z0-9_-]{3,50}\s*$"}


@_rule(Currency)
def _currency(_field: Currency) -> Json:
    return {"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217"}


@_rule(Country)
def _country(field: Country) -> Json:
    described = "A country: its code (ISO 3166-1) or what people call it"
    return {"type": "string", "minLength": 1, "maxLength": field.longest, "description": described}


@_rule(ZoneCountry)
def _zone_country(field: ZoneCountry) -> Json:
    return _country(field) | {"description": "A country, `EU` for the rest of the Union, `*` for all else"}


@_rule(Email)
def _email(_field: Email) -> Json:
    return {"type": "string", "minLength": 3, "maxLength": LONGEST, "description": "An e-mail address"}


@_rule(VatNumber)
def _vat_number(_field: VatNumber) -> Json:
    described = "A VAT number of a member state of the EU, such as ATU12345678; empty for none"
    return {"type": "string", "maxLength": LONGEST_VAT_NUMBER, "description": described}


@_rule(TaxClass)
def _tax_class(field: TaxClass) -> Json:
    return {"type": "string", "maxLength": field.longest, "pattern": r"^\s*[a-z][a-z0-9_-]*\s*$"}


@_rule(NullableTaxClass)
def _nullable_tax_class(field: NullableTaxClass) -> Json:
    return _tax_class(field) | {"pattern": r"^\s*([a-z][a-z0-9_-]*)?\s*$"}


@_rule(Day)
def _day(_field: Day) -> Json:
    return {"type": "string", "format": "date"}


@_rule(AccountEmail)
def _account_email(_field: AccountEmail) -> Json:
    return {
        "type": "string",
        "minLength": SHORTEST_EMAIL,
        "maxLength": LONGEST_EMAIL,
        "description": "An e-mail address that looks like no other",
    }


@_rule(PersonName)
def _person_name(_field: PersonName) -> Json:
    return {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME, "pattern": NAME_PATTERN}


@_rule(UserIds)
def _user_ids(field: UserIds) -> Json:
    ids = {"type": "string", "maxLength": LONGEST_ID}
    return {"type": "array", "items": ids, "maxItems": field.most}


@_rule(WholeNumber)
def _whole_number(field: WholeNumber) -> Json:
    return {"type": ["integer", "string"], "pattern": _DIGITS, **_bounds(field.minimum, field.maximum)}


@_rule(PositiveInteger)
def _positive_integer(field: PositiveInteger) -> Json:
    texts = {"type": ["integer", "string"], "pattern": _DIGITS} if field.from_text else {"type": "integer"}
    return {**texts, **_bounds(1, field.maximum)}


@_rule(Money)
@_rule(Number)
def _decimal(field: Money | Number) -> Json:
    return {"type": ["number", "string"], "pattern": _DECIMAL, **_bounds(field.minimum, field.maximum)}


@_rule(Subtotal)
def _subtotal(_field: Subtotal) -> Json:
    return {"type": ["number", "string"], "pattern": _DECIMAL, "minimum": 0}


@_rule(Flag)
def _flag(_field: Flag) -> Json:
    return {"type": ["boolean", "string"], "enum": [True, False, "true", "false"]}


@_rule(Truth)
def _truth(_field: Truth) -> Json:
    return {"type": "boolean"}


@_rule(Choice)
def _choice(field: Choice) -> Json:
    return {"type": "string", "enum": list(field.choices)}


@_rule(DiscountType)
def _discount_type(field: DiscountType) -> Json:
    return {"type": "string", "enum": [*field.choices, "fixed_amount"]}


@_rule(DayOrMoment)
def _day_or_moment(_field: DayOrMoment) -> Json:
    return {"type": "string", "description": "A day of the shop or a time, in ISO 8601"}


@_rule(NullableMoment)
def _nullable_moment(field: NullableMoment) -> Json:
    meant = "end" if field.ends else "beginning"
    said = f"A time, or a day of the shop, whose {meant} it is, in ISO 8601; null and an empty text are none"
    return {"type": "string", "description": said}


@_rule(Attributes)
def _attributes(_field: Attributes) -> Json:
    return {"type": ["object", "string"], "description": "An object, or the JSON text of one"}


@_rule(Colour)
def _colour(field: Colour) -> Json:
    return {"type": "string", "pattern": f"^(#[0-9A-Fa-f]{{6}}){'' if field.needed else '?'}$"}


@_rule(Picture)
def _picture(_field: Picture) -> Json:
    return {"type": "string", "description": "The address of a picture; empty for none"}


@_rule(Pictures)
def _pictures(field: Pictures) -> Json:
    return {
        "type": ["array", "string", "null"],
        "items": {"type": "string", "minLength": 1},
        "maxItems": field.maximum,
        "description": "Addresses of pictures, or their list as JSON text; null and an empty text are none",
    }


@_rule(ShortText)
@_rule(Moment)
def _mild(_field: StrictField[Any]) -> Json:
    return {"description": "A text; what cannot be used counts as not said"}


@_rule(Asin)
def _asin(_field: Asin) -> Json:
    return {"type": "string", "pattern": r"^\s*[A-Z0-9]{10}\s*$"}


@_rule(MildId)
def _mild_id(_field: MildId) -> Json:
    return {"type": ["integer", "string"], "minimum": 1, "pattern": r"^\s*[0-9]{1,19}\s*$"}


@_rule(TextOrNumber)
def _text_or_number(_field: TextOrNumber) -> Json:
    return {"type": ["string", "integer"]}


@_rule(Disposition)
def _disposition(_field: Disposition) -> Json:
    return {"type": "string", "enum": sorted(RULES)}


def _bounds(minimum: Decimal | int | None, maximum: Decimal | int | None) -> Json:
    stated = {"minimum": minimum, "maximum": maximum}
    return {name: _number(bound) for name, bound in stated.items() if bound is not None}


def _number(value: Any) -> Any:
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


def _ecma(pattern: str) -> str:
    """Python's pattern as JSON Schema reads it: `match` holds the beginning, and `\\Z` is the end."""
    return re.sub(r"^\^?", "^", pattern.replace(r"\Z", "$"))
