"""By which rule an order is taxed: where the goods go, who buys them, and what the shop has set down."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from common.errors import InvalidInput
from common.repositories.selling_terms import Taxes, TaxRate
from orders.repositories.vat_numbers import VatNumber
from orders.tax_notes import EXPORT, REVERSE_CHARGE
from orders.taxation import (
    DOMESTIC,
    NONE,
    ONE_RATE,
    ONE_STOP_SHOP,
    ORIGIN,
    UNTAXED,
    Buyer,
    Taxation,
    home_taxation,
    taxation_of,
)
from tests.orders.tax_builders import VIENNA, by_country

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
NUMBER = "ATU12345678"
CONFIRMED = VatNumber(NUMBER, "2026-11-01T00:00:00.000Z", "VIES", "2027-01-01T00:00:00.000Z")


def to(country: str, zip_code: str = "", terms: Taxes | None = None, **buyer: Any) -> Taxation:
    """How an order to a place is taxed."""
    address = {**VIENNA, "country": country, "zip_code": zip_code}
    found = taxation_of(terms or by_country(), Buyer(address, **buyer), NOW)
    assert found is not None
    return found


def decided(found: Taxation, tax_class: str | None = None) -> tuple[str, str, Decimal]:
    return found.treatment, found.country, found.rate_of(tax_class)[1]


@pytest.mark.parametrize("terms", [None, Taxes(ONE_RATE)])
def test_a_shop_with_one_rate_asks_for_no_country(terms: Taxes | None) -> None:
    assert taxation_of(terms, Buyer({**VIENNA, "country": "Nowhere"}), NOW) is None


def test_a_shop_that_charges_no_tax_says_why_wherever_the_goods_go() -> None:
    terms = Taxes(NONE, sentence="Regime forfettario, L. 190/2014")
    found = to("Nowhere", terms=terms)
    assert decided(found) == (UNTAXED, "", Decimal(0))
    assert found.note == "Regime forfettario, L. 190/2014"
    assert not found.has_amounts


@pytest.mark.parametrize(
    ("country", "zip_code", "expected"),
    [
        ("Italia", "10121", (DOMESTIC, "IT", "0.22")),
        ("AT", "1010", (ONE_STOP_SHOP, "AT", "0.2")),
        ("Österreich", "A-6691", (ONE_STOP_SHOP, "AT", "0.19")),
        ("Austria", "6991", (ONE_STOP_SHOP, "AT", "0.19")),
        ("Deutschland", "10115", (ONE_STOP_SHOP, "DE", "0.19")),
        ("Finland", "00100", (ONE_STOP_SHOP, "FI", "0.255")),
        ("Monaco", "98000", (ONE_STOP_SHOP, "FR", "0.2")),
        ("Portugal", "9500-150", (ONE_STOP_SHOP, "PT", "0.16")),
        ("Portugal", "9000-018", (ONE_STOP_SHOP, "PT", "0.22")),
        ("Portugal", "1100", (ONE_STOP_SHOP, "PT", "0.23")),
        ("Northern Ireland", "BT1 1AA", (ONE_STOP_SHOP, "XI", "0.2")),
        ("England", "B1 1AA", (EXPORT, "GB", "0")),
        ("CH", "8001", (EXPORT, "CH", "0")),
        ("Italy", "23041", (EXPORT, "IT", "0")),
        ("España", "35001", (EXPORT, "ES", "0")),
        ("Finland", "22100", (EXPORT, "FI", "0")),
        ("USA", "10001", (EXPORT, "US", "0")),
    ],
)
def test_the_place_decides_the_tax(country: str, zip_code: str, expected: tuple[str, str, str]) -> None:
    treatment, owed_in, rate = expected
    assert decided(to(country, zip_code)) == (treatment, owed_in, Decimal(rate))


def test_who_buys_from_outside_the_eu_is_told_of_import_charges_in_their_language() -> None:
    assert "import duties" in (to("US", language="en").note or "")
    assert "dazi" in (to("US", language="it").note or "")


def test_below_the_threshold_consumers_elsewhere_in_the_eu_pay_the_tax_of_the_shop() -> None:
    terms = by_country(distance_sales=ORIGIN)
    assert decided(to("AT", terms=terms)) == (DOMESTIC, "IT", Decimal("0.22"))
    assert decided(to("CH", terms=terms)) == (EXPORT, "CH", Decimal(0))


def test_what_has_no_address_is_handed_over_at_home() -> None:
    found = home_taxation(by_country(), NOW)
    assert found is not None
    assert decided(found) == (DOMESTIC, "IT", Decimal("0.22"))


@pytest.mark.parametrize(("typed", "said"), [("", "is required"), ("Atlantis", "is not a known country")])
def test_a_country_that_is_not_understood_is_named_where_the_tax_depends_on_it(typed: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        to(typed)
    assert refused.value.fields == {"shipping_address.country": [f"{said}: the tax depends on it"]}


def test_a_confirmed_business_in_another_member_state_owes_the_tax_itself() -> None:
    found = to("AT", vat_number=NUMBER, vat=CONFIRMED)
    assert decided(found) == (REVERSE_CHARGE, "AT", Decimal(0))
    assert NUMBER in (found.note or "")


@pytest.mark.parametrize(
    "vat",
    [
        None,
        replace(CONFIRMED, confirmed_until=None),
        replace(CONFIRMED, confirmed_until="2026-12-01T12:00:00.000Z"),
    ],
)
def test_a_number_that_is_not_confirmed_any_more_is_taxed_as_a_consumer_and_told(
    vat: VatNumber | None,
) -> None:
    found = to("AT", vat_number=NUMBER, vat=vat, language="en")
    assert decided(found) == (ONE_STOP_SHOP, "AT", Decimal("0.2"))
    assert found.note == f"The VAT number {NUMBER} is not confirmed, so VAT is charged as to a consumer."


def test_goods_that_stay_in_the_country_of_the_shop_are_taxed_whoever_buys_them() -> None:
    assert decided(to("IT", vat_number=NUMBER, vat=CONFIRMED)) == (DOMESTIC, "IT", Decimal("0.22"))


def test_a_number_of_the_country_of_the_shop_changes_nothing() -> None:
    own = replace(CONFIRMED, number="IT12345670017")
    found = to("AT", vat_number=own.number, vat=own)
    assert (found.treatment, found.note) == (ONE_STOP_SHOP, None)


def test_a_shop_outside_the_eu_charges_tax_at_home_alone() -> None:
    terms = by_country(home_country="CH", rates=(TaxRate("CH", "standard", Decimal("0.081"), "2024-01-01"),))
    assert decided(to("Schweiz", terms=terms)) == (DOMESTIC, "CH", Decimal("0.081"))
    assert decided(to("IT", terms=terms)) == (EXPORT, "IT", Decimal(0))


def test_the_day_of_the_shop_decides_which_rate_is_valid() -> None:
    # 23:30 in Rome is still June, half an hour later it is July.
    address = {**VIENNA, "country": "EE"}
    rates = []
    for minute in (30, 0):
        hour = 21 if minute else 22
        now = datetime(2025, 6, 30, hour, minute, tzinfo=UTC)
        found = taxation_of(by_country(), Buyer(address), now)
        assert found is not None
        rates.append(found.rate_of(None)[1])
    assert rates == [Decimal("0.22"), Decimal("0.24")]
