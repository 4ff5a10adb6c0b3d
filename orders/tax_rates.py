"""The rates of tax: those that come with the shop, as data with days and sources, and the shop's own."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from common.config import ConfigurationError
from common.countries import is_within
from common.repositories.selling_terms import TaxRate

DATA = Path(__file__).with_name("tax_rates.json")

STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class Place:
    """Where tax is owed: a country (ISO 3166-1 alpha-2), and a postal code for those with several rates."""

    country: str
    zip_code: str | None = None


def rate_in(
    place: Place, tax_class: str | None, day: date, own: Sequence[TaxRate] = ()
) -> tuple[str, Decimal]:
    """As what a class of goods is taxed at a place on a `day`, and at which rate (a fraction).

    The shop's `own` rates go before those that come with it, a class before the standard rate, rates of a
    part of a country before those of the whole, and later ones before earlier ones. A class without a rate
    there is taxed at the standard rate, which is never less. ConfigurationError where that is missing too.
    """
    for wanted in dict.fromkeys((tax_class or STANDARD, STANDARD)):
        for rates in (own, packaged_rates()):
            found = _best(rates, place, wanted, day.isoformat())
            if found is not None:
                return wanted, found.rate
    raise ConfigurationError(f"There is no standard rate of tax of {place.country} on {day}")


def has_standard_rate(country: str, day: date, own: Sequence[TaxRate] = ()) -> bool:
    """Whether there is a standard rate of a whole country on a day."""
    return any(
        _best(rates, Place(country), STANDARD, day.isoformat()) is not None
        for rates in (own, packaged_rates())
    )


@cache
def packaged_rates() -> tuple[TaxRate, ...]:
    """The rates that come with the shop."""
    held = json.loads(DATA.read_text(encoding="utf-8"))
    return tuple(
        TaxRate(
            country=it["country"],
            tax_class=it["class"],
            rate=Decimal(it["rate"]),
            valid_from=it["from"],
            valid_until=it.get("until"),
            zip_codes=tuple(it.get("zip_codes", ())),
            source=held["sources"][it["source"]],
        )
        for it in held["rates"]
    )


def _best(rates: Iterable[TaxRate], place: Place, tax_class: str, day: str) -> TaxRate | None:
    valid = (
        it
        for it in rates
        if it.country == place.country
        and it.tax_class == tax_class
        and it.valid_from <= day
        and (it.valid_until is None or day < it.valid_until)
        and (not it.zip_codes or is_within(place.zip_code, it.zip_codes))
    )
    return max(valid, key=lambda it: (bool(it.zip_codes), it.valid_from), default=None)
