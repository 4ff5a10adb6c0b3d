"""Carts over HTTP: what they answer, what they refuse, and that a refusal changes nothing."""

import re
from decimal import Decimal
from typing import Any

import pytest

from common.repositories.products import Image
from orders.sessions import COOKIE
from tests.catalog.builders import ok, refused, row, store
from tests.orders.cart_builders import (
    MOMENT,
    SESSION,
    a_code,
    cart_app,
    cart_rows,
    fill,
    on_sale,
    put,
    quantities,
    shopper,
    uses,
    variant,
)
from tests.support.http import Client

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def client() -> Client:
    """A guest before a shop with two works; the second has three variants."""
    three = tuple(variant(2, number, price_adjustment=Decimal(number)) for number in range(3))
    picture = Image(5, 1, "products/1/a.jpg", "Front", 0, MOMENT)
    store([on_sale(1, images=(picture,), sku="W1"), on_sale(2, "10.50", variants=three)])
    return shopper()


def test_an_empty_cart_has_a_number_and_writes_nothing(client: Client) -> None:
    body = ok(client.get("/api/cart"))
    assert isinstance(body["cart"]["id"], int)
    assert (body["cart"]["items"], body["items"], body["total"]) == ([], [], 0)
    assert body["cart"]["session_token"] == body["cart"]["session_id"] == SESSION
    assert cart_rows() == []


def test_a_cart_shows_what_the_cart_page_reads(client: Client) -> None:
    body = ok(put(client, 1, 2))
    (item,) = body["cart"]["items"]
    assert {"id", "cart_id", "product_id", "variant_id", "quantity", "created_at", "updated_at"} < item.keys()
    assert (item["cart_id"], item["product_id"], item["variant_id"], item["quantity"]) == (
        body["cart"]["id"],
        1,
        10,
        2,
    )
    product, bought = item["product"], item["variant"]
    assert (product["title"], product["base_price"], product["currency"]) == ("Row 0001", 25, "EUR")
    assert product["sku"] == "W1"
    assert product["images"][0]["url"].startswith("https://")
    assert product["images"][0]["is_primary"] is True
    assert (bought["name"], bought["sku"], bought["price_adjustment"], bought["stock"]) == (
        "Small",
        "V-1-0",
        0,
        10,
    )
    assert body["items"] == body["cart"]["items"]
    assert ok(client.get("/api/cart")) == body


def test_amounts_are_numbers_with_the_tax_of_the_shop(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAX_RATE", "0.22")
    put(client, 1, 2)
    answer = put(client, 2, 3, variant_id=21)
    amounts = {name: answer.json[name] for name in ("subtotal", "discount", "tax", "total")}
    assert amounts == {
        "subtotal": Decimal("84.50"),
        "discount": 0,
        "tax": Decimal("18.59"),
        "total": Decimal("103.09"),
    }
    assert '"total":103.09' in answer.text


def test_the_same_thing_adds_up_and_another_variant_is_another_item(client: Client) -> None:
    put(client, 2, 2)
    put(client, 2, 3)
    body = ok(put(client, 2, 1, variant_id=22))
    assert [(item["variant_id"], item["quantity"]) for item in body["items"]] == [(20, 5), (22, 1)]
    assert len({item["id"] for item in body["items"]}) == 2


def test_ids_may_be_texts_and_the_quantity_is_one_by_default(client: Client) -> None:
    ok(client.post("/api/cart/items", json={"product_id": "1", "variant_id": "10"}))
    assert quantities(client) == {10: 1}


def test_the_only_variant_may_be_left_out(client: Client) -> None:
    ok(client.post("/api/cart/items", json={"product_id": 1, "variant_id": None, "quantity": 4}))
    assert quantities(client) == {10: 4}
    refused(client.post("/api/cart/items", json={"product_id": 2}), 400, "variant_id is required")


def test_a_work_without_variants_cannot_be_bought(client: Client) -> None:
    store([row(3)])
    answer = client.post("/api/cart/items", json={"product_id": 3})
    refused(answer, 400, "Insufficient stock available. Requested: 1, Available: 0")


def test_an_item_is_changed_removed_and_all_are_cleared(client: Client) -> None:
    first = ok(put(client, 1, 2))["items"][0]["id"]
    second = ok(put(client, 2, 2))["items"][1]["id"]
    assert ok(client.patch(f"/api/cart/items/{first}", json={"quantity": 7}))["items"][0]["quantity"] == 7
    body = ok(client.delete(f"/api/cart/items/{first}"))
    assert [item["id"] for item in body["items"]] == [second]
    body = ok(client.delete("/api/cart"))
    assert (body["message"], body["items"], body["total"]) == ("Cart cleared", [], 0)
    assert quantities(client) == {}


def test_removing_what_is_not_there_is_no_error_and_writes_nothing(client: Client) -> None:
    for path in ("/api/cart/items/1", "/api/cart/items/not-a-number", "/api/cart", "/api/cart/discount"):
        ok(client.delete(path))
    assert cart_rows() == []


@pytest.mark.parametrize("wanted", ["1", "x", "-1", "9" * 40, "²"])
def test_changing_what_is_not_there_is_not_found(client: Client, wanted: str) -> None:
    put(client, 1)
    refused(client.patch(f"/api/cart/items/{wanted}", json={"quantity": 2}), 404, "Item not found")


BAD_QUANTITIES = [0, -1, 1.5, True, False, 10**6, 10**30, "2", "two", "", [1], {"a": 1}, None, 1e-7]


@pytest.mark.parametrize("quantity", BAD_QUANTITIES, ids=repr)
def test_a_bad_quantity_is_refused_and_changes_nothing(client: Client, quantity: Any) -> None:
    item = ok(put(client, 1, 2))["items"][0]["id"]
    before = cart_rows()
    refused(put(client, 1, quantity), 400, "quantity")
    refused(client.patch(f"/api/cart/items/{item}", json={"quantity": quantity}), 400, "quantity")
    assert cart_rows() == before


@pytest.mark.parametrize("product_id", [0, -1, 1.5, True, "product-load-test-1", "", [], 10**20], ids=repr)
def test_a_bad_product_id_is_refused(client: Client, product_id: Any) -> None:
    refused(put(client, 1, product_id=product_id), 400, "product_id must be")
    assert cart_rows() == []


@pytest.mark.parametrize("variant_id", [0, -1, 1.5, True, "b3f1", []], ids=repr)
def test_a_bad_variant_id_is_refused(client: Client, variant_id: Any) -> None:
    refused(put(client, 1, variant_id=variant_id), 400, "variant_id must be")
    assert cart_rows() == []


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "product_id is required"),
        ({"quantity": 1}, "product_id is required"),
        ([], "must be a JSON object"),
    ],
    ids=repr,
)
def test_a_body_without_a_product_is_refused(client: Client, body: Any, text: str) -> None:
    refused(client.post("/api/cart/items", json=body), 400, text)


