"""Checkout and orders over HTTP: both bodies, who sees what, and refusals."""

from decimal import Decimal
from typing import Any
from unicodedata import normalize

import pytest

from common.dynamodb import batch_write
from common.repositories.orders import ORDERS, OrderDetails, details_item
from orders.providers import Intent, ProviderUnavailable
from tests.catalog.builders import ok, refused, store
from tests.orders.cart_builders import a_code, on_sale, put, uses
from tests.orders.order_builders import (
    ADDRESS,
    an_order,
    body_of,
    body_of_cart,
    buyer,
    check_out,
    counter,
    order_rows,
    orders_app,
    stock_of,
    store_orders,
    stranger,
    wanted,
)
from tests.support.http import Answer, Client
from tests.support.tokens import admin_token

pytestmark = pytest.mark.usefixtures("table")

PERSONAL = ("Maria", "maria", "Via Roma", "Torino", "10121", "Ring twice")


@pytest.fixture
def client(table: str) -> Client:
    """A guest with a session before a shop with two works."""
    store([on_sale(1, sku="W1"), on_sale(2, "10.50", stock=2)])
    return buyer()


@pytest.fixture
def admin(table: str) -> Client:
    """An administrator."""
    return Client(orders_app(), token=admin_token())


def placed(answer: Answer) -> dict[str, Any]:
    """The body of a checkout that went well."""
    assert answer.status == 201, answer.text
    return dict(answer.json)


def test_named_items_become_an_order_at_the_shops_prices(client: Client) -> None:
    line = wanted(1, 2, unit_price=Decimal("0.01"), product_name="Cheap", total_price=0)
    body = placed(check_out(client, body_of(line, wanted(2), total=0, currency="USD", status="delivered")))
    assert (body["order_id"], body["order_number"], body["total"], body["status"]) == (
        1,
        "ORD-00000001",
        Decimal("60.5"),
        "pending",
    )
    order, (first, second) = body["order"], body["items"]
    assert (order["subtotal"], order["tax"], order["discount"], order["currency"]) == (60.5, 0, 0, "EUR")
    assert (order["payment_status"], order["fulfillment_status"]) == ("pending", "unfulfilled")
    assert order["customer_email"] == "Maria.Rossi@example.com"
    assert order["shipping_address"] == order["billing_address"] == ADDRESS
    assert (first["product_title"], first["product_sku"], first["unit_price"]) == ("Row 0001", "V-1-0", 25)
    assert (first["quantity"], first["total_price"], second["order_id"]) == (2, 50, 1)


def test_the_cart_becomes_an_order(client: Client) -> None:
    a_code()
    put(client, 1, 2)
    client.post("/api/cart/discount", json={"code": "save10"})
    answer = check_out(client, body_of_cart())
    body = placed(answer)
    assert (body["total"], body["order"]["discount_code"], uses()) == (45, "SAVE10", 1)
    assert body["order"]["customer_name"] == "Maria Rossi"
    assert answer.cookies["cart_session"] == "session-of-a-buyer"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert ok(client.get("/api/cart"))["items"] == []


def test_the_cart_is_also_named_by_the_body(client: Client) -> None:
    put(client, 1)
    stranger = Client(orders_app())
    body = placed(check_out(stranger, body_of_cart(session_token="session-of-a-buyer")))
    assert body["total"] == 25


def test_a_signed_in_buyer_checks_out_the_cart_of_the_account(client: Client, admin: Client) -> None:
    put(admin, 2)
    assert placed(check_out(admin, body_of_cart()))["total"] == Decimal("10.5")
    put(client, 1)
    both = Client(orders_app(), token=admin_token(), headers=client.headers)
    assert placed(check_out(both, body_of_cart()))["total"] == 25


