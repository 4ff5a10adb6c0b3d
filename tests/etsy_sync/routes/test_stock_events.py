"""Orders and returns that an administrator's program reports: checked whole, booked once."""

from typing import Any

import pytest

from common.repositories.stock_alerts import unread_alerts
from etsy_sync.repositories.stock_returns import returns_of
from etsy_sync.repositories.stock_transactions import transactions_of
from tests.catalog.builders import ok, refused
from tests.common.stock_builders import SKU, booked, on_shelf, physical
from tests.support.http import Answer, Client


def order(admin: Client, *items: tuple[Any, Any], **fields: Any) -> Answer:
    """Reports an order of pairs of a SKU and a quantity."""
    lines = [{"sku": sku, "quantity": quantity} for sku, quantity in items]
    return admin.post("/webhook/shopify", json={"items": lines} | fields)


def give_back(admin: Client, disposition: str, key: str = "", **fields: Any) -> Answer:
    """Reports a return of two pieces."""
    body = {"sku": SKU, "quantity": 2, "disposition": disposition, "returnOrderId": "111-1"} | fields
    return admin.post("/webhook/amazon/return", json=body, headers={"Idempotency-Key": key} if key else {})


def test_an_order_takes_its_pieces_once(admin: Client) -> None:
    on_shelf(10)
    ok(order(admin, ("B", 9), orderId="init-1"))
    body = ok(order(admin, (f" {SKU} ", "2"), ("B", 1), (SKU, 1), orderId=1001))
    assert body == {
        "success": True,
        "queued": 2,
        "inventoryAfter": {SKU: 7, "B": 8},
        "broadcastAfter": {SKU: 7, "B": 8},
        "duplicate": False,
    }
    again = ok(order(admin, (SKU, 3), ("B", 1), orderId="1001"))
    assert again == body | {"queued": 0, "duplicate": True}
    assert (physical(), physical("B")) == (7, 8)


def test_an_order_without_an_id_is_known_by_its_idempotency_key(admin: Client) -> None:
    on_shelf(10)
    body = {"orderId": "x" * 101, "items": [{"sku": SKU, "quantity": 1}]}
    for _ in range(2):
        ok(admin.post("/webhook/shopify", json=body, headers={"Idempotency-Key": "one"}))
    assert physical() == 9
    for _ in range(2):
        ok(admin.post("/webhook/shopify", json=body))
    assert physical() == 7


def test_more_than_is_there_is_taken_as_far_as_it_goes(admin: Client) -> None:
    on_shelf(3)
    body = ok(order(admin, (SKU, 5), orderId="1001"))
    assert (body["inventoryAfter"], body["shortfall"]) == ({SKU: 0}, {SKU: 2})
    assert "manual_review" in {alert.type for alert in unread_alerts(9)}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "Invalid payload"),
        ({"items": "A"}, "items must be a list"),
        ({"items": []}, "1 to 50 items"),
        ({"items": [{"sku": str(n), "quantity": 1} for n in range(51)]}, "1 to 50 items"),
        ({"items": [7]}, "an item must be an object"),
        ({"items": [{"quantity": 1}]}, "SKU: is required"),
        ({"items": [{"sku": 7, "quantity": 1}]}, "SKU: must be text"),
        ({"items": [{"sku": " ", "quantity": 1}]}, "SKU: is required"),
        ({"items": [{"sku": "x" * 201, "quantity": 1}]}, "SKU: must be at most 200"),
        ({"items": [{"sku": SKU}]}, "Quantity: is required"),
        ({"items": [{"sku": SKU, "quantity": 0}]}, "Quantity: must be at least 1"),
        ({"items": [{"sku": SKU, "quantity": 1_000_001}]}, "Quantity: must be at most 1000000"),
        ({"items": [{"sku": SKU, "quantity": 1.5}]}, "Quantity: must be a whole number"),
    ],
)
def test_a_body_is_checked_whole_before_anything_is_booked(
    admin: Client, body: dict[str, Any], text: str
) -> None:
    on_shelf(10)
    refused(admin.post("/webhook/shopify", json=body), 400, text)
    if body.get("items"):
        mixed = {"items": [{"sku": SKU, "quantity": 1}, *body["items"]]}
        refused(admin.post("/webhook/shopify", json=mixed), 400)
    assert (physical(), len(booked())) == (10, 1)


