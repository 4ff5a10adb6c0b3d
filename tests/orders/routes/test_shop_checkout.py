"""Checkout below /api/shop: the flat order, texts for amounts, refusals, and the way to the last refund."""

from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from common.http import ShopApp, create_app
from orders.providers import Intent
from orders.routes import routes
from orders.sessions import COOKIE
from shop.routes import routes as shop_routes
from tests.catalog.builders import ok, refused, store
from tests.orders.cart_builders import a_code, on_sale, uses
from tests.orders.order_builders import ADDRESS, counter, stock_of
from tests.support.http import Answer, Client
from tests.support.tokens import admin_token

SESSION = "session_6f1c2f7e-53a5-4a3e-9f57-0e6f3f0b7a11"
CART, CHECKOUT, ORDERS = "/api/shop/cart", "/api/shop/checkout", "/api/admin/shop/orders"
BUYER = {"email": "maria.rossi@example.com", "name": "Maria Rossi", "shipping_address": ADDRESS}
TEXTS = ("subtotal", "tax", "discount", "total")

pytestmark = pytest.mark.usefixtures("table")


@cache
def app() -> ShopApp:
    """Orders and the shop's own routes behind one URL."""
    return create_app("shop", [routes, shop_routes])


@pytest.fixture
def client() -> Client:
    """A guest with a session before a shop with two works."""
    store([on_sale(1, sku="W1"), on_sale(2, "10.50", stock=2)])
    return Client(app(), headers={"X-Cart-Session": SESSION})


@pytest.fixture
def admin() -> Client:
    """An administrator."""
    return Client(app(), token=admin_token())


def _put(client: Client, product: int, quantity: int = 1) -> dict[str, Any]:
    return ok(client.post(f"{CART}/items", json={"product_id": product, "quantity": quantity}))


def _check_out(client: Client, key: str = "", **fields: Any) -> Answer:
    return client.post(CHECKOUT, json=BUYER | fields, headers={"Idempotency-Key": key} if key else {})


