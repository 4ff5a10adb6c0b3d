"""Taxes over HTTP: the terms, what a checkout answers and stores by them, and what goes back."""

from decimal import Decimal
from typing import Any

import pytest

from common.dynamodb import UnitOfWork
from common.repositories.orders import order_with_details
from common.repositories.selling_terms import TERMS, SellingTerms, Taxes, selling_terms
from tests.catalog.builders import ok, refused, store
from tests.orders.cart_builders import a_code, on_sale, put
from tests.orders.order_builders import ADDRESS, body_of, body_of_cart, buyer, check_out, orders_app, wanted
from tests.orders.tax_builders import VIENNA, by_country
from tests.support.http import Client
from tests.support.tokens import admin_token

pytestmark = pytest.mark.usefixtures("table")

PATH = "/api/admin/selling-terms/taxes"
BY_COUNTRY = {
    "mode": "by_country",
    "prices_include_tax": True,
    "home_country": "Italia",
    "distance_sales": "destination",
}


@pytest.fixture
def artist() -> Client:
    return Client(orders_app(), token=admin_token())


@pytest.fixture(autouse=True)
def _shop(table: str) -> None:
    store([on_sale(1, "120.00"), on_sale(2, "52.50", tax_class="art")])


def _sells_by(taxes: Taxes) -> None:
    with UnitOfWork() as work:
        TERMS.add(work, SellingTerms(taxes=taxes, version=1))


def _placed(*items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    answer = check_out(buyer(), body_of(*items, **fields))
    assert answer.status == 201, answer.text
    return dict(answer.json)


def test_the_terms_are_set_and_shown(artist: Client) -> None:
    rate = {"country": "AT", "tax_class": "art", "rate": "0.13", "valid_from": "2016-01-01"}
    made = ok(artist.put(PATH, json=BY_COUNTRY | {"rates": [rate]}))
    assert (made["home_country"], made["rates"][0]["rate"]) == ("IT", Decimal("0.13"))
    assert ok(artist.get(PATH)) == made
    taxes = selling_terms().taxes
    assert taxes is not None
    assert (taxes.mode, taxes.rates[0].rate) == ("by_country", Decimal("0.13"))


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"mode": "whatever"}, "mode"),
        ({"home_country": None}, "home_country"),
        ({"home_country": "Atlantis"}, "home_country"),
        ({"home_country": "CH"}, "home_country"),
        ({"mode": "one_rate"}, "prices_include_tax"),
        ({"distance_sales": "sometimes"}, "distance_sales"),
        ({"rates": [{"country": "AT", "tax_class": "art", "rate": 13, "valid_from": "2026-01-01"}]}, "rates"),
        ({"rates": [{"country": "AT", "tax_class": "Art", "rate": 0, "valid_from": "2026-01-01"}]}, "rates"),
        ({"rates": [{"country": "AT", "tax_class": "art", "rate": 0, "valid_from": "2026-02-30"}]}, "rates"),
        (
            {
                "rates": [
                    {
                        "country": "AT",
                        "tax_class": "art",
                        "rate": 0,
                        "valid_from": "2026-02-01",
                        "valid_until": "2026-02-01",
                    }
                ]
            },
            "rates",
        ),
    ],
)
def test_terms_that_cannot_be_are_refused_by_their_field(
    artist: Client, fields: dict[str, Any], named: str
) -> None:
    told = refused(artist.put(PATH, json=BY_COUNTRY | fields), 400)
    assert named in str(told)
    assert selling_terms().taxes is None


def test_a_buyer_in_austria_pays_austrian_tax_in_the_same_price(artist: Client) -> None:
    ok(artist.put(PATH, json=BY_COUNTRY))
    answer = _placed(wanted(1), shipping_address=VIENNA)
    order = answer["order"]
    assert (order["total"], order["tax"], order["subtotal"]) == (120, 20, 120)
    assert order["prices_include_tax"] is True
    assert order["taxes"] == [
        {"country": "AT", "tax_class": "standard", "rate": Decimal("0.2"), "net": 100, "tax": 20}
    ]
    assert (order["tax_treatment"], order["tax_note"], order["vat_number"]) == ("one_stop_shop", None, None)
    assert (answer["items"][0]["tax_class"], answer["items"][0]["tax_rate"]) == ("standard", Decimal("0.2"))
    stored = order_with_details(order["id"])
    assert stored is not None
    assert (stored[0].prices_include_tax, stored[1].taxes[0].tax) == (True, Decimal("20.00"))


