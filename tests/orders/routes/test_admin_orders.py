"""Orders as the artist works with them over HTTP: lists, filters, and steps from one state to another."""

from decimal import Decimal
from typing import Any

import pytest

from common.dynamodb import UnitOfWork, meter
from common.repositories.orders import OrderDetails, OrderLine, add_order, order_by_id
from tests.catalog.builders import actions_of, audit_of, ok, refused, store
from tests.orders.cart_builders import a_code, on_sale, uses
from tests.orders.order_builders import (
    ADDRESS,
    MOMENT,
    an_order,
    body_of,
    buyer,
    check_out,
    orders_app,
    stock_of,
    store_orders,
    told,
    wanted,
)
from tests.support.http import Answer, Client
from tests.support.tokens import TOKEN_TRIPS, admin_token

pytestmark = pytest.mark.usefixtures("table")


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


@pytest.fixture
def listed(table: str) -> None:
    """Five orders of different states, places and days."""
    states: list[dict[str, Any]] = [
        {"payment_status": "paid", "fulfillment_status": "fulfilled"},
        {"payment_status": "paid"},
        {"payment_status": "failed", "customer_email": "Ugo@example.org"},
        {"cancelled_at": "2026-01-03T10:00:00.000Z"},
        {"fulfillment_status": "partially_fulfilled"},
    ]
    days = [{"created_at": f"2026-01-0{number}T12:00:00.000Z"} for number in range(1, 6)]
    store_orders(an_order(number, **days[number - 1], **states[number - 1]) for number in range(1, 6))


FILTERS: list[tuple[dict[str, str], list[int]]] = [
    ({"page": "1"}, [5, 4, 3, 2, 1]),
    ({"payment_status": "paid"}, [2, 1]),
    ({"payment_status": "refunded"}, []),
    ({"fulfillment_status": "unfulfilled"}, [4, 3, 2]),
    ({"payment_status": "paid", "fulfillment_status": "fulfilled"}, [1]),
    ({"status": "cancelled"}, [4]),
    ({"status": "pending"}, [3, 2]),
    ({"status": "paid"}, [2, 1]),
    ({"status": "failed"}, [3]),
    ({"customer_email": "UGO@"}, [3]),
    ({"customer_email": "example.com"}, [5, 4, 2, 1]),
    ({"start_date": "2026-01-02", "end_date": "2026-01-03"}, [3, 2]),
    ({"start_date": "2026-01-04T12:00:00Z"}, [5, 4]),
    ({"endDate": "2026-01-02T12:00:00.000Z"}, [2, 1]),
    ({"end_date": "2026-01-02T11:59:59Z", "customer_email": "buyer"}, [1]),
    ({"start_date": "2026-01-05", "end_date": "2026-01-01"}, []),
    ({"unknown": "x", "payment_status": " "}, [5, 4, 3, 2, 1]),
    ({"payment_status": "[object Object]", "fulfillment_status": "[object Object]"}, [5, 4, 3, 2, 1]),
    ({"status": "[object Object]", "payment_status": "paid"}, [2, 1]),
]


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("path", ["/api/admin/orders", "/api/admin/shop/orders"])
@pytest.mark.parametrize(("query", "ids"), FILTERS, ids=str)
def test_the_admin_list_filters_and_counts(
    admin: Client, path: str, query: dict[str, str], ids: list[int]
) -> None:
    body = ok(admin.get(path, params=query))
    assert [order["id"] for order in body["orders"]] == ids
    assert body["total"] == len(ids)
    second = ok(admin.get(path, params=query | {"page": "2", "per_page": "2"}))
    assert [order["id"] for order in second["orders"]] == ids[2:4]
    assert (second["total"], second["page"], second["per_page"]) == (len(ids), 2, 2)
    assert ok(admin.get(path, params=query | {"page": "9"}))["orders"] == []


@pytest.mark.usefixtures("listed")
def test_a_row_has_what_the_pages_show(admin: Client) -> None:
    row = ok(admin.get("/api/admin/orders?page=1"))["orders"][4]
    assert row["id"] == 1
    assert (row["order_number"], row["customer_email"]) == ("ORD-00000001", "buyer-1@example.com")
    assert (row["total"], row["status"], row["created_at"]) == (10, "shipped", "2026-01-01T12:00:00.000Z")
    assert (row["payment_status"], row["fulfillment_status"]) == ("paid", "fulfilled")


