"""What delivery costs: zones, steps, the method that is taken, and addresses that parcels cannot go to."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.countries import countries, eu_members
from common.errors import InvalidInput
from common.repositories.orders import Delivery
from common.repositories.selling_terms import (
    BY_VALUE,
    BY_WEIGHT,
    FLAT,
    RateStep,
    Shipping,
    ShippingMethod,
    ShippingZone,
)
from orders.shipping import Consignment, Destination, delivery_for, methods_to, zone_of

ROME = {"street": "Via Roma 12", "city": "Torino", "state": "TO", "zip_code": "10121", "country": "Italia"}
VIENNA = {"street": "Ring 1", "city": "Wien", "zip_code": "A-1010", "country": "Österreich"}
POST = ShippingMethod(
    "Posta",
    (RateStep(Decimal("5.50"), Decimal(1000)), RateStep(Decimal(9), Decimal(5000))),
    by=BY_WEIGHT,
    free_from=Decimal(100),
)
COURIER = ShippingMethod("Corriere", (RateStep(Decimal(12)),))
DHL = ShippingMethod("DHL", (RateStep(Decimal(15), Decimal(50)), RateStep(Decimal(20))), by=BY_VALUE)
SHIPPING = Shipping(
    zones=(ShippingZone("Italia", ("IT",), (POST, COURIER)), ShippingZone("Europa", ("EU",), (DHL,))),
    pickup="Via Roma 1",
    default_weight=300,
)


def sent(weight: int | None = 400, value: Any = 25, currency: str = "EUR") -> Consignment:
    return Consignment(weight, Decimal(value), currency)


def delivered(consignment: Consignment, address: Any = ROME, method: str | None = None) -> Delivery:
    found = delivery_for(SHIPPING, Destination(address, method), consignment)
    assert found is not None
    return found


def refusal(address: Any = ROME, method: str | None = None, **fields: Any) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        delivery_for(SHIPPING, Destination(address, method), sent(**fields))
    return caught.value


def test_a_shop_without_terms_asks_for_nothing() -> None:
    assert delivery_for(None, Destination(), sent()) is None
    assert delivery_for(None, Destination({"country": "Moon"}, "Posta"), sent()) is None


@pytest.mark.parametrize(
    ("weight", "value", "method", "price"),
    [
        (1000, 25, "Posta", "5.50"),
        (1001, 25, "Posta", "9"),
        (5000, 25, "Posta", "9"),
        (5001, 25, "Corriere", "12"),
        (1001, 100, "Posta", "0"),
        (5001, 100, "Corriere", "12"),
        (1001, "99.99", "Posta", "9"),
    ],
)
def test_the_cheapest_method_that_takes_the_weight_is_taken(
    weight: int, value: Any, method: str, price: str
) -> None:
    assert delivered(sent(weight, value)) == Delivery(method, Decimal(price), "IT", weight)


@pytest.mark.parametrize(("value", "price"), [("50", 15), ("50.01", 20), ("1000000", 20)])
def test_rates_go_by_value_where_they_are_said_to(value: str, price: int) -> None:
    assert delivered(sent(value=value), VIENNA).price == price


def test_a_method_is_taken_by_its_name_whatever_its_capitals() -> None:
    assert delivered(sent(), method=" CORRIERE ").price == 12
    picked = delivered(sent(), None, "Pickup")
    assert picked == Delivery("pickup", Decimal(0), None, 400, "Via Roma 1")
    assert delivered(sent(currency="USD"), None, "pickup").price == 0


def test_of_a_shop_that_only_has_a_place_everything_is_picked_up() -> None:
    found = delivery_for(replace(SHIPPING, zones=()), Destination(), sent(None))
    assert found == Delivery("pickup", Decimal(0), None, None, "Via Roma 1")


@pytest.mark.parametrize(
    ("address", "field"),
    [
        (None, "shipping_address"),
        (VIENNA | {"country": ""}, "shipping_address.country"),
        ({"street": "x", "city": "y"}, "shipping_address.country"),
        (VIENNA | {"country": "Atlantis"}, "shipping_address.country"),
        (VIENNA | {"country": "USA"}, "shipping_address.country"),
        (VIENNA | {"zip_code": ""}, "shipping_address.zip_code"),
        (VIENNA | {"zip_code": "101"}, "shipping_address.zip_code"),
    ],
)
def test_an_address_that_parcels_cannot_go_to_is_refused_by_its_field(address: Any, field: str) -> None:
    assert list(refusal(address).fields) == [field]


def test_what_cannot_be_sent_is_refused() -> None:
    assert list(refusal(method="Colomba").fields) == ["shipping_method"]
    assert "USD" in str(refusal(currency="USD"))
    only_post = Shipping((ShippingZone("Italia", ("IT",), (POST,)),), default_weight=1)
    with pytest.raises(InvalidInput, match="so much"):
        delivery_for(only_post, Destination(ROME), sent(5001))
    with pytest.raises(InvalidInput, match="pickup"):
        delivery_for(only_post, Destination(ROME, "pickup"), sent())


def test_of_an_address_that_is_not_whole_the_country_counts() -> None:
    found = delivery_for(SHIPPING, Destination({"country": "at"}, is_whole=False), sent())
    assert found is not None
    assert found.country == "AT"


def test_all_methods_are_named_for_a_country() -> None:
    assert [each.method for each in methods_to(SHIPPING, "IT", sent(6000))] == ["Corriere", "pickup"]
    assert [each.method for each in methods_to(SHIPPING, "US", sent())] == ["pickup"]
    assert [each.method for each in methods_to(SHIPPING, None, sent())] == ["pickup"]


def test_a_country_is_in_the_zone_that_names_it_most_closely() -> None:
    world = replace(SHIPPING, zones=(ShippingZone("Mondo", ("*",), (COURIER,)), *SHIPPING.zones))
    zones = {code: zone_of(world, code) for code in countries()}
    assert {code for code, zone in zones.items() if zone and zone.name == "Italia"} == {"IT"}
    assert {code for code, zone in zones.items() if zone and zone.name == "Europa"} == eu_members() - {"IT"}
    assert None not in zones.values()
    assert zone_of(SHIPPING, "US") is None


prices = st.decimals(0, 500, places=2)
limits = st.lists(st.decimals(1, 50_000, places=2), max_size=4, unique=True).map(sorted)


@st.composite
def methods(draw: st.DrawFn, name: str) -> ShippingMethod:
    by = draw(st.sampled_from([BY_WEIGHT, BY_VALUE, FLAT]))
    bounds = [] if by == FLAT else draw(limits)
    is_open = by == FLAT or not bounds or draw(st.booleans())
    steps = [RateStep(draw(prices), bound) for bound in bounds]
    return ShippingMethod(
        name, (*steps, *([RateStep(draw(prices))] if is_open else [])), by, draw(st.none() | prices)
    )


@given(methods("A"), methods("B"), st.integers(1, 60_000), st.decimals(0, 60_000, places=2))
def test_the_price_is_that_of_the_cheapest_method_and_free_from_its_value_on(
    first: ShippingMethod, second: ShippingMethod, weight: int, value: Decimal
) -> None:
    shipping = Shipping((ShippingZone("Italia", ("IT",), (first, second)),), default_weight=1)
    found = methods_to(shipping, "IT", sent(weight, value))
    if not found:
        with pytest.raises(InvalidInput):
            delivery_for(shipping, Destination(ROME), sent(weight, value))
        return
    taken = delivery_for(shipping, Destination(ROME), sent(weight, value))
    assert taken is not None
    assert taken.price == min(each.price for each in found)
    by_name = {first.name: first, second.name: second}
    for each in found:
        method = by_name[each.method]
        is_free = method.free_from is not None and value >= method.free_from
        assert each.price == 0 if is_free else each.price in {step.price for step in method.steps}