def test_tax_is_added_where_prices_are_without() -> None:
    _sells_by(by_country(prices_include_tax=False))
    order = _placed(wanted(1), wanted(2), shipping_address=ADDRESS)["order"]
    assert (order["subtotal"], order["tax"], order["total"]) == (
        Decimal("172.50"),
        Decimal("29.03"),
        Decimal("201.53"),
    )
    assert [(it["tax_class"], it["tax"]) for it in order["taxes"]] == [
        ("standard", Decimal("26.40")),
        ("art", Decimal("2.63")),
    ]


def test_a_country_that_is_not_understood_is_refused_where_the_tax_depends_on_it() -> None:
    nowhere = VIENNA | {"country": "Atlantis"}
    assert _placed(wanted(1), shipping_address=nowhere)["order"]["tax"] == 0
    _sells_by(by_country())
    answer = check_out(buyer(), body_of(wanted(1), shipping_address=nowhere))
    assert (answer.status, list(answer.json["fields"])) == (400, ["shipping_address.country"])


def test_a_vat_number_of_another_form_is_refused_by_its_field() -> None:
    answer = check_out(buyer(), body_of(wanted(1), vat_number="ATU1"))
    assert answer.status == 400
    assert answer.json["fields"] == {"vat_number": ["is not of the form of VAT numbers of AT"]}


@pytest.mark.parametrize("nothing", ["", None])
def test_an_empty_field_is_no_vat_number(nothing: str | None) -> None:
    assert _placed(wanted(1), vat_number=nothing)["order"]["vat_number"] is None


def test_an_unconfirmed_business_is_taxed_as_a_consumer_and_told() -> None:
    _sells_by(by_country())
    order = _placed(wanted(1), shipping_address=VIENNA, vat_number="at u1234 5678")["order"]
    assert (order["vat_number"], order["tax"]) == ("ATU12345678", 20)
    assert "ATU12345678" in order["tax_note"]


def test_a_shop_without_tax_says_why_on_every_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAX_RATE", "0.22")
    _sells_by(Taxes("none", sentence="Operazione senza applicazione dell'IVA (L. 190/2014)"))
    order = _placed(wanted(1))["order"]
    assert (order["tax"], order["total"], order["taxes"]) == (0, 120, [])
    assert (order["tax_treatment"], order["tax_note"]) == (
        "untaxed",
        "Operazione senza applicazione dell'IVA (L. 190/2014)",
    )


def test_a_refund_shows_the_tax_that_goes_back(artist: Client) -> None:
    _sells_by(by_country())
    placed = _placed(wanted(1), wanted(2), payment_method="mock", shipping_address=ADDRESS)["order"]
    ok(buyer().post(f"/api/orders/{placed['id']}/payment", json={}))
    body = {"items": [{"line": 2, "quantity": 1}]}
    ok(artist.post(f"/api/admin/orders/{placed['id']}/refund", json=body))
    (refund,) = ok(artist.get(f"/api/admin/orders/{placed['id']}/refunds"))["refunds"]
    assert refund["taxes"] == [
        {"country": "IT", "tax_class": "art", "rate": Decimal("0.05"), "net": 50, "tax": Decimal("2.5")}
    ]


def test_a_cart_shows_the_tax_of_the_shops_country_in_its_prices() -> None:
    _sells_by(by_country())
    a_code()
    client = buyer()
    put(client, 1)
    for path in ("/api/cart", "/api/shop/cart"):
        cart = ok(client.get(path))
        assert (cart["tax"], cart["total"], cart["prices_include_tax"]) == (Decimal("21.64"), 120, True)
    applied = ok(client.post("/api/cart/discount", json={"code": "SAVE10"}))
    assert (applied["total_before"], applied["total_after"]) == (120, 108)
    assert check_out(client, body_of_cart(shipping_address=VIENNA)).json["order"]["tax"] == 18


def test_a_cart_adds_the_tax_of_the_shops_country_where_prices_are_without() -> None:
    _sells_by(by_country(prices_include_tax=False))
    client = buyer()
    put(client, 2)
    cart = ok(client.get("/api/cart"))
    assert (cart["tax"], cart["total"]) == (Decimal("2.63"), Decimal("55.13"))
    assert cart["prices_include_tax"] is False
