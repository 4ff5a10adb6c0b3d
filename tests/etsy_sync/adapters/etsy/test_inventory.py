"""The body of a PUT: everything as it was read, except the quantities that were asked for."""

import json
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
import simplejson
from hypothesis import given
from hypothesis import strategies as st

from etsy_sync.adapters.etsy.inventory import (
    MOST,
    Inventory,
    body_for,
    live_offerings,
    offers_nothing,
    sku_of,
)
from etsy_sync.adapters.interface import Rejected, Transient
from tools.fakes.etsy_rules import Refused, check_inventory

SIZE, COLOUR = 513, 200

skus = st.sampled_from(["", " ", "A", "B", " B", "C/1", "d", "È"])
amounts = st.builds(
    lambda amount, divisor: {"amount": amount, "divisor": divisor, "currency_code": "EUR"},
    st.integers(20, 10**7).map(lambda cents: cents * 10),
    st.sampled_from([1, 10, 100, 1000]),
)


@st.composite
def offerings(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "offering_id": draw(st.integers(1, 2**60)),
        "quantity": draw(st.integers(0, MOST)),
        "is_enabled": draw(st.booleans()),
        "is_deleted": False,
        "price": draw(amounts),
        "readiness_state_id": draw(st.none() | st.integers(1, 99)),
    }


@st.composite
def products(draw: st.DrawFn, number: int) -> dict[str, Any]:
    size = {
        "property_id": SIZE,
        "property_name": draw(st.text(max_size=5)),
        "scale_id": draw(st.none() | st.integers(1, 9)),
        "scale_name": draw(st.none() | st.text(max_size=5)),
        "value_ids": [number],
        "values": [f"Size {number}"],
    }
    return {
        "product_id": draw(st.integers(1, 2**60)),
        "sku": draw(st.none() | skus),
        "is_deleted": draw(st.booleans()),
        "offerings": [draw(offerings())],
        "property_values": [size],
    }


@st.composite
def inventories(draw: st.DrawFn) -> Inventory:
    number = draw(st.integers(1, 6))
    content = {
        "products": [draw(products(place)) for place in range(number)],
        "price_on_property": [SIZE],
        "quantity_on_property": [SIZE],
        "sku_on_property": [SIZE],
        "readiness_state_on_property": draw(st.sampled_from([[], [SIZE]])),
    }
    return Inventory(draw(st.sampled_from(["active", "inactive", "sold_out"])), content)


def comparable(product: dict[str, Any], quantity: int | None = None) -> dict[str, Any]:
    """A product of Etsy's in the form that is written, by another way than the code under test."""
    (offering,) = product["offerings"]
    price = Decimal(offering["price"]["amount"]) / offering["price"]["divisor"]
    return {
        "sku": product["sku"] or "",
        "property_values": [
            {name: value for name, value in each.items() if name != "scale_name"}
            for each in product["property_values"]
        ],
        "offerings": [
            {
                "price": price,
                "quantity": offering["quantity"] if quantity is None else quantity,
                "is_enabled": offering["is_enabled"],
                "readiness_state_id": offering["readiness_state_id"],
            }
        ],
    }


@given(inventory=inventories(), data=st.data())
def test_only_the_quantities_change(inventory: Inventory, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(inventory.skus), unique=True)) if inventory.skus else []
    wanted = {sku: data.draw(st.integers(0, 2 * MOST)) for sku in chosen}
    before = deepcopy(inventory.content)
    body = body_for(inventory, wanted)
    assert inventory.content == before
    unnamed = None if inventory.state == "active" else 0
    there = [product for product in before["products"] if not product["is_deleted"]]
    assert body["products"] == [
        comparable(product, min(MOST, wanted[sku_of(product)]) if sku_of(product) in wanted else unnamed)
        for product in there
    ]
    for name in ("price_on_property", "quantity_on_property", "sku_on_property"):
        assert body[name] == before[name]
    assert body["readiness_state_on_property"] == before["readiness_state_on_property"]


