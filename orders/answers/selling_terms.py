"""The shapes of the terms on which the shop sells, as the administrator sees them.

A part that is not set has nothing but `is_set`, `version` and `updated_at`.
"""

from decimal import Decimal
from typing import Any, NotRequired, TypedDict


class TermsState(TypedDict):
    """Whether a part is set, and how often and when the terms were last changed."""

    is_set: bool
    version: int
    updated_at: str | None


class SellerTerms(TermsState):
    """Who sells."""

    name: NotRequired[str]
    lines: NotRequired[list[str]]
    country: NotRequired[str | None]
    vat_number: NotRequired[str | None]
    fiscal_code: NotRequired[str | None]
    email: NotRequired[str | None]
    phone: NotRequired[str | None]


class PaperTerms(TermsState):
    """How papers are issued."""

    invoice_series: NotRequired[str]
    credit_note_series: NotRequired[str]
    issue_when: NotRequired[str]
    sentences: NotRequired[list[str]]
    payment_terms: NotRequired[str | None]


class TaxRate(TypedDict):
    """A rate of tax (a fraction) of a class of goods in a country, and the days from and before which."""

    country: str
    tax_class: str
    rate: Decimal
    valid_from: str
    valid_until: str | None
    zip_codes: list[str]
    source: str | None


class TaxTerms(TermsState):
    """By which rule the shop charges tax."""

    mode: NotRequired[str]
    sentence: NotRequired[str | None]
    prices_include_tax: NotRequired[bool]
    home_country: NotRequired[str | None]
    distance_sales: NotRequired[str]
    rates: NotRequired[list[TaxRate]]


class RateStep(TypedDict):
    """What it costs up to so many grams or such an amount; null for however much it is."""

    price: Decimal
    up_to: Decimal | None


class ShippingMethod(TypedDict):
    """A way to send parcels."""

    name: str
    by: str
    steps: list[RateStep]
    free_from: Decimal | None


class ShippingZone(TypedDict):
    """Countries and what leads to them."""

    name: str
    countries: list[str]
    methods: list[ShippingMethod]


class ShippingTerms(TermsState):
    """What parcels cost."""

    zones: NotRequired[list[ShippingZone]]
    pickup: NotRequired[str | None]
    default_weight: NotRequired[int | None]
    packaging_weight: NotRequired[int | None]
    currency: NotRequired[str]


class SellingTerms(TypedDict):
    """All terms, each part by its name, null where it is not set."""

    parts: dict[str, Any]
    version: int
    updated_at: str | None