def test_no_body_at_all_is_refused(client: Client) -> None:
    refused(client.post("/api/cart/items"), 400)
    refused(client.post("/api/cart/items", data="{"), 400)


def test_what_is_not_on_sale_cannot_be_put_in(client: Client) -> None:
    store([on_sale(4, status="draft"), on_sale(5, deleted_at=MOMENT), on_sale(6, status="archived")])
    for product_id in (4, 5, 6, 99):
        refused(put(client, product_id), 404, "Product not found")
    gone = variant(7, deleted_at=MOMENT)
    store([on_sale(7, variants=(gone, variant(7, 1)))])
    refused(put(client, 7), 404, "Variant not found")
    assert cart_rows() == []


def test_a_variant_of_another_product_is_refused(client: Client) -> None:
    put(client, 1)
    before = cart_rows()
    refused(put(client, 1, variant_id=20), 404, "Variant not found")
    refused(put(client, 1, variant_id=999), 404, "Variant not found")
    assert cart_rows() == before


def test_the_stock_limits_adding_and_changing(client: Client) -> None:
    item = ok(put(client, 1, 8))["items"][0]["id"]
    refused(put(client, 1, 3), 400, "Insufficient stock available. Requested: 11, Available: 10")
    answer = client.patch(f"/api/cart/items/{item}", json={"quantity": 11})
    refused(answer, 400, "Requested: 11, Available: 10")
    assert quantities(client) == {10: 8}
    ok(put(client, 1, 2))
    assert quantities(client) == {10: 10}


def test_at_most_999_pieces_and_40_items_fit(client: Client) -> None:
    store([on_sale(number, stock=2000) for number in range(100, 141)])
    fill(range(101, 139))
    ok(put(client, 100, 999))
    refused(put(client, 100, 1), 400, "at most 999")
    ok(put(client, 139))
    refused(put(client, 140), 400, "at most 40 different items")
    ok(put(client, 139))
    # A work that is no longer on sale makes room.
    store([on_sale(120, status="draft")])
    ok(put(client, 140))
    assert len(quantities(client)) == 40


def test_what_goes_off_sale_is_neither_shown_nor_counted_and_may_come_back(client: Client) -> None:
    put(client, 1, 2)
    item = ok(put(client, 2))["items"][0]["id"]
    store([on_sale(1, status="draft")])
    body = ok(client.get("/api/cart"))
    assert [entry["variant_id"] for entry in body["items"]] == [20]
    assert body["subtotal"] == Decimal("10.50")
    refused(client.patch(f"/api/cart/items/{item}", json={"quantity": 1}), 404, "Item not found")
    store([on_sale(1)])
    assert quantities(client) == {10: 2, 20: 1}


def test_the_price_is_that_of_this_moment(client: Client) -> None:
    put(client, 1)
    store([on_sale(1, "30.00")])
    assert ok(client.get("/api/cart"))["total"] == 30