DISPOSITIONS = [
    ("SELLABLE", "sync", None, None),
    ("CUSTOMER_DAMAGED", "alert_only", "return_unsellable", "warning"),
    ("WAREHOUSE_DAMAGED", "quarantine", "return_damaged", "critical"),
    ("CARRIER_DAMAGED", "quarantine", "return_damaged", "warning"),
    ("UNSELLABLE", "ignore", "return_unsellable", "info"),
    ("UNKNOWN", "alert_only", "return_unsellable", "warning"),
    ("DEFECTIVE", "alert_only", "return_unsellable", "warning"),
    ("DISTRIBUTOR_DAMAGED", "quarantine", "return_damaged", "warning"),
    ("EXPIRED", "alert_only", "return_unsellable", "warning"),
    ("damaged", "alert_only", "return_unsellable", "warning"),
]


@pytest.mark.parametrize(("disposition", "action", "alert", "severity"), DISPOSITIONS)
def test_what_comes_back_is_sold_again_or_looked_at(
    admin: Client, disposition: str, action: str, alert: str | None, severity: str | None
) -> None:
    on_shelf(10)
    body = ok(give_back(admin, disposition))
    left = 10 if alert else 12
    assert body["ok"] is body["processed"] is True
    assert (body["action"], body["synced"], body["inventoryAfter"]) == (action, alert is None, left)
    assert physical() == left
    alerts = unread_alerts(9)
    assert [(each.type, each.severity) for each in alerts] == ([(alert, severity)] if alert else [])
    assert body.get("alert") == ({"id": alerts[0].id, "message": alerts[0].message} if alert else None)
    transactions = [(each.action, each.status) for each in transactions_of(SKU, 9)]
    assert transactions == ([] if alert else [("return", "completed")])
    (returned,) = ok(admin.get(f"/api/inventory/{SKU}"))["returns"]
    assert (returned["quantity"], returned["disposition"]) == (2, disposition.upper())
    assert returned["orderId"] == "111-1"


@pytest.mark.parametrize("disposition", ["SELLABLE", "DEFECTIVE"])
def test_a_return_counts_once(admin: Client, disposition: str) -> None:
    on_shelf(10)
    moved = 2 if disposition == "SELLABLE" else 0
    first = ok(give_back(admin, disposition))
    again = ok(give_back(admin, disposition))
    assert (first["duplicate"], again["duplicate"], "alert" in again) == (False, True, False)
    assert physical() == 10 + moved
    assert len(returns_of(SKU, 9)) == 1
    ok(give_back(admin, disposition, licensePlateNumber="LPN-1"))
    ok(give_back(admin, disposition, licensePlateNumber="LPN-1", returnOrderId="other"))
    assert (physical(), len(returns_of(SKU, 9))) == (10 + 2 * moved, 2)
    ok(give_back(admin, disposition, returnedAt="2026-01-03T10:00:00Z"))
    assert (physical(), len(returns_of(SKU, 9))) == (10 + 3 * moved, 3)


def test_a_return_that_names_no_order_is_one_of_its_own_unless_a_key_says_otherwise(admin: Client) -> None:
    on_shelf(10)
    for _ in range(2):
        ok(give_back(admin, "SELLABLE", returnOrderId="unknown"))
    assert physical() == 14
    for _ in range(2):
        ok(give_back(admin, "SELLABLE", "one", returnOrderId=None))
    assert physical() == 16
    assert {each.order_id for each in returns_of(SKU, 9)} == {"unknown"}


def test_what_only_informs_is_replaced_when_it_is_too_long(admin: Client) -> None:
    ok(give_back(admin, "EXPIRED", reason="x" * 501, returnOrderId="y" * 101))
    (returned,) = returns_of(SKU, 9)
    assert (returned.reason, returned.order_id) == ("Customer return", "unknown")


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"sku": None}, "SKU:"),
        ({"quantity": 0}, "Quantity:"),
        ({"disposition": "FINE"}, "Disposition:"),
        ({"disposition": None}, "Disposition:"),
        ({"returnedAt": "yesterday"}, "returnedAt must be a date or a time"),
        ({"returnedAt": "9999-12-31T23:59:59-12:00"}, "returnedAt must be a date or a time"),
    ],
)
def test_an_unusable_return_is_refused(admin: Client, fields: dict[str, Any], text: str) -> None:
    refused(give_back(admin, fields.pop("disposition", "SELLABLE"), **fields), 400, text)
    assert returns_of(SKU, 9) == []
