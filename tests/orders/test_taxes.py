"""What an order costs with its tax by rate: sums that hold to the smallest unit of every currency."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.currencies import decimals_of
from common.money import is_exact, smallest_unit
from common.repositories.selling_terms import Taxes, TaxRate
from orders.pricing import Line, Totals, totals
from orders.repositories.discounts import PERCENTAGE, DiscountCode
from orders.taxation import NONE, Buyer, Taxation, taxation_of
from orders.taxes import taxed_totals
from tests.orders.tax_builders import VIENNA, by_country

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
AT_START = "2026-01-01T00:00:00.000Z"
CURRENCIES = ("EUR", "JPY", "KWD")


def line(units: int, quantity: int = 1, tax_class: str | None = None, currency: str = "EUR") -> Line:
    price = Decimal(units).scaleb(-decimals_of(currency))
    return Line(1, 10, "Work", "Small", None, price, quantity, currency, tax_class)


def code(percent: Decimal) -> DiscountCode:
    return DiscountCode(
        id=1,
        code="SAVE",
        discount_type=PERCENTAGE,
        discount_value=percent,
        valid_from=AT_START,
        created_at=AT_START,
        updated_at=AT_START,
    )


def taxation(terms: Taxes, country: str = "AT") -> Taxation:
    found = taxation_of(terms, Buyer({**VIENNA, "country": country}), NOW)
    assert found is not None
    return found


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[Line], DiscountCode | None, Decimal, Taxation]:
    currency = draw(st.sampled_from(CURRENCIES))
    classes = st.sampled_from([None, "art", "book", "own"])
    lines = draw(
        st.lists(
            st.builds(line, st.integers(0, 10**6), st.integers(1, 20), classes, st.just(currency)), min_size=1
        )
    )
    percent = draw(st.none() | st.decimals("0.01", 100, places=2))
    shipping = Decimal(draw(st.integers(0, 10**5))).scaleb(-decimals_of(currency))
    rate = draw(st.decimals(0, 1, places=3))
    terms = by_country(
        prices_include_tax=draw(st.booleans()), rates=(TaxRate("AT", "own", rate, "2020-01-01"),)
    )
    country = draw(st.sampled_from(["AT", "IT", "DE", "US"]))
    return lines, code(percent) if percent else None, shipping, taxation(terms, country)


def _priced(order: tuple[list[Line], DiscountCode | None, Decimal, Taxation]) -> Totals:
    lines, discount, shipping, how = order
    return taxed_totals(lines, discount, how, NOW, shipping)


@given(orders())
def test_net_and_tax_of_all_rates_add_up_to_the_total_to_the_smallest_unit(
    order: tuple[list[Line], DiscountCode | None, Decimal, Taxation],
) -> None:
    result = _priced(order)
    assert sum(it.net + it.tax for it in result.taxes) == result.total
    assert sum(it.tax for it in result.taxes) == result.tax
    amounts = [result.total, result.tax, *(it.net for it in result.taxes), *(it.tax for it in result.taxes)]
    assert all(amount >= 0 and is_exact(amount, result.currency) for amount in amounts)
    added = 0 if result.prices_include_tax else result.tax
    assert result.total == result.subtotal + result.shipping + added - result.discount


@given(orders())
def test_the_tax_of_each_rate_is_that_of_what_is_charged_at_it_rounded_once(
    order: tuple[list[Line], DiscountCode | None, Decimal, Taxation],
) -> None:
    result = _priced(order)
    half = smallest_unit(result.currency) / 2
    for it in result.taxes:
        exact = (it.net + it.tax) * it.rate / (1 + it.rate) if result.prices_include_tax else it.net * it.rate
        assert abs(it.tax - exact) <= half


@given(orders())
def test_discount_and_shipping_are_shared_by_what_the_goods_of_each_rate_cost(
    order: tuple[list[Line], DiscountCode | None, Decimal, Taxation],
) -> None:
    lines, _, _, how = order
    result = _priced(order)
    charged = result.subtotal + result.shipping - result.discount
    if not result.subtotal:
        return
    for it in result.taxes:
        goods = sum(line.total for line in lines if how.rate_of(line.tax_class) == (it.tax_class, it.rate))
        base = it.net + it.tax if result.prices_include_tax else it.net
        assert abs(base - charged * goods / result.subtotal) < smallest_unit(result.currency)


@given(orders())
def test_prices_that_include_tax_are_the_same_everywhere(
    order: tuple[list[Line], DiscountCode | None, Decimal, Taxation],
) -> None:
    lines, discount, shipping, how = order
    if how.includes_tax:
        assert _priced(order).total == totals(lines, discount, Decimal(0), NOW, shipping).total


def test_austrian_tax_is_taken_out_of_a_price() -> None:
    result = taxed_totals([line(12000)], None, taxation(by_country()), NOW, Decimal("12.00"))
    assert (result.total, result.tax) == (Decimal("132.00"), Decimal("22.00"))
    (only,) = result.taxes
    assert (only.country, only.rate, only.net, only.tax) == (
        "AT",
        Decimal("0.2"),
        Decimal("110.00"),
        Decimal("22.00"),
    )


def test_tax_is_added_to_what_is_left_after_the_discount() -> None:
    how = taxation(by_country(prices_include_tax=False))
    result = taxed_totals([line(10000)], code(Decimal(10)), how, NOW, Decimal("10.00"))
    assert (result.tax, result.total) == (Decimal("20.00"), Decimal("120.00"))


def test_shipping_is_taxed_at_the_rates_of_the_goods_in_proportion() -> None:
    how = taxation(by_country(), "IT")
    result = taxed_totals([line(3000, 1, "art"), line(1000)], None, how, NOW, Decimal("8.00"))
    gross = {it.tax_class: it.net + it.tax for it in result.taxes}
    assert gross == {"art": Decimal("36.00"), "standard": Decimal("12.00")}


def test_gifts_share_the_shipping_by_their_pieces() -> None:
    how = taxation(by_country(), "IT")
    result = taxed_totals([line(0, 3, "art"), line(0)], None, how, NOW, Decimal("8.00"))
    assert {it.tax_class: it.net + it.tax for it in result.taxes} == {
        "art": Decimal("6.00"),
        "standard": Decimal("2.00"),
    }


def test_what_goes_out_of_the_eu_costs_the_same_and_holds_no_tax() -> None:
    result = taxed_totals([line(12000)], None, taxation(by_country(), "US"), NOW)
    assert (result.total, result.tax) == (Decimal("120.00"), Decimal(0))
    assert [(it.country, it.rate, it.net) for it in result.taxes] == [("US", Decimal(0), Decimal("120.00"))]


def test_one_rate_stays_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAX_RATE", "0.22")
    lines, shipping = [line(3333, 3)], Decimal("7.90")
    before = totals(lines, code(Decimal(10)), Decimal("0.22"), NOW, shipping)
    assert taxed_totals(lines, code(Decimal(10)), None, NOW, shipping) == before
    assert before.taxes == ()


def test_a_shop_without_tax_charges_none_whatever_the_rate_is_set_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAX_RATE", "0.22")
    result = taxed_totals([line(1000)], None, taxation(Taxes(NONE)), NOW)
    assert (result.total, result.tax, result.taxes) == (Decimal(10), Decimal(0), ())