def is_refused(body: dict[str, Any]) -> bool:
    """Whether the fake refuses a body, for whichever reason."""
    try:
        check_inventory(body)
    except Refused:
        return True
    return False


@given(inventories())
def test_etsy_accepts_the_body_unless_it_offers_nothing(inventory: Inventory) -> None:
    body = body_for(inventory, dict.fromkeys(inventory.skus, 3))
    sent = json.loads(simplejson.dumps(body, use_decimal=True), parse_float=Decimal)
    assert is_refused(sent) == offers_nothing(body)


@given(inventories())
def test_a_sku_has_a_number_only_where_one_product_has_it(inventory: Inventory) -> None:
    asked = ["A", "B", "C/1", "d", "È", "missing", ""]
    names = [sku_of(product) for product in inventory.products]
    for sku, quantity in inventory.quantities(asked).items():
        if not sku or names.count(sku) != 1:
            assert quantity is None
        elif inventory.state == "active":
            (product,) = (each for each in inventory.products if sku_of(each) == sku)
            assert quantity == product["offerings"][0]["quantity"]
        else:
            assert quantity == 0
    assert set(inventory.doubled) == {name for name in names if name and names.count(name) > 1}
    assert inventory.has_blank == ("" in names)


def one(**changes: Any) -> Inventory:
    """An inventory of one product with the SKU A."""
    offering = {
        "quantity": 5,
        "is_enabled": True,
        "is_deleted": False,
        "price": {"amount": 1250, "divisor": 100, "currency_code": "EUR"},
    }
    product = {"sku": "A", "is_deleted": False, "offerings": [offering | changes], "property_values": []}
    return Inventory("active", {"products": [product]})


def test_a_price_is_written_as_an_exact_number() -> None:
    body = body_for(one(price={"amount": 1005, "divisor": 100, "currency_code": "EUR"}), {"A": 1})
    assert '"price": 10.05,' in simplejson.dumps(body, use_decimal=True)


def test_what_etsy_left_out_is_written_as_nothing() -> None:
    body = body_for(one(), {"A": 7})
    assert body["products"][0]["offerings"][0]["readiness_state_id"] is None
    assert body["readiness_state_on_property"] == []


@pytest.mark.parametrize("price", [None, 12.5, {"amount": 1}, {"amount": 1, "divisor": 0}])
def test_a_price_that_is_no_money_stops_the_write(price: object) -> None:
    with pytest.raises(Transient):
        body_for(one(price=price), {"A": 1})


def test_deleted_offerings_are_left_out_and_several_live_ones_have_no_number() -> None:
    inventory = one()
    product = inventory.content["products"][0]
    product["offerings"].insert(0, {**product["offerings"][0], "is_deleted": True, "quantity": 9})
    assert inventory.quantities(["A"]) == {"A": 5}
    assert len(body_for(inventory, {"A": 1})["products"][0]["offerings"]) == 1
    product["offerings"].append(dict(live_offerings(product)[0]))
    assert inventory.quantities(["A"]) == {"A": None}


@pytest.mark.parametrize("sku", ["B", "", "a"])
def test_a_sku_that_is_not_there_once_is_refused(sku: str) -> None:
    with pytest.raises(Rejected, match="unknown_sku"):
        body_for(one(), {sku: 1})


def test_what_is_only_switched_off_offers_nothing() -> None:
    assert offers_nothing(body_for(one(is_enabled=False), {"A": 5}))
    assert not offers_nothing(body_for(one(), {"A": 1}))


def test_different_quantities_where_etsy_keeps_one_are_refused() -> None:
    inventory = one()
    first = inventory.content["products"][0]
    values = [{"property_id": COLOUR, "value_ids": [number], "values": [str(number)]} for number in (1, 2)]
    second = {**deepcopy(first), "sku": "B", "property_values": [values[1]]}
    first["property_values"] = [values[0]]
    inventory.content["products"].append(second)
    with pytest.raises(Rejected, match="quantity_is_shared"):
        body_for(inventory, {"A": 1, "B": 2})
    assert body_for(inventory, {"A": 2, "B": 2})["quantity_on_property"] == []
