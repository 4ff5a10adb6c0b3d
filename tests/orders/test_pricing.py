"""What orders cost: examples at the edges, and properties that hold for all amounts."""

from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.clock import iso
from orders.pricing import Line, discount_amount, discounts, refusal, totals, unit_price
from orders.repositories.discounts import FIXED, PERCENTAGE, DiscountCode
from tests.catalog.builders import OPENING

NOW = OPENING
CENT = Decimal("0.01")

amounts = st.decimals(0, 10_000, places=2)
rates = st.decimals(0, 1, places=4)


def code(**fields: Any) -> DiscountCode:
    values: dict[str, Any] = {
        "id": 1,
        "code": "SAVE",
        "discount_type": PERCENTAGE,
        "discount_value": Decimal(10),
        "valid_from": iso(NOW),
        "created_at": iso(NOW),
        "updated_at": iso(NOW),
    }
    return DiscountCode(**(values | fields))


def line(price: Decimal | str, quantity: int = 1) -> Line:
    return Line(1, 10, "Work", "Small", None, Decimal(price), quantity)


@st.composite
def codes(draw: st.DrawFn) -> DiscountCode:
    kind = draw(st.sampled_from([PERCENTAGE, FIXED]))
    most = 100 if kind == PERCENTAGE else 20_000
    return code(
        discount_type=kind,
        discount_value=draw(st.decimals(CENT, most, places=2)),
        max_discount_amount=draw(st.none() | st.decimals(CENT, 10_000, places=2)),
        min_purchase_amount=draw(st.none() | amounts),
        max_uses=draw(st.none() | st.integers(1, 5)),
        times_used=draw(st.integers(0, 5)),
        is_active=draw(st.booleans()),
    )


@given(codes(), amounts, amounts, st.booleans())
def test_a_code_takes_off_the_shipping_only_what_is_its_share(
    discount: DiscountCode, subtotal: Decimal, shipping: Decimal, includes: bool
) -> None:
    off, of_shipping = discounts(replace(discount, includes_shipping=includes), subtotal, shipping, "EUR")
    assert off == discount_amount(discount, subtotal + (shipping if includes else 0), "EUR")
    assert 0 <= of_shipping <= min(off, shipping)
    assert off - of_shipping <= subtotal
    assert includes or of_shipping == 0


lines = st.lists(st.builds(line, amounts, st.integers(1, 999)), max_size=8)


@given(lines, st.none() | codes(), rates)
def test_the_total_is_always_subtotal_and_tax_less_discount_and_never_negative(
    bought: list[Line], typed: DiscountCode | None, rate: Decimal
) -> None:
    result = totals(bought, typed, rate, NOW)
    assert result.total == result.subtotal + result.tax - result.discount >= 0
    assert 0 <= result.discount <= result.subtotal + result.tax
    assert result.subtotal == sum(each.unit_price * each.quantity for each in bought)
    assert all(value == value.quantize(CENT) for value in (result.subtotal, result.tax, result.discount))


@given(lines, codes(), rates)
def test_a_code_takes_off_what_it_says_unless_it_is_refused(
    bought: list[Line], typed: DiscountCode, rate: Decimal
) -> None:
    result = totals(bought, typed, rate, NOW)
    refused = refusal(typed, result.subtotal, "EUR", NOW) is not None
    assert result.discount == (0 if refused else discount_amount(typed, result.subtotal, "EUR"))


@given(amounts, rates)
def test_the_tax_is_within_half_a_cent_and_halves_go_up(subtotal: Decimal, rate: Decimal) -> None:
    tax = totals([line(subtotal)], None, rate, NOW).tax
    exact = subtotal * rate
    assert -CENT / 2 <= exact - tax < CENT / 2
    assert tax == exact.quantize(CENT, ROUND_HALF_UP)


@given(codes(), amounts)
def test_a_discount_never_exceeds_its_cap_its_value_or_the_subtotal(
    typed: DiscountCode, subtotal: Decimal
) -> None:
    off = discount_amount(typed, subtotal, "EUR")
    assert 0 <= off <= subtotal
    assert typed.max_discount_amount is None or off <= typed.max_discount_amount
    assert typed.discount_type == PERCENTAGE or off <= typed.discount_value