def test_the_answer_is_the_order_with_its_items_and_texts_for_amounts(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAX_RATE", "0.22")
    _put(client, 1, 2)
    answer = _check_out(client, notes="Ring twice")
    order = ok(answer)
    assert [order[name] for name in TEXTS] == ["50.00", "11.00", "0.00", "61.00"]
    assert (order["id"], order["order_number"], order["currency"]) == (1, "ORD-00000001", "EUR")
    assert (order["payment_status"], order["fulfillment_status"]) == ("pending", "unfulfilled")
    assert (order["customer_email"], order["customer_name"]) == (BUYER["email"], BUYER["name"])
    assert order["shipping_address"] == order["billing_address"] == ADDRESS
    nulls = ("user_id", "payment_intent_id", "deleted_at", "client_secret")
    assert ([order[name] for name in nulls], order["notes"]) == ([None] * 4, "Ring twice")
    (line,) = order["items"]
    assert (line["order_id"], line["product_id"], line["variant_id"], line["quantity"]) == (1, 1, 10, 2)
    assert (line["product_name"], line["variant_name"], line["sku"]) == ("Row 0001", "Small", "V-1-0")
    assert (line["unit_price"], line["total_price"], line["created_at"]) == (
        "25.00",
        "50.00",
        order["created_at"],
    )
    assert (order["order_id"], order["status"], "payment_metadata" in order) == (1, "pending", False)
    assert (answer.cookies[COOKIE], answer.headers["Cache-Control"]) == (SESSION, "private, no-store")


def test_what_the_buyer_needs_to_pay_comes_with_the_order(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    intent = Intent("pi_1", "secret_1", {"url": "https://example.com/pay"})
    monkeypatch.setattr("orders.providers.mock.MockProvider.begin", lambda *_: intent)
    _put(client, 1)
    order = ok(_check_out(client, payment_method="mock"))
    assert (order["payment_intent_id"], order["client_secret"]) == ("pi_1", "secret_1")
    assert (order["payment_method"], order["payment_metadata"]) == ("mock", intent.metadata)


def test_the_shorter_names_go_first_and_the_longer_ones_do_as_well(client: Client) -> None:
    longer: dict[str, Any] = {"customer_email": "other@example.com", "customer_name": "Other"}
    _put(client, 1)
    assert ok(_check_out(client, **longer))["customer_email"] == BUYER["email"]
    _put(client, 1)
    order = ok(_check_out(client, email="", name="", **longer))
    assert (order["customer_email"], order["customer_name"]) == ("other@example.com", "Other")


def test_only_the_cart_of_the_session_is_ordered(client: Client) -> None:
    _put(client, 1)
    stranger = Client(app())
    answer = _check_out(stranger, session_token=SESSION)
    refused(answer, 400, "Cart is empty")
    assert answer.cookies[COOKIE].startswith("session_")
    order = ok(_check_out(client, items=[{"product_id": 2, "quantity": 2}]))
    assert [line["product_id"] for line in order["items"]] == [1]
    refused(_check_out(client, items=[]), 400, "Cart is empty")


@pytest.mark.parametrize(
    "fields",
    [
        {"email": None},
        {"email": "nobody"},
        {"name": ""},
        {"shipping_address": "Via Roma"},
        {"payment_method": "shells"},
        {"discount_code": "NOTHING"},
    ],
    ids=repr,
)
def test_a_bad_body_is_refused_and_orders_nothing(client: Client, fields: dict[str, Any]) -> None:
    _put(client, 1)
    refused(_check_out(client, **fields), 400)
    assert (stock_of(1), counter()) == (10, (0, 0))
    assert len(ok(client.get(CART))["cart"]["items"]) == 1


def test_pieces_that_are_gone_are_a_bad_request_that_names_them(client: Client) -> None:
    _put(client, 2, 2)
    store([on_sale(2, "10.50", stock=1)])
    answer = _check_out(client)
    refused(answer, 400, "Insufficient stock available", "1 left")
    assert answer.json["lines"][0]["available"] == 1
    assert counter() == (0, 0)


def test_a_code_counts_once_whether_on_the_cart_or_in_the_body(client: Client) -> None:
    a_code()
    _put(client, 1)
    ok(client.post(f"{CART}/discount", json={"code": "SAVE10"}))
    order = ok(_check_out(client))
    assert (order["discount"], order["total"], order["discount_code"]) == ("2.50", "22.50", "SAVE10")
    _put(client, 1)
    assert ok(_check_out(client, discount_code="save10"))["total"] == "22.50"
    assert uses() == 2


def test_a_repetition_under_one_key_is_one_order(client: Client) -> None:
    _put(client, 1)
    first = ok(_check_out(client, key="once"))
    assert ok(_check_out(client, key="once")) == first
    assert (stock_of(1), counter()) == (9, (1, 1))


def _fill(client: Client) -> None:
    """As the shop's pages do it: the first answer's cookie carries the cart from then on."""
    first = _put(client, 1)["cart"]
    token = client.get(CART, headers={"X-Cart-Session": first["session_token"]}).cookies[COOKIE]
    client.headers = {"Cookie": f"{COOKIE}={token}"}
    second = _put(client, 2, 1)["cart"]["items"][1]
    ok(client.patch(f"{CART}/items/{second['id']}", json={"quantity": 2}))
    assert ok(client.delete(f"{CART}/items/{first['items'][0]['id']}"))["total"] == 21


def _notifications(admin: Client) -> list[str]:
    return [each["type"] for each in ok(admin.get("/api/admin/notifications"))["notifications"]]


def _seen_by(admin: Client) -> dict[str, Any]:
    body = ok(admin.get(ORDERS, params={"page": 1, "per_page": 10}))
    assert (body["total"], body["page"], body["per_page"]) == (1, 1, 10)
    (row,) = body["orders"]
    assert ok(admin.get(f"{ORDERS}/{row['id']}")) == row
    assert admin.get("/api/admin/orders").json[0]["customer_email"] == row["customer_email"]
    return dict(row)


def test_the_whole_way_from_an_empty_cart_to_the_refund(client: Client, admin: Client) -> None:
    store([on_sale(1), on_sale(2, "10.50", stock=8)])
    visitor = Client(app())
    _fill(visitor)
    order = ok(_check_out(visitor))
    assert (order["total"], order["payment_status"], stock_of(2), stock_of(1)) == ("21.00", "pending", 6, 10)
    assert ok(visitor.get(CART))["cart"]["items"] == []
    row = _seen_by(admin)
    assert (row["order_number"], row["total"], row["status"]) == (order["order_number"], 21, "pending")
    assert [(it["product_title"], it["product_sku"]) for it in row["items"]] == [("Row 0002", "V-2-0")]
    refused(admin.post(f"{ORDERS}/1/refund", json={}), 400, "payment")
    ok(visitor.post("/api/orders/1/payment"))
    sent = ok(admin.patch(f"{ORDERS}/1/fulfillment", json={"status": "fulfilled"}))
    assert (sent["fulfillment_status"], sent["payment_status"], len(sent["items"])) == (
        "fulfilled",
        "paid",
        1,
    )
    part = ok(admin.post(f"{ORDERS}/1/refund", json={"amount": Decimal("1.00")}))
    assert (part["payment_status"], part["refunded_amount"]) == ("partially_refunded", 1)
    assert ok(admin.post(f"{ORDERS}/1/refund", json={}))["payment_status"] == "refunded"
    refused(admin.post(f"{ORDERS}/1/refund", json={}), 400)
    assert {"order_created", "order_paid", "order_shipped"} <= set(_notifications(admin))
