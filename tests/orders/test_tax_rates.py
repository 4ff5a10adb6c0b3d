"""The table of rates: what is packaged is whole, and the shop's own entries go before it."""

from datetime import date
from decimal import Decimal
from itertools import groupby, pairwise

import pytest

from common.config import ConfigurationError
from common.countries import eu_members
from common.repositories.selling_terms import TaxRate
from orders.tax_rates import STANDARD, Place, has_standard_rate, packaged_rates, rate_in

DAY = date(2026, 12, 1)


def test_every_member_of_the_eu_has_a_standard_rate() -> None:
    assert {it for it in eu_members() if not has_standard_rate(it, DAY)} == set()


def test_packaged_rates_name_their_source_and_do_not_overlap() -> None:
    def kind(it: TaxRate) -> tuple[str, str, tuple[str, ...]]:
        return it.country, it.tax_class, it.zip_codes

    for _, rates in groupby(sorted(packaged_rates(), key=lambda it: (kind(it), it.valid_from)), kind):
        following = list(rates)
        for earlier, later in pairwise(following):
            assert earlier.valid_until == later.valid_from
        assert following[-1].valid_until is None
    assert all(it.source and 0 <= it.rate < 1 for it in packaged_rates())


def test_no_reduced_rate_is_more_than_the_standard_rate() -> None:
    for it in packaged_rates():
        assert it.rate <= rate_in(Place(it.country), STANDARD, DAY)[1]


def test_a_class_has_its_rate_where_there_is_one_and_the_standard_rate_elsewhere() -> None:
    assert rate_in(Place("IT"), "art", DAY) == ("art", Decimal("0.05"))
    assert rate_in(Place("IT"), "art", date(2025, 6, 30)) == (STANDARD, Decimal("0.22"))
    assert rate_in(Place("DK"), "art", DAY) == (STANDARD, Decimal("0.25"))
    assert rate_in(Place("IT"), "no class of anybody", DAY) == (STANDARD, Decimal("0.22"))
    assert rate_in(Place("IE"), "book", DAY) == ("book", Decimal(0))


def test_own_rates_go_before_the_packaged_ones_while_they_are_valid() -> None:
    own = [
        TaxRate("AT", "art", Decimal("0.13"), "2016-01-01", "2027-01-01"),
        TaxRate("AT", "art", Decimal("0.1"), "2027-01-01"),
        TaxRate("IT", STANDARD, Decimal("0.23"), "2026-12-01"),
    ]
    assert rate_in(Place("AT"), "art", DAY, own) == ("art", Decimal("0.13"))
    assert rate_in(Place("AT"), "art", date(2027, 1, 1), own) == ("art", Decimal("0.1"))
    assert rate_in(Place("IT"), None, date(2026, 11, 30), own) == (STANDARD, Decimal("0.22"))
    assert rate_in(Place("IT"), None, DAY, own) == (STANDARD, Decimal("0.23"))
    # A packaged rate of the class goes before an own one of another class.
    assert rate_in(Place("IT"), "book", DAY, own) == ("book", Decimal("0.04"))


def test_a_country_without_any_rate_is_a_defect_of_the_settings() -> None:
    with pytest.raises(ConfigurationError, match="no standard rate of tax of CH on 2026-12-01"):
        rate_in(Place("CH"), "art", DAY)
    assert not has_standard_rate("CH", DAY)
