"""Carts below /api/shop: the session by header and by cookie, the shapes, and 400 for every refusal."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from common.clock import utc_now
from common.repositories.products import Image
from orders.repositories.carts import CartItem, cart_key, new_cart, save
from orders.sessions import COOKIE
from tests.catalog.builders import ok, refused, store
from tests.orders.cart_builders import MOMENT, a_code, cart_rows, on_sale, uses, variant
from tests.orders.order_builders import orders_app
from tests.support.http import Answer, Client

SESSION = "session_6f1c2f7e-53a5-4a3e-9f57-0e6f3f0b7a11"
CART = "/api/shop/cart"
TOKEN = re.compile(r"session_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
AMOUNTS = ("subtotal", "tax", "discount", "total")

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def client() -> Client:
    """A guest with a session before a shop with two works; the second has two variants."""
    picture = Image(5, 1, "uploads/products/a.jpg", "", 0, MOMENT)
    two = (variant(2, 0), variant(2, 1, price_adjustment=Decimal("2.50")))
    store([on_sale(1, images=(picture,)), on_sale(2, "10.50", variants=two)])
    return Client(orders_app(), headers={"X-Cart-Session": SESSION})


def _put(client: Client, **body: Any) -> Answer:
    return client.post(f"{CART}/items", json=body)


def _quantities(client: Client) -> dict[int, int]:
    return {it["variant_id"]: it["quantity"] for it in ok(client.get(CART))["cart"]["items"]}


def test_an_empty_cart_has_every_field(client: Client) -> None:
    body = ok(client.get(CART))
    cart = body["cart"]
    assert isinstance(cart["id"], int)
    assert cart["session_id"] == cart["session_token"] == SESSION
    assert (cart["user_id"], cart["discount_code"], cart["discount_amount"]) == (None, None, "0.00")
    assert (cart["items"], {"created_at", "updated_at"} < cart.keys()) == ([], True)
    assert body.keys() == {"cart", "prices_include_tax", *AMOUNTS}
    assert [body[name] for name in AMOUNTS] == [0, 0, 0, 0]
    assert cart_rows() == []


def test_adding_answers_the_bare_cart_and_the_one_that_pages_read(client: Client) -> None:
    body = ok(_put(client, product_id=2, variant_id=21, quantity=2))
    assert {name: body[name] for name in body["cart"]} == body["cart"]
    assert (body["id"], body["session_id"], body["discount_amount"]) == (body["cart"]["id"], SESSION, "0.00")
    (item,) = body["items"]
    assert (item["cart_id"], item["product_id"], item["variant_id"], item["quantity"]) == (
        body["id"],
        2,
        21,
        2,
    )
    assert (body["subtotal"], body["total"]) == (26, 26)
    assert ok(client.get(CART)) == {name: body[name] for name in ("cart", "prices_include_tax", *AMOUNTS)}


def test_prices_in_an_item_are_numbers_and_what_is_not_set_is_null(client: Client) -> None:
    (item,) = ok(_put(client, product_id=2, variant_id=21))["items"]
    product, bought = item["product"], item["variant"]
    assert product["base_price"] + bought["price_adjustment"] == 13
    assert (product["title"], product["sku"], product["etsy_link"]) == ("Row 0002", None, None)
    assert (bought["name"], bought["stock"], bought["deleted_at"]) == ("Medium", 10, None)
    (picture,) = ok(_put(client, product_id=1))["items"][1]["product"]["images"]
    assert picture["url"].endswith("/uploads/products/a.jpg")


def test_the_tax_is_in_the_computed_amounts(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAX_RATE", "0.22")
    body = ok(_put(client, product_id=1))
    assert [body[name] for name in AMOUNTS] == [25, Decimal("5.5"), 0, Decimal("30.5")]


@pytest.mark.parametrize(
    ("said", "counted"), [({}, 1), ({"quantity": None}, 1), ({"quantity": 0}, 1), ({"quantity": "3"}, 3)]
)
def test_a_quantity_is_read_leniently(client: Client, said: dict[str, Any], counted: int) -> None:
    ok(_put(client, product_id="1", variant_id="10", **said))
    ok(_put(client, product_id=1, variant_id=10, **said))
    assert _quantities(client) == {10: 2 * counted}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"product_id": 1, "quantity": -1}, "Invalid quantity"),
        ({"product_id": 1, "quantity": Decimal("1.5")}, "quantity"),
        ({"product_id": 1, "quantity": "-2"}, "quantity"),
        ({"product_id": 1, "quantity": True}, "quantity"),
        ({"product_id": 1, "quantity": False}, "quantity"),
        ({"product_id": 1, "quantity": []}, "quantity"),
        ({"product_id": 1, "quantity": 1000}, "at most 999"),
        ({"product_id": 1, "quantity": 11}, "Insufficient stock available. Requested: 11, Available: 10"),
        ({"quantity": 1}, "Product not found"),
        ({"product_id": None}, "Product not found"),
        ({"product_id": ""}, "Product not found"),
        ({"product_id": 99}, "Product not found"),
        ({"product_id": "one"}, "product_id"),
        ({"product_id": 1, "variant_id": 99}, "Variant not found"),
        ({"product_id": 1, "variant_id": 20}, "Variant not found"),
        ({"product_id": 2}, "variant_id is required"),
        ([], "JSON object"),
    ],
    ids=repr,
)
def test_what_cannot_be_put_in_is_a_bad_request(client: Client, body: Any, text: str) -> None:
    answer = client.post(f"{CART}/items", json=body)
    refused(answer, 400, text)
    assert answer.cookies == {COOKIE: SESSION}
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert cart_rows() == []


def test_an_item_is_changed_kept_and_taken_out(client: Client) -> None:
    item = ok(_put(client, product_id=1))["items"][0]["id"]
    ok(_put(client, product_id=2, variant_id=20))
    path = f"{CART}/items/{item}"
    assert ok(client.patch(path, json={"quantity": 4}))["cart"]["items"][0]["quantity"] == 4
    assert ok(client.patch(path, json={"quantity": "5"}))["total"] == Decimal("135.5")
    assert ok(client.patch(path, json={}))["items"][0]["quantity"] == 5
    assert [it["product_id"] for it in ok(client.patch(path, json={"quantity": 0}))["items"]] == [2]
    refused(client.patch(path, json={"quantity": 1}), 400, "Item not found")
    refused(client.patch(path, json={}), 400, "Item not found")
    refused(client.patch(path, json={"quantity": 0}), 400, "Item not found")
    refused(client.delete(path), 400, "Item not found")
    assert _quantities(client) == {20: 1}


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (-1, "Invalid quantity"),
        (None, "quantity"),
        (11, "Available: 10"),
        (1.5, "quantity"),
        (True, "quantity"),
    ],
    ids=repr,
)
def test_a_bad_change_is_a_bad_request_and_changes_nothing(client: Client, quantity: Any, text: str) -> None:
    item = ok(_put(client, product_id=1))["items"][0]["id"]
    before = cart_rows()
    refused(client.patch(f"{CART}/items/{item}", json={"quantity": quantity}), 400, text)
    assert cart_rows() == before


def test_removing_and_clearing_answer_json(client: Client) -> None:
    item = ok(_put(client, product_id=1))["items"][0]["id"]
    ok(_put(client, product_id=2, variant_id=20))
    body = ok(client.delete(f"{CART}/items/{item}"))
    assert [it["variant_id"] for it in body["cart"]["items"]] == [20]
    body = ok(client.delete(CART))
    assert (body["message"], body["cart"]["items"], body["total"]) == ("Cart cleared", [], 0)
    for wanted in ("1", "x", "9" * 40):
        refused(client.delete(f"{CART}/items/{wanted}"), 400, "Item not found")


def test_the_session_is_looked_for_in_the_header_the_cookie_and_the_older_header(client: Client) -> None:
    given = {"X-Cart-Session": "session_1", "Cookie": f"{COOKIE}=session_2", "X-Session-Id": "session_3"}
    for name in ("X-Cart-Session", "Cookie", "X-Session-Id"):
        answer = Client(orders_app()).get(CART, headers=given)
        token = given.pop(name).removeprefix(f"{COOKIE}=")
        assert (answer.json["cart"]["session_token"], answer.cookies[COOKIE]) == (token, token)
    fresh = Client(orders_app()).get(CART)
    assert TOKEN.fullmatch(fresh.json["cart"]["session_token"])


def test_the_cookie_alone_carries_a_cart_on(client: Client) -> None:
    first = Client(orders_app()).post(f"{CART}/items", json={"product_id": 1})
    assert TOKEN.fullmatch(first.cookies[COOKIE])
    browser = Client(orders_app(), headers={"Cookie": f"{COOKIE}={first.cookies[COOKIE]}"})
    assert _quantities(browser) == {10: 1}
    assert _quantities(client) == {}


def test_both_dialects_show_one_cart(client: Client) -> None:
    ok(_put(client, product_id=1, quantity=2))
    (item,) = ok(client.get("/api/cart"))["items"]
    assert ok(client.delete(f"{CART}/items/{item['id']}"))["cart"]["items"] == []


def test_a_code_is_applied_shown_and_removed(client: Client) -> None:
    a_code("FIVE", discount_type="fixed", discount_value=Decimal(5))
    ok(_put(client, product_id=1))
    body = ok(client.post(f"{CART}/discount", json={"code": " five "}))
    applied = ("discount_code", "discount_type", "discount_value", "discount_amount", "subtotal", "tax")
    assert [body[name] for name in applied] == ["FIVE", "fixed_amount", 5, 5, 25, 0]
    assert (body["total_before"], body["total_after"]) == (25, 20)
    shown = ok(client.get(CART))
    assert (shown["cart"]["discount_code"], shown["cart"]["discount_amount"]) == ("FIVE", "5.00")
    assert (shown["discount"], shown["total"], uses()) == (5, 20, 0)
    refused(client.post(f"{CART}/discount", json={"code": "OTHER"}), 400, "Invalid discount code")
    assert ok(client.delete(f"{CART}/discount"))["cart"]["discount_code"] is None


def _brought_along(*items: CartItem) -> None:
    cart = new_cart(cart_key(SESSION), SESSION, None, utc_now())
    save(cart, replace(cart, items=items), utc_now())


def test_an_item_that_was_put_in_without_a_variant_stands_for_the_only_one(client: Client) -> None:
    only, one_of_two = (CartItem(number, None, 2, MOMENT, MOMENT, kept_id=number + 6) for number in (1, 2))
    _brought_along(only, one_of_two)
    (item,) = ok(client.get(CART))["cart"]["items"]
    assert (item["id"], item["product_id"], item["variant_id"], item["variant"]["id"]) == (7, 1, None, 10)
    changed = ok(client.patch(f"{CART}/items/7", json={"quantity": 3}))
    assert [(it["id"], it["variant_id"]) for it in changed["items"]] == [(7, None)]
    assert changed["total"] == 75
    buyer = {"email": "maria.rossi@example.com", "name": "Maria Rossi"}
    order = ok(client.post("/api/shop/checkout", json=buyer))
    assert ([line["variant_id"] for line in order["items"]], order["total"]) == ([10], "75.00")


def test_an_item_that_was_brought_along_is_taken_out_by_its_own_id(client: Client) -> None:
    _brought_along(CartItem(1, None, 2, MOMENT, MOMENT, kept_id=7))
    assert ok(client.delete(f"{CART}/items/7"))["items"] == []
    assert _quantities(client) == {}
