"""Terms of shipping over HTTP, and checkouts under them."""

from decimal import Decimal
from typing import Any

import pytest

from common.clock import utc_now
from common.dynamodb import meter
from common.repositories.orders import details_of, order_by_id
from common.repositories.selling_terms import selling_terms
from orders.selling_terms import remove_part
from tests.catalog.builders import created, ok, refused, store
from tests.orders.cart_builders import on_sale, variant
from tests.orders.order_builders import (
    ADDRESS,
    body_of,
    body_of_cart,
    buyer,
    check_out,
    order_rows,
    orders_app,
    purchase,
    stock_of,
    wanted,
)
from tests.orders.shipping_builders import ITALY, TERMS, WORLD, set_shipping
from tests.support.http import Client
from tests.support.races import just_before
from tests.support.tokens import admin_token

PATH = "/api/admin/selling-terms/shipping"
VIENNA = {"street": "Ring 1", "city": "Wien", "zip_code": "1010", "country": "Österreich"}

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture(autouse=True)
def _shop(table: str) -> None:
    heavy = (variant(2, weight=2000),)
    store([on_sale(1), on_sale(2, variants=heavy), on_sale(3, base_price=Decimal(20), currency="USD")])


@pytest.fixture
def admin() -> Client:
    return Client(orders_app(), token=admin_token())


def _zone(**fields: Any) -> dict[str, Any]:
    method = {"name": "Posta", "steps": [{"price": 5}]} | fields
    return {"zones": [{"name": "Italia", "countries": ["IT"], "methods": [method]}]}


def _placed(*items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return created(check_out(buyer(), body_of(*items, **fields)))


def test_terms_of_shipping_are_set_and_shown(admin: Client) -> None:
    made = ok(admin.put(PATH, json=TERMS))
    assert made["zones"][0]["countries"] == ["IT", "SM"]
    assert made["zones"][1]["countries"] == ["EU"]
    assert made["zones"][0]["methods"][1] == {
        "name": "Corriere",
        "by": "flat",
        "steps": [{"price": 12, "up_to": None}],
        "free_from": None,
    }
    assert ok(admin.get(PATH)) == made
    assert ok(admin.put(PATH, json=made)) == made
    assert selling_terms().version == 1


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "zones"),
        ({"zones": []}, "zones"),
        (_zone() | {"zones": [*_zone()["zones"], {**WORLD, "countries": ["Italien"]}]}, "IT twice"),
        ({"zones": [ITALY]}, "default_weight"),
        (_zone(name="Pickup"), "pickup"),
        (_zone(steps=[]), "steps"),
        (_zone(steps=[{"price": 1}, {"price": 2}]), "steps"),
        (_zone(steps=[{"up_to": 5, "price": 1}]), "steps"),
        (_zone(by="value", steps=[{"up_to": 5, "price": 1}, {"up_to": 5, "price": 2}]), "rise"),
        (_zone(by="value", steps=[{"price": 1}, {"up_to": 5, "price": 2}]), "rise"),
        (_zone(by="weight", steps=[{"up_to": Decimal("0.5"), "price": 1}]), "grams"),
        (_zone(by="moon"), "by"),
        (_zone(steps=[{"price": -1}]), "price"),
        (_zone(steps=[{"price": Decimal("1.001")}]), "finer"),
        ({"zones": [{"name": "X", "countries": ["Atlantis"], "methods": ITALY["methods"]}]}, "countries"),
        ({"zones": [{"name": "X", "countries": ["IT"], "methods": [WORLD["methods"][0]] * 2}]}, "twice"),
    ],
)
def test_terms_that_cannot_be_are_refused(admin: Client, body: dict[str, Any], told: str) -> None:
    refused(admin.put(PATH, json=body), 400, told)
    assert selling_terms().version == 0


def test_a_shop_without_terms_sends_for_nothing_and_asks_for_no_address() -> None:
    made = _placed(wanted(1), shipping_address=None, shipping_method="Posta")
    assert (made["order"]["shipping"], made["order"]["delivery"]) == (0, None)
    assert made["total"] == 25