@pytest.mark.usefixtures("listed")
def test_the_oldest_page_asks_without_a_query_and_gets_the_bare_rows(admin: Client) -> None:
    rows = admin.get("/api/admin/orders").json
    assert rows == ok(admin.get("/api/admin/orders?page=1"))["orders"]
    assert {"id", "customer_email", "total", "status", "created_at"} < rows[0].keys()


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("path", ["/api/admin/orders", "/api/admin/shop/orders"])
def test_a_cursor_goes_on_behind_a_page(admin: Client, path: str) -> None:
    query = {"per_page": "2", "payment_status": "[object Object]"}
    pages = [ok(admin.get(path, params=query))]
    while "lastEvaluatedKey" in pages[-1]:
        pages.append(ok(admin.get(path, params=query | {"cursor": pages[-1]["lastEvaluatedKey"]})))
    assert [[order["id"] for order in page["orders"]] for page in pages] == [[5, 4], [3, 2], [1]]
    assert {page["total"] for page in pages} == {5}


@pytest.mark.usefixtures("listed")
def test_the_bare_rows_go_on_behind_their_link(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.http.answer_size.BODY_BYTES", 2_000)
    shown, path = [], "/api/admin/orders"
    while path:
        answer = admin.get(path)
        shown += [order["id"] for order in answer.json]
        link = answer.headers.get("Link", "").removeprefix("<").removesuffix('>; rel="next"')
        path = link and f"/api/admin/orders{link}"
    assert shown == [5, 4, 3, 2, 1]


def test_older_clients_see_the_items_of_each_order_in_their_list(client: Client, admin: Client) -> None:
    for product in (1, 2):
        placed(check_out(client, body_of(wanted(product))))
    with meter() as usage:
        body = ok(admin.get("/api/admin/shop/orders"))
    assert usage.calls == 3 + TOKEN_TRIPS
    assert [[line["product_title"] for line in order["items"]] for order in body["orders"]] == [
        ["Row 0002"],
        ["Row 0001"],
    ]
    assert body["orders"][0]["shipping_address"] == ADDRESS
    assert "items" not in ok(admin.get("/api/admin/orders?page=1"))["orders"][0]


def test_an_order_that_was_brought_along_is_shown_with_what_it_lacks(admin: Client) -> None:
    line = OrderLine(7, None, None, "Drawing", None, None, 1, Decimal(10), Decimal(10), MOMENT)
    with UnitOfWork() as work:
        details = OrderDetails((line,))
        add_order(work, an_order(3, order_number="OLD-3", payment_method=None), details, ValueError("taken"))
    order = ok(admin.get("/api/admin/shop/orders/OLD-3"))
    nulls = ("payment_method", "user_id", "shipping_address", "deleted_at", "notes")
    assert [order[name] for name in nulls] == [None] * 5
    (shown,) = order["items"]
    absent = ("product_id", "variant_id", "variant_name", "sku", "product_sku")
    assert [shown[name] for name in absent] == [None] * 5
    assert (shown["id"], shown["product_title"], shown["created_at"]) == (7, "Drawing", MOMENT)
    assert ok(admin.get("/api/admin/shop/orders/3")) == order
    assert ok(admin.get("/api/admin/shop/orders", params={"customer_email": "buyer"}))["orders"] == [order]


@pytest.mark.usefixtures("listed")
def test_a_date_that_is_none_is_refused(admin: Client) -> None:
    for wrong in ("yesterday", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00"):
        answer = admin.get("/api/admin/orders", params={"start_date": wrong})
        assert refused(answer, 400, "start_date must be a date")


def _move(admin: Client, status: str, **fields: Any) -> Answer:
    return admin.patch("/api/admin/orders/1/status", json={"status": status, **fields})


def test_an_order_is_moved_along_with_audit_and_notification(client: Client, admin: Client) -> None:
    placed(check_out(client, body_of(wanted(1))))
    for status, word in [
        ("partially_fulfilled", "processing"),
        ("unfulfilled", "pending"),
        ("fulfilled", "shipped"),
        ("delivered", "delivered"),
    ]:
        body = ok(_move(admin, status))
        assert (body["status"], body["shipping_address"]) == (word, ADDRESS)
    assert [row["metadata"]["order_number"] for row in told("order_shipped")] == ["ORD-00000001"]
    assert actions_of("Order", 1) == ["UPDATE_ORDER_STATUS"] * 4
    changes = [entry.changes for entry in audit_of("Order", 1)]
    assert {"fulfillment_status": {"old": "unfulfilled", "new": "fulfilled"}}.items() <= next(
        it for it in changes if it and it["status"]["new"] == "shipped"
    ).items()


def test_older_clients_move_an_order_by_another_path(client: Client, admin: Client) -> None:
    placed(check_out(client, body_of(wanted(1))))
    path = "/api/admin/shop/orders/ORD-00000001/fulfillment"
    assert client.patch(path, json={"status": "fulfilled"}).status == 401
    moved = ok(admin.patch(path, json={"status": "fulfilled"}))
    assert (moved["fulfillment_status"], len(moved["items"])) == ("fulfilled", 1)


def test_older_clients_are_told_of_every_mistake_by_one_status(admin: Client) -> None:
    store_orders([an_order(1, cancelled_at=MOMENT)])
    for number, text in ((1, "cancelled"), (2, "Order not found")):
        path = f"/api/admin/shop/orders/{number}"
        refused(admin.patch(f"{path}/fulfillment", json={"status": "fulfilled"}), 400, text)
        refused(admin.post(f"{path}/refund", json={}), 400)
    refused(admin.get("/api/admin/shop/orders/2"), 404, "Order not found")


def test_the_same_status_again_changes_nothing(client: Client, admin: Client) -> None:
    placed(check_out(client, body_of(wanted(1))))
    first = ok(_move(admin, "shipped"))
    assert ok(_move(admin, "fulfilled")) == first
    assert (len(told("order_shipped")), len(audit_of("Order", 1))) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "impossible"),
    [
        ({}, ["delivered", "refunded"]),
        ({"fulfillment_status": "partially_fulfilled"}, ["delivered"]),
        (
            {"cancelled_at": "2026-01-01T10:00:00.000Z"},
            ["unfulfilled", "fulfilled", "shipped", "pending", "delivered", "refunded", "cancelled"],
        ),
        (
            {"fulfillment_status": "fulfilled", "delivered_at": "2026-01-01T10:00:00.000Z"},
            ["unfulfilled", "partially_fulfilled", "fulfilled", "processing", "cancelled"],
        ),
        (
            {"payment_status": "refunded", "refunded_amount": Decimal("10.00")},
            ["fulfilled", "processing", "delivered", "refunded"],
        ),
    ],
    ids=["pending", "processing", "cancelled", "delivered", "refunded"],
)
def test_an_impossible_step_is_a_conflict(
    admin: Client, fields: dict[str, Any], impossible: list[str]
) -> None:
    (order,) = store_orders([an_order(1, **fields)])
    for status in impossible:
        assert refused(_move(admin, status), 409)
    assert order_by_id(1) == order
    assert audit_of("Order", 1) == []