@given(codes(), amounts, amounts)
def test_a_larger_order_gets_no_smaller_discount_and_costs_no_less(
    typed: DiscountCode, one: Decimal, other: Decimal
) -> None:
    small, large = sorted((one, other))
    assert discount_amount(typed, small, "EUR") <= discount_amount(typed, large, "EUR")
    assert small - discount_amount(typed, small, "EUR") <= large - discount_amount(typed, large, "EUR")


@given(amounts, st.decimals(-10_000, 10_000, places=2))
def test_a_price_is_never_negative(base: Decimal, adjustment: Decimal) -> None:
    price = unit_price(base, adjustment, "EUR")
    assert price == max(Decimal(0), base + adjustment)


@pytest.mark.parametrize(
    ("subtotal", "rate", "tax"),
    [
        ("0.50", "0.01", "0.01"),
        ("0.49", "0.01", "0.00"),
        ("10.00", "0.22", "2.20"),
        ("0.25", "0.22", "0.06"),
        ("12.34", "0", "0.00"),
    ],
)
def test_tax_examples(subtotal: str, rate: str, tax: str) -> None:
    assert str(totals([line(subtotal)], None, Decimal(rate), NOW).tax) == tax


@pytest.mark.parametrize(
    ("fields", "subtotal", "off"),
    [
        ({}, "25.00", "2.50"),
        ({}, "0.05", "0.01"),
        ({}, "0.04", "0.00"),
        ({"discount_value": Decimal(100)}, "25.00", "25.00"),
        ({"max_discount_amount": Decimal(2)}, "25.00", "2.00"),
        ({"max_discount_amount": Decimal(3)}, "25.00", "2.50"),
        ({"discount_type": FIXED}, "25.00", "10.00"),
        ({"discount_type": FIXED}, "9.99", "9.99"),
        ({"discount_type": FIXED, "max_discount_amount": Decimal(4)}, "25.00", "4.00"),
        ({}, "0.00", "0.00"),
    ],
)
def test_discount_examples(fields: dict[str, Any], subtotal: str, off: str) -> None:
    assert str(discount_amount(code(**fields), Decimal(subtotal), "EUR")) == off


def test_the_tax_is_that_of_the_price_before_the_discount() -> None:
    result = totals([line("20.00", 5)], code(), Decimal("0.22"), NOW)
    assert [str(value) for value in (result.subtotal, result.discount, result.tax, result.total)] == [
        "100.00",
        "10.00",
        "22.00",
        "112.00",
    ]


def test_nothing_costs_nothing() -> None:
    result = totals([], code(discount_type=FIXED), Decimal("0.22"), NOW)
    assert str(result.total) == "0.00"


EVERYTHING_WRONG = {
    "is_active": False,
    "valid_from": iso(NOW + timedelta(milliseconds=1)),
    "valid_until": iso(NOW),
    "max_uses": 3,
    "times_used": 3,
    "min_purchase_amount": Decimal("20.5"),
}
PUT_RIGHT: list[tuple[dict[str, Any], str]] = [
    ({}, "Discount code is not active"),
    ({"is_active": True}, "Discount code is not yet valid"),
    ({"valid_from": iso(NOW)}, "Discount code has expired"),
    ({"valid_until": iso(NOW + timedelta(milliseconds=1))}, "Discount code: maximum uses reached"),
    ({"times_used": 2}, "Minimum order value of 20.50 is required"),
]


def test_the_reasons_come_in_order_and_go_one_by_one() -> None:
    wrong = code(**EVERYTHING_WRONG)
    for cure, reason in PUT_RIGHT:
        wrong = replace(wrong, **cure)
        assert refusal(wrong, Decimal("20.49"), "EUR", NOW) == reason
    assert refusal(wrong, Decimal("20.50"), "EUR", NOW) is None


def test_a_deleted_code_is_not_active() -> None:
    assert refusal(code(deleted_at=iso(NOW)), Decimal(1), "EUR", NOW) == "Discount code is not active"


@pytest.mark.parametrize(("uses_so_far", "good"), [(2, True), (3, False), (4, False)])
def test_a_code_is_good_until_its_last_use(uses_so_far: int, good: bool) -> None:
    typed = code(max_uses=3, times_used=uses_so_far)
    assert (refusal(typed, Decimal(1), "EUR", NOW) is None) is good
