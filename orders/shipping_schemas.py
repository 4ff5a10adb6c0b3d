"""What administrators may send as terms of shipping."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, post_load
from marshmallow.validate import Length

from common.collation import folded
from common.currencies import DEFAULT_CURRENCY
from common.http.fields import Choice, Country, Currency, Money, Text, WholeNumber
from common.http.validation import Schema
from common.money import is_exact
from common.repositories.selling_terms import BY_VALUE, BY_WEIGHT, EU, EVERYWHERE, FLAT
from orders.selling_terms_schemas import TermsSchema
from orders.shipping import PICKUP

# A checkout reads all of it: these keep the row within a few kilobytes.
MOST_ZONES, MOST_METHODS, MOST_STEPS = 20, 6, 15
MOST_COUNTRIES = 250
HEAVIEST = 1_000_000


class ZoneCountry(Country):
    """A country, `EU` for those of the Union that no zone names, `*` for all that no zone names."""

    def read(self, value: Any) -> str:
        text = Text(self.longest).read(value)
        return text.upper() if text.upper() in (EU, EVERYWHERE) else super().read(value)


class RateStepSchema(Schema):
    """Up to and including `up_to` (grams or an amount) it costs `price`; without it, however much it is."""

    up_to = Money(minimum=Decimal("0.01"), allow_none=True)
    price = Money(required=True)


class ShippingMethodSchema(Schema):
    """A way to send parcels; without `by` it has one price."""

    name = Text(60, shortest=1, required=True)
    by = Choice(BY_WEIGHT, BY_VALUE, FLAT)
    steps = fields.List(fields.Nested(RateStepSchema), required=True, validate=Length(1, MOST_STEPS))
    free_from = Money(allow_none=True)

    @post_load
    def _rising(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if folded(data["name"]) == PICKUP:
            raise ValidationError({"name": [f"must not be {PICKUP}, which costs nothing"]})
        limits = [step.get("up_to") for step in data["steps"]]
        if data.get("by", FLAT) == FLAT and limits != [None]:
            raise ValidationError({"steps": ["must be one price without up_to, where it goes by nothing"]})
        bounds = [limit for limit in limits[:-1] if limit is not None]
        last = limits[-1]
        is_rising = bounds + ([last] if last is not None else [])
        if len(bounds) != len(limits) - 1 or is_rising != sorted(set(is_rising)):
            raise ValidationError({"steps": ["must rise, and only the last may have no up_to"]})
        if data.get("by") == BY_WEIGHT:
            data["steps"] = [_in_grams(step) for step in data["steps"]]
        return data


class ShippingZoneSchema(Schema):
    """Countries and what leads to them."""

    name = Text(60, shortest=1, required=True)
    countries = fields.List(ZoneCountry(), required=True, validate=Length(1, MOST_COUNTRIES))
    methods = fields.List(
        fields.Nested(ShippingMethodSchema), required=True, validate=Length(1, MOST_METHODS)
    )

    @post_load
    def _names(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        _refuse_twice("methods", (folded(method["name"]) for method in data["methods"]))
        return data


class ShippingSchema(TermsSchema):
    """What parcels cost: zones, or a place to pick up, or both."""

    zones = fields.List(fields.Nested(ShippingZoneSchema), validate=Length(max=MOST_ZONES))
    pickup = Text(300, shortest=1, allow_none=True)
    default_weight = WholeNumber(minimum=1, maximum=HEAVIEST, allow_none=True)
    packaging_weight = WholeNumber(minimum=0, maximum=HEAVIEST, allow_none=True)
    currency = Currency()

    @post_load
    def _together(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        zones = data.get("zones", [])
        if not zones and not data.get("pickup"):
            raise ValidationError({"zones": ["is required, where there is no pickup"]})
        _refuse_twice("zones", (folded(zone["name"]) for zone in zones))
        _refuse_twice("zones", (country for zone in zones for country in zone["countries"]))
        methods = [method for zone in zones for method in zone["methods"]]
        if any(method.get("by") == BY_WEIGHT for method in methods) and not data.get("default_weight"):
            needed = (
                "is required where rates go by weight: what a piece counts as whose variant has no weight"
            )
            raise ValidationError({"default_weight": [needed]})
        _refuse_finer(methods, data.get("currency", DEFAULT_CURRENCY))
        return data


def _in_grams(step: dict[str, Any]) -> dict[str, Any]:
    limit = step.get("up_to")
    if limit is None:
        return step
    if limit % 1:
        raise ValidationError({"steps": ["must be up_to whole grams"]})
    return {**step, "up_to": Decimal(int(limit))}


def _refuse_twice(field: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValidationError({field: [f"must not name {name} twice"]})
        seen.add(name)


def _refuse_finer(methods: Iterable[dict[str, Any]], currency: str) -> None:
    for method in methods:
        amounts = [method.get("free_from"), *(step["price"] for step in method["steps"])]
        if any(amount is not None and not is_exact(amount, currency) for amount in amounts):
            raise ValidationError({"zones": [f"must not have amounts that are finer than {currency}"]})