@pytest.mark.parametrize(
    "body", [{"status": "lost"}, {"status": ""}, {}, {"status": 7}, {"status": "refunded", "amount": -1}]
)
def test_a_status_that_is_none_is_refused(admin: Client, body: dict[str, Any]) -> None:
    store_orders([an_order(1, payment_status="paid")])
    assert refused(admin.patch("/api/admin/orders/1/status", json=body), 400)
    assert refused(_move(admin, "lost"), 400, "pending", "delivered", "unfulfilled")


def test_a_cancelled_order_gives_its_pieces_and_its_code_back(client: Client, admin: Client) -> None:
    a_code()
    placed(check_out(client, body_of(wanted(1, 3), discount_code="SAVE10")))
    assert (stock_of(1), uses()) == (7, 1)
    assert ok(_move(admin, "cancelled"))["status"] == "cancelled"
    assert (stock_of(1), uses()) == (10, 0)


def test_a_paid_order_is_refunded_through_its_status(client: Client, admin: Client) -> None:
    placed(check_out(client, body_of(wanted(1, 2))))
    ok(client.post("/api/orders/1/payment", json={}))
    part = ok(_move(admin, "refunded", amount=10))
    assert (part["payment_status"], part["refunded_amount"], part["status"]) == (
        "partially_refunded",
        10,
        "pending",
    )
    whole = ok(_move(admin, "refunded"))
    assert (whole["payment_status"], whole["status"], stock_of(1)) == ("refunded", "refunded", 10)