def _session_of(headers: dict[str, str]) -> str:
    return str(Client(cart_app()).get("/api/cart", headers=headers).json["cart"]["session_id"])


def test_the_session_is_looked_for_in_this_order(client: Client) -> None:
    given = {
        "X-Cart-Session": "from-header-1",
        "Cookie": f"{COOKIE}=from-cookie",
        "X-Session-Id": "last-chance",
    }
    for name in ("X-Cart-Session", "Cookie", "X-Session-Id"):
        assert _session_of(given) in given.pop(name)
    assert re.fullmatch(r"session_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", _session_of(given))


@pytest.mark.parametrize("bad", ["short", "x" * 129, "USER#1-2345", "has space", "ünïcödé-id", "a/b/c/d/e"])
def test_what_is_no_session_id_gives_a_new_session(client: Client, bad: str) -> None:
    first, second = (_session_of({"X-Cart-Session": bad}) for _ in range(2))
    assert bad not in (first, second)
    assert first != second


def test_the_cookie_can_be_read_by_the_storefront_and_lasts_as_long_as_the_cart(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, lasting = f"{COOKIE}={SESSION}; Path=/", "SameSite=Lax; Max-Age=2592000"
    assert client.get("/api/cart").set_cookies == [f"{name}; Secure; {lasting}"]
    monkeypatch.setenv("ENVIRONMENT", "development")
    assert client.get("/api/cart").set_cookies == [f"{name}; {lasting}"]


def test_no_cache_keeps_a_cart(client: Client) -> None:
    answer = client.get("/api/cart")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer.headers


def test_sessions_do_not_see_each_other(client: Client) -> None:
    put(client, 1)
    other = shopper("another-session-entirely")
    assert quantities(other) == {}
    assert other.get("/api/cart").json["cart"]["id"] != client.get("/api/cart").json["cart"]["id"]


def test_a_code_is_applied_shown_and_removed_without_being_used_up(client: Client) -> None:
    a_code()
    put(client, 1, 2)
    body = ok(client.post("/api/cart/discount", json={"code": "  save10 "}))
    applied = ("discount_code", "discount_type", "discount_value", "discount_amount")
    assert [body[name] for name in applied] == ["SAVE10", "percentage", 10, 5]
    assert (body["total_before"], body["total_after"], body["total"]) == (50, 45, 45)
    shown = ok(client.get("/api/cart"))
    assert (shown["cart"]["discount_code"], shown["cart"]["discount_amount"]) == ("SAVE10", 5)
    assert (shown["discount"], shown["total"]) == (5, 45)
    ok(client.delete("/api/cart"))
    assert ok(client.get("/api/cart"))["cart"]["discount_code"] == "SAVE10"
    assert "discount_code" not in ok(client.delete("/api/cart/discount"))["cart"]
    assert uses() == 0


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"code": "OTHER"}, "Invalid discount code"),
        ({"is_active": False}, "Discount code is expired or no longer active"),
        ({"valid_from": "2999-01-01T00:00:00.000Z"}, "Discount code is expired or no longer active"),
        ({"valid_until": "2020-01-01T00:00:00.000Z"}, "Discount code is expired or no longer active"),
        ({"max_uses": 2, "times_used": 2}, "Discount code is expired or no longer active"),
        ({"min_purchase_amount": Decimal("25.01")}, "Minimum order value of 25.01 is required"),
    ],
    ids=repr,
)
def test_a_code_that_cannot_be_used_is_refused(client: Client, fields: dict[str, Any], text: str) -> None:
    a_code(**fields)
    put(client, 1)
    before = cart_rows()
    refused(client.post("/api/cart/discount", json={"code": "SAVE10"}), 400, text)
    assert cart_rows() == before


@pytest.mark.parametrize("body", [{}, {"code": ""}, {"code": "  "}, {"code": None}, {"code": 5}], ids=repr)
def test_a_code_must_be_a_text(client: Client, body: Any) -> None:
    refused(client.post("/api/cart/discount", json=body), 400, "code")


def test_a_code_that_no_longer_applies_stays_on_the_cart_and_takes_nothing_off(client: Client) -> None:
    a_code(min_purchase_amount=Decimal(50))
    item = ok(put(client, 1, 2))["items"][0]["id"]
    ok(client.post("/api/cart/discount", json={"code": "SAVE10"}))
    body = ok(client.patch(f"/api/cart/items/{item}", json={"quantity": 1}))
    assert (body["discount"], body["total"]) == (0, 25)
    assert body["cart"]["discount_code"] == "SAVE10"
    assert body["cart"]["discount_reason"] == "Minimum order value of 50.00 is required"
    body = ok(client.patch(f"/api/cart/items/{item}", json={"quantity": 2}))
    assert (body["discount"], "discount_reason" in body["cart"]) == (5, False)