def test_what_the_buyer_needs_to_pay_comes_with_the_order(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    intent = Intent("pi_1", "secret_1", {"url": "https://example.com/pay"})
    monkeypatch.setattr("orders.providers.mock.MockProvider.begin", lambda *_: intent)
    body = placed(check_out(client, body_of(wanted(1)), "key-1"))
    assert (body["payment_intent_id"], body["client_secret"]) == ("pi_1", "secret_1")
    assert body["payment_metadata"] == {"url": "https://example.com/pay"}
    again = placed(check_out(client, body_of(wanted(1)), "key-1"))
    assert (again["order_id"], again["client_secret"]) == (1, "secret_1")


def test_a_provider_that_is_away_loses_no_order(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ProviderUnavailable

    monkeypatch.setattr("orders.providers.mock.MockProvider.begin", refuse)
    body = placed(check_out(client, body_of(wanted(1))))
    assert (body["status"], body["payment_intent_id"]) == ("pending", None)
    assert (stock_of(1), counter()) == (9, (1, 1))


def test_an_address_may_say_postal_code(client: Client) -> None:
    address = {"street": "Via Po 1", "city": "Torino", "postal_code": "10123"}
    body = placed(check_out(client, body_of(wanted(1), shipping_address=address, billing_address=None)))
    assert body["order"]["shipping_address"] == {"street": "Via Po 1", "city": "Torino", "zip_code": "10123"}


def test_short_lines_are_named(client: Client) -> None:
    answer = check_out(client, body_of(wanted(1), wanted(2, 3)))
    assert refused(answer, 409, "Row 0002 (2 left)")
    assert answer.json["lines"] == [
        {"product_id": 2, "variant_id": 20, "title": "Row 0002", "requested": 3, "available": 2}
    ]
    assert (stock_of(1), counter()) == (10, (0, 0))


def test_a_key_makes_a_repetition_the_same_order(client: Client) -> None:
    body = body_of(wanted(1))
    first = check_out(client, body, "key-1")
    again = check_out(client, body, "key-1")
    assert (again.status, again.json) == (201, first.json)
    assert refused(check_out(client, body_of(wanted(2)), "key-1"), 422, "another request")
    assert refused(check_out(buyer("another-session"), body, "key-1"), 422)
    assert (counter(), stock_of(1)) == ((1, 1), 9)
    assert placed(check_out(client, body, "key-2"))["order_id"] == 2


def test_a_repetition_without_a_session_is_known_too(client: Client) -> None:
    nobody = Client(orders_app())
    first = placed(check_out(nobody, body_of(wanted(1)), "key-1"))
    assert placed(check_out(nobody, body_of(wanted(1)), "key-1")) == first


def test_a_cart_is_ordered_once_for_a_key(client: Client) -> None:
    put(client, 1)
    first = placed(check_out(client, body_of_cart(), "key-1"))
    assert placed(check_out(client, body_of_cart(), "key-1")) == first
    assert refused(check_out(client, body_of_cart()), 400, "Cart is empty")


BAD_BODIES: list[tuple[dict[str, Any], str]] = [
    *(
        (body_of(wanted(1, quantity)), "items.0.quantity")
        for quantity in (0, -1, Decimal("1.5"), True, "two", None, 1000, 10**30, [1])
    ),
    *(
        (body_of(wanted(1) | {"product_id": product}), "items.0.product_id")
        for product in (0, -1, "product-1", None, True)
    ),
    (body_of(wanted(1, variant_id="v")), "items.0.variant_id"),
    (body_of(items=[]), "items must be a non-empty array"),
    (body_of(items="1"), "items must be a non-empty array"),
    (body_of(items=None), "items must be a non-empty array"),
    (body_of(*[wanted(1)] * 201), "at most 200"),
    (body_of(*[wanted(n) for n in range(1, 42)]), "at most 40 different items"),
    (body_of(wanted(1), customer_email=""), "customer_email and customer_name are required"),
    (body_of(wanted(1), customer_name=None), "customer_email and customer_name are required"),
    *(
        (body_of(wanted(1), customer_email=email), "customer_email must be")
        for email in ("maria", "a@b", "a b@c.it", "a@b@c.it", f"{'a' * 250}@b.it", "a@b..it", 7, ".a@b.it")
    ),
    (body_of(wanted(1), customer_name="x" * 201), "customer_name must be at most 200"),
    (body_of(wanted(1), notes="x" * 2001), "notes must be at most"),
    (body_of(wanted(1), shipping_address="Via Roma"), "shipping_address must be an object"),
    (body_of(wanted(1), shipping_address={"city": "Torino"}), "shipping_address.street is required"),
    (body_of(wanted(1), billing_address=ADDRESS | {"street": 7}), "billing_address.street must be text"),
    (body_of(wanted(1), payment_method="shells"), "payment_method"),
    (body_of(wanted(1), discount_code="NOSUCH"), "discount_code"),
    (body_of_cart(), "Cart is empty"),
    (body_of_cart(session_token="no-such-session"), "Cart is empty"),
]


@pytest.mark.parametrize(("body", "text"), BAD_BODIES)
def test_a_bad_body_changes_nothing(client: Client, body: dict[str, Any], text: str) -> None:
    assert refused(check_out(client, body, "key-1"), 400, text)
    assert (stock_of(1), counter(), order_rows()) == (10, (0, 0), [])


@pytest.mark.parametrize(
    ("body", "status"),
    [(body_of(wanted(9)), 404), (body_of(wanted(1, variant_id=20)), 404), ([], 400), ("x", 400)],
)
def test_what_is_not_on_sale_is_not_sold(client: Client, body: Any, status: int) -> None:
    assert check_out(client, body).status == status
    assert counter() == (0, 0)


def test_an_unusable_key_is_refused(client: Client) -> None:
    assert refused(check_out(client, body_of(wanted(1)), "k" * 256), 400, "Idempotency-Key")
    assert counter() == (0, 0)


def test_a_stranger_with_a_number_sees_no_name_address_or_email(client: Client) -> None:
    placed(check_out(client, body_of(wanted(1), notes="Ring twice")))
    for path in ("/api/orders/ORD-00000001", "/api/orders/1", "/api/orders/1?email=other@example.com"):
        answer = stranger().get(path)
        body = ok(answer)
        assert (body["order_number"], body["status"], "items" in body) == ("ORD-00000001", "pending", False)
        assert not any(text in answer.text for text in PERSONAL)
        assert not {"customer_name", "customer_email", "shipping_address", "notes"} & body.keys()
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_buyer_and_the_administrator_see_all_of_an_order(client: Client, admin: Client) -> None:
    placed(check_out(client, body_of(wanted(1), notes="Ring twice")))
    own = ok(client.get("/api/orders/ORD-00000001", params={"email": "maria.rossi@EXAMPLE.com"}))
    for body in (own, ok(admin.get("/api/orders/1")), ok(admin.get("/api/admin/shop/orders/ORD-00000001"))):
        assert body == own
        assert (body["customer_name"], body["notes"]) == ("Maria Rossi", "Ring twice")
        assert (body["payment_method"], body["shipping_address"]) == ("mock", ADDRESS)
        (item,) = body["items"]
        assert (item["product_title"], item["product_sku"]) == ("Row 0001", "V-1-0")
        assert (item["variant_name"], item["unit_price"], item["total_price"]) == ("Small", 25, 25)


@pytest.mark.parametrize("name", ["2", "0", "ORD-00000002", "ORD-20990101-9999", "9" * 16, "x", "ORD-1"])
def test_an_order_that_is_not_there(client: Client, admin: Client, name: str) -> None:
    placed(check_out(client, body_of(wanted(1))))
    assert refused(client.get(f"/api/orders/{name}"), 404, "Order not found")
    answer = admin.patch(f"/api/admin/orders/{name}/status", json={"status": "shipped"})
    assert refused(answer, 404, "Order not found")


def test_an_order_brought_along_without_an_email_shows_nothing_to_strangers(client: Client) -> None:
    store_orders([an_order(1, customer_email=" ", customer_name="Maria")])
    assert "Maria" not in client.get("/api/orders/1?email=").text


def test_the_orders_of_an_email_are_for_the_administrator(admin: Client, client: Client) -> None:
    store_orders(an_order(number, customer_email="maria@example.com") for number in (1, 2, 3))
    assert client.get("/api/orders", params={"email": "maria@example.com"}).status == 401
    assert refused(admin.get("/api/orders"), 400, "email query parameter is required")
    query = {"email": "Maria@example.com", "limit": "2"}
    page = ok(admin.get("/api/orders", params=query))
    assert ([item["id"] for item in page["items"]], page["count"]) == ([3, 2], 2)
    rest = ok(admin.get("/api/orders", params=query | {"lastEvaluatedKey": page["lastEvaluatedKey"]}))
    assert ([item["id"] for item in rest["items"]], "lastEvaluatedKey" in rest) == ([1], False)
    assert refused(admin.get("/api/orders", params=query | {"lastEvaluatedKey": "forged"}), 400)
    for limit in ("0", "x", "-1"):
        assert ok(admin.get("/api/orders", params=query | {"limit": limit}))["count"] == 3


def test_an_international_address_is_taken_and_found_in_either_form(client: Client, admin: Client) -> None:
    order = placed(check_out(client, body_of(wanted(1), customer_email="Info@MÜNCHEN.de")))
    assert order["order"]["customer_email"] == "Info@münchen.de"
    placed(check_out(client, body_of(wanted(2), customer_email="info@xn--mnchen-3ya.de")))
    # As another shop's database had it before it was moved in, under the key that it was given then.
    foreign = an_order(9, customer_email="INFO@münchen.de", created_at="2020-01-01T00:00:00.000Z")
    item = ORDERS.item(foreign) | {"GSI2PK": "ORDER_EMAIL#info@münchen.de"}
    batch_write([item, details_item(9, OrderDetails(()))])
    for form in ("info@münchen.de", "INFO@xn--mnchen-3ya.de", normalize("NFD", "info@münchen.de")):
        assert "customer_name" in ok(client.get("/api/orders/1", params={"email": form}))
        page = ok(admin.get("/api/orders", params={"email": form, "limit": 2}))
        assert [each["id"] for each in page["items"]] == [2, 1]
        query = {"email": form, "limit": 2, "lastEvaluatedKey": page["lastEvaluatedKey"]}
        rest = ok(admin.get("/api/orders", params=query))
        assert ([each["id"] for each in rest["items"]], "lastEvaluatedKey" in rest) == ([9], False)
    for part in ("@münchen", "xn--mnchen"):
        found = ok(admin.get("/api/admin/orders", params={"customer_email": part}))
        assert [each["id"] for each in found["orders"]] == [2, 1, 9], part
