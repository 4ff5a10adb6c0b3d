"""The terms on which the shop sells: where it sends to, which tax it charges, who it is on its papers.

One row, `SELLING_TERMS/METADATA`, because a checkout needs all of it at once. A shop that has none sells as
without: parcels are free, and the tax is `TAX_RATE`.
"""

from dataclasses import dataclass
from decimal import Decimal

from common import prefixes
from common.currencies import DEFAULT_CURRENCY
from common.dynamodb import Item, Key
from common.dynamodb.rows import Rows


@dataclass(frozen=True, slots=True)
class Seller:
    """Who sells, as papers and mail name it; `lines` are those of the postal address, the country apart.

    `country` in two letters (ISO 3166-1), `vat_number` and `fiscal_code` as they are written on invoices.
    """

    name: str
    lines: tuple[str, ...] = ()
    country: str | None = None
    vat_number: str | None = None
    fiscal_code: str | None = None
    email: str | None = None
    phone: str | None = None


EVERYWHERE, EU = "*", "EU"
BY_WEIGHT, BY_VALUE, FLAT = "weight", "value", "flat"


@dataclass(frozen=True, slots=True)
class RateStep:
    """Up to and including `up_to`, grams or an amount, a parcel costs `price`; None is whatever is more."""

    price: Decimal
    up_to: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ShippingMethod:
    """A way to send parcels; its `steps` rise, and count weight or value as `by` says (FLAT has one).

    What is more than the last step cannot be sent so. From a value of `free_from` on it costs nothing.
    """

    name: str
    steps: tuple[RateStep, ...]
    by: str = FLAT
    free_from: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ShippingZone:
    """Where the same `methods` lead to: ISO 3166-1 codes, EU for the rest of it, EVERYWHERE for the rest."""

    name: str
    countries: tuple[str, ...]
    methods: tuple[ShippingMethod, ...]


@dataclass(frozen=True, slots=True)
class Shipping:
    """What parcels cost, in `currency`; each country is in one zone, or is not sent to.

    `pickup` is where buyers may fetch their order for nothing. `default_weight` (grams) is that of a piece
    whose variant has none, `packaging_weight` what a parcel weighs besides its pieces.
    """

    zones: tuple[ShippingZone, ...] = ()
    pickup: str | None = None
    default_weight: int | None = None
    packaging_weight: int | None = None
    currency: str = DEFAULT_CURRENCY


@dataclass(frozen=True, slots=True)
class Papers:
    """How the shop issues invoices and credit notes; it does once this and the seller are set.

    Numbers begin with the series, of capitals and digits. `issue_when` is `paid`, `placed`, or `asked`: by an
    administrator alone. `sentences` and `payment_terms` stand on each invoice as they are.
    """

    invoice_series: str = "FT"
    credit_note_series: str = "NC"
    issue_when: str = "paid"
    sentences: tuple[str, ...] = ()
    payment_terms: str | None = None


@dataclass(frozen=True, slots=True)
class TaxRate:
    """The `rate` (a fraction, as 0.2) of a class of goods in a country (ISO 3166-1 alpha-2).

    It holds from the day `valid_from` until before `valid_until` (`2026-01-31`, the shop's days), where
    `zip_codes` are given only in the places whose postal codes begin so. `source` is where it stands.
    """

    country: str
    tax_class: str
    rate: Decimal
    valid_from: str
    valid_until: str | None = None
    zip_codes: tuple[str, ...] = ()
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Taxes:
    """Which tax the shop charges, by `mode`: none, one rate (`TAX_RATE`), or that of a country.

    Without tax `sentence` says why, as papers have to. By country prices hold the tax
    (`prices_include_tax`) or it is added; consumers in other members of the EU pay by `distance_sales` the
    tax of `home_country` (ISO 3166-1 alpha-2) or their own. `rates` go before those that come with the shop.
    """

    mode: str
    sentence: str | None = None
    prices_include_tax: bool = False
    home_country: str | None = None
    distance_sales: str = "origin"
    rates: tuple[TaxRate, ...] = ()


@dataclass(frozen=True, slots=True)
class SellingTerms:
    """All that the shop has set down of how it sells; `version` counts the changes, 0 where there is none."""

    seller: Seller | None = None
    papers: Papers | None = None
    taxes: Taxes | None = None
    shipping: Shipping | None = None
    updated_at: str | None = None
    version: int = 0


TERMS = Rows(SellingTerms, "Selling terms", key=prefixes.SELLING_TERMS)
TERMS_KEY: Key = (prefixes.SELLING_TERMS, "METADATA")


def terms_in(row: Item | None) -> SellingTerms:
    """The terms that a row holds, those of a shop that has set none where there is no row."""
    return TERMS.of(row) if row else SellingTerms()


def selling_terms() -> SellingTerms:
    """The terms of this moment, by one consistent read."""
    return TERMS.get() or SellingTerms()
