"""Quotes: what a checkout would come to, before there is a whole address or a buyer, and without a write."""

from decimal import Decimal
from typing import Any

import pytest

from common.clock import utc_now
from common.dynamodb import meter
from orders.refund_completion import By
from orders.selling_terms import set_part
from tests.catalog.builders import created, ok, refused, store
from tests.orders.cart_builders import a_code, on_sale
from tests.orders.order_builders import (
    ADDRESS,
    body_of,
    body_of_cart,
    buyer,
    check_out,
    order_rows,
    stock_of,
    wanted,
)
from tests.orders.shipping_builders import set_shipping
from tests.support.http import Answer

PATH = "/api/orders/quote"
AMOUNTS = (
    "subtotal",
    "discount",
    "shipping",
    "tax",
    "total",
    "currency",
    "taxes",
    "delivery",
    "tax_treatment",
)

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture(autouse=True)
def _shop(table: str) -> None:
    store([on_sale(1), on_sale(2, stock=1, cannot_be_withdrawn=True)])


def _quote(*items: dict[str, Any], **fields: Any) -> Answer:
    return buyer().post(PATH, json={"items": list(items), **fields})


def test_a_quote_of_a_shop_without_terms_is_the_sum_of_its_lines() -> None:
    quote = ok(_quote(wanted(1, 2)))
    assert (quote["total"], quote["shipping"], quote["delivery"]) == (50, 0, None)
    assert (quote["shipping_methods"], quote["taxes"], quote["discount_code"]) == ([], [], None)
    assert quote["items"][0]["total_price"] == 50


def test_the_country_is_enough_and_every_way_is_shown() -> None:
    set_shipping()
    quote = ok(_quote(wanted(1), shipping_address={"country": "Italia"}))
    assert (quote["shipping"], quote["total"]) == (Decimal("5.50"), Decimal("30.50"))
    named = {each["method"]: each["price"] for each in quote["shipping_methods"]}
    assert named == {"Posta": Decimal("5.50"), "Corriere": 12, "pickup": 0}
    chosen = ok(_quote(wanted(1), shipping_address={"country": "it"}, shipping_method="Corriere"))
    assert (chosen["total"], chosen["delivery"]["method"]) == (37, "Corriere")


@pytest.mark.parametrize(
    ("address", "field"),
    [
        (None, "shipping_address"),
        ({}, "shipping_address.country"),
        ({"country": "Atlantis"}, "shipping_address.country"),
    ],
)
def test_what_is_needed_is_told(address: Any, field: str) -> None:
    set_shipping()
    answer = _quote(wanted(1), shipping_address=address)
    refused(answer, 400, field)
    assert list(answer.json["fields"]) == [field]


def test_what_is_quoted_is_what_is_charged() -> None:
    set_shipping()
    taxes = {"mode": "by_country", "home_country": "IT", "distance_sales": "destination"}
    set_part("taxes", taxes | {"prices_include_tax": True}, By("1"), utc_now())
    a_code()
    vienna = {"street": "Ring 1", "city": "Wien", "zip_code": "1010", "country": "Österreich"}
    body = body_of(wanted(1, 2), discount_code="SAVE10", shipping_address=vienna)
    quote = ok(buyer().post(PATH, json=body))
    placed = created(check_out(buyer(), body))["order"]
    assert {name: quote[name] for name in AMOUNTS} == {name: placed[name] for name in AMOUNTS}
    assert (quote["taxes"][0]["country"], quote["discount"]) == ("AT", 5)


def test_a_cart_is_quoted_and_stays() -> None:
    set_shipping()
    client = buyer()
    ok(client.post("/api/cart/items", json={"product_id": 1, "variant_id": 10, "quantity": 3}))
    before = client.get("/api/cart").json
    assert ok(client.post(PATH, json={"shipping_address": ADDRESS}))["subtotal"] == 75
    assert client.get("/api/cart").json == before
    assert created(check_out(client, body_of_cart()))["total"] == Decimal("80.50")


def test_it_takes_two_trips_and_writes_nothing() -> None:
    set_shipping()
    with meter() as usage:
        ok(_quote(wanted(1), shipping_address=ADDRESS))
    assert usage.calls == 2
    assert usage.write_units == 0
    assert (order_rows(), stock_of(1)) == ([], 10)


def test_goods_that_are_made_to_measure_say_so_before_the_order() -> None:
    assert [line["cannot_be_withdrawn"] for line in ok(_quote(wanted(1), wanted(2)))["items"]] == [
        False,
        True,
    ]


def test_what_cannot_be_ordered_is_not_quoted() -> None:
    refused(_quote(wanted(2, 2)), 409, "1 left")
    refused(_quote(wanted(9)), 404)
    refused(_quote(wanted(1), discount_code="NONE"), 400, "discount_code")
    refused(_quote(), 400, "items")
    refused(buyer().post(PATH, json={"items": "all"}), 400, "items")
    refused(buyer("another-session").post(PATH, json={"notes": "x"}), 400, "Cart is empty")
