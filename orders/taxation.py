"""By which rule an order is taxed: in which country, at whose rates, with which sentence on its papers.

The place of supply of goods that are sent to consumers: Directive 2006/112/EC, articles 33 and 59c; to
businesses in another member state: article 138; out of the EU: article 146.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from common import config
from common.countries import country_code, vat_area
from common.errors import InvalidInput
from common.repositories.selling_terms import Taxes
from orders.repositories.vat_numbers import VatNumber, country_of
from orders.tax_notes import EXPORT, REVERSE_CHARGE, UNCONFIRMED, note_of
from orders.tax_rates import STANDARD, Place, rate_in

NONE, ONE_RATE, BY_COUNTRY = "none", "one_rate", "by_country"
MODES = (NONE, ONE_RATE, BY_COUNTRY)

ORIGIN, DESTINATION = "origin", "destination"
DISTANCE_SALES = (ORIGIN, DESTINATION)

# What the tax of an order is: none at all, that of the shop's country, or that of the buyer's, which is
# declared through the one-stop shop. Two more are those of which papers say why there is none.
UNTAXED, DOMESTIC, ONE_STOP_SHOP = "untaxed", "domestic", "one_stop_shop"


@dataclass(frozen=True, slots=True)
class Buyer:
    """What of a buyer decides the tax: where the goods go, as typed, and the VAT number, if any.

    Without an `address` the goods are handed over in the shop's country. `vat` is what is known of the
    number, in the form that is stored; `language` is that of the sentences.
    """

    address: Mapping[str, str] | None = None
    vat_number: str | None = None
    vat: VatNumber | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Taxation:
    """How an order is taxed: one of the treatments, the place whose rates apply on a `day`, and the note.

    `country` is where the tax is owed, or would be. `place` is None where the rate is 0.
    """

    treatment: str
    country: str
    terms: Taxes
    day: date
    place: Place | None = None
    note: str | None = None

    @property
    def has_amounts(self) -> bool:
        """Whether its amounts are kept by rate."""
        return self.treatment != UNTAXED

    @property
    def includes_tax(self) -> bool:
        """Whether the tax is a part of the prices."""
        return self.has_amounts and self.terms.prices_include_tax

    def rate_of(self, tax_class: str | None) -> tuple[str, Decimal]:
        """As what a class of goods is taxed, and at which rate (a fraction); 0 where nothing is owed.

        A class that has no rate of its own there is taxed at the standard rate. ConfigurationError where
        there is none of that day.
        """
        if self.place is None:
            return tax_class or STANDARD, Decimal(0)
        return rate_in(self.place, tax_class, self.day, self.terms.rates)


def taxation_of(terms: Taxes | None, buyer: Buyer, now: datetime) -> Taxation | None:
    """How an order is taxed that is placed at `now`; None for one rate everywhere, `TAX_RATE`.

    InvalidInput names the country of the address where the tax depends on it and it is not understood.
    """
    if terms is None or terms.mode == ONE_RATE:
        return None
    home = terms.home_country or ""
    day = now.astimezone(config.shop_time_zone()).date()
    if terms.mode == NONE:
        return Taxation(UNTAXED, home, terms, day, note=terms.sentence)
    country, zip_code = _destination(buyer.address, home)
    area, home_area = vat_area(country, zip_code), vat_area(home)
    if area == home_area and (country == home or area is not None):
        # Monaco is France to the tax, and has the rates of the whole.
        return Taxation(DOMESTIC, home, terms, day, Place(home, zip_code if country == home else None))
    if area is None or home_area is None:
        return Taxation(EXPORT, country, terms, day, note=note_of(EXPORT, buyer.language))
    return _across_the_union(Place(area, zip_code), terms, day, buyer, now)


def home_taxation(terms: Taxes | None, now: datetime) -> Taxation | None:
    """How what is sold in the shop's own country is taxed, for prices that are shown before an address is."""
    return taxation_of(terms, Buyer(), now)


def _across_the_union(place: Place, terms: Taxes, day: date, buyer: Buyer, now: datetime) -> Taxation:
    """What goes from one member state to another."""
    home, note = terms.home_country or "", None
    if buyer.vat_number is not None and country_of(buyer.vat_number) != home:
        if buyer.vat is not None and buyer.vat.is_in_force(now):
            return Taxation(
                REVERSE_CHARGE,
                place.country,
                terms,
                day,
                note=note_of(REVERSE_CHARGE, buyer.language, buyer.vat_number),
            )
        note = note_of(UNCONFIRMED, buyer.language, buyer.vat_number)
    if terms.distance_sales == DESTINATION:
        return Taxation(ONE_STOP_SHOP, place.country, terms, day, place, note)
    return Taxation(DOMESTIC, home, terms, day, Place(home), note)


def _destination(address: Mapping[str, str] | None, home: str) -> tuple[str, str | None]:
    if address is None:
        return home, None
    country = country_code(address.get("country"))
    if country is None:
        said = "is required" if not (address.get("country") or "").strip() else "is not a known country"
        raise InvalidInput.of_field("shipping_address.country", f"{said}: the tax depends on it")
    return country, address.get("zip_code")