def test_the_total_holds_the_shipping_as_its_own_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAX_RATE", "0.22")
    set_shipping()
    made = _placed(wanted(1, 2))["order"]
    assert made["delivery"] == {
        "method": "Posta",
        "price": Decimal("5.50"),
        "country": "IT",
        "weight": 700,
        "place": None,
    }
    assert (made["subtotal"], made["shipping"], made["tax"]) == (50, Decimal("5.50"), Decimal("12.21"))
    assert made["total"] == Decimal("67.71")
    stored = order_by_id(made["id"])
    assert stored
    assert stored.shipping == Decimal("5.50")


def test_weights_of_variants_count_and_the_rest_weighs_the_default() -> None:
    set_shipping()
    assert _placed(wanted(1), wanted(2))["order"]["delivery"]["weight"] == 2400
    heavy = _placed(wanted(2, 3))["order"]
    assert (heavy["delivery"]["method"], heavy["shipping"]) == ("Corriere", 12)


def test_a_buyer_in_austria_pays_its_zone_and_one_who_fetches_it_nothing() -> None:
    set_shipping()
    assert _placed(wanted(1), shipping_address=VIENNA)["order"]["shipping"] == 15
    picked = _placed(wanted(1), shipping_address=None, shipping_method="pickup")["order"]
    assert (picked["shipping"], picked["delivery"]["place"]) == (0, "Via Roma 1, Verona")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"shipping_address": None}, "shipping_address"),
        ({"shipping_address": {"street": "x", "city": "y"}}, "shipping_address.country"),
        ({"shipping_address": ADDRESS | {"country": "Moon"}}, "shipping_address.country"),
        ({"shipping_address": ADDRESS | {"zip_code": ""}}, "shipping_address.zip_code"),
        ({"shipping_method": "Colomba"}, "shipping_method"),
    ],
)
def test_an_order_that_cannot_be_sent_is_refused_and_nothing_happens(
    fields: dict[str, Any], told: str
) -> None:
    set_shipping()
    answer = check_out(buyer(), body_of(wanted(1), **fields))
    refused(answer, 400, told)
    assert list(answer.json["fields"]) == [told]
    assert order_rows() == []
    assert stock_of(1) == 10


def test_parcels_are_priced_in_one_currency() -> None:
    set_shipping()
    refused(check_out(buyer(), body_of(wanted(3))), 400, "EUR", "USD")


def test_a_code_leaves_the_shipping_alone_unless_it_says_so(admin: Client) -> None:
    set_shipping()
    body = {"code": "ALL", "type": "percentage", "value": 100, "includes_shipping": True}
    made = created(admin.post("/api/admin/discounts", json=body))
    assert made["includes_shipping"] is True
    created(admin.post("/api/admin/discounts", json={"code": "SAVE10", "type": "percentage", "value": 10}))
    assert _placed(wanted(1, 2), discount_code="SAVE10")["order"]["total"] == Decimal("50.50")
    free = _placed(wanted(1, 2), discount_code="ALL")["order"]
    assert (free["total"], free["discount"], free["shipping"]) == (0, Decimal("55.50"), Decimal("5.50"))
    stored = order_by_id(free["id"])
    assert stored
    assert stored.shipping_discount == Decimal("5.50")


def test_the_older_checkout_has_it_too_with_texts() -> None:
    set_shipping()
    client = buyer()
    ok(client.post("/api/shop/cart/items", json={"product_id": 1, "variant_id": 10, "quantity": 1}))
    made = ok(client.post("/api/shop/checkout", json=body_of_cart()))
    assert (made["shipping"], made["total"]) == ("5.50", "30.50")
    assert made["delivery"]["price"] == "5.50"


def test_terms_cost_the_checkout_no_trip() -> None:
    from orders.checkout import place_order

    with meter() as without:
        place_order(purchase((1, 1), shipping_address=ADDRESS), utc_now())
    set_shipping()
    with meter() as usage:
        placed = place_order(purchase((1, 1), shipping_address=ADDRESS), utc_now())
    assert usage.calls == without.calls == 3
    details = details_of(placed.order.id)
    assert details
    assert details.delivery == placed.details.delivery


def test_terms_that_change_after_they_were_read_count_for_the_next_order() -> None:
    from orders.checkout import place_order
    from orders.refund_completion import By

    set_shipping()

    def change() -> None:
        remove_part("shipping", By("1"), utc_now())

    with just_before("orders.checkout._commit", change):
        placed = place_order(purchase((1, 1), shipping_address=ADDRESS), utc_now())
    assert placed.order.shipping == Decimal("5.50")
    assert place_order(purchase((1, 1)), utc_now()).order.shipping == 0
