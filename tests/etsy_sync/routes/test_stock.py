"""The counts of SKUs over HTTP: shown, kept back, and told to Amazon."""

from dataclasses import replace
from typing import Any

import pytest

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.repositories.audit import entries_of_entity
from common.repositories.sku_stock import record_broadcast
from etsy_sync.repositories.stock_transactions import TRANSACTIONS, new_transaction
from tests.catalog.builders import ok, refused
from tests.common.stock_builders import NOW, SKU, on_shelf
from tests.support.http import Client

ASIN = "B00EXAMPLE"


def test_a_sku_that_nobody_knows_has_nothing(admin: Client) -> None:
    assert ok(admin.get("/api/inventory/NOBODYS")) == {
        "sku": "NOBODYS",
        "physical": 0,
        "buffer": 0,
        "broadcast": 0,
        "lastBroadcast": None,
        "channels": {},
        "returns": [],
        "queueSize": 0,
    }
    assert ok(admin.get("/api/inventory")) == {"totalSkus": 0, "inventory": {}}


def test_the_stock_of_a_variant_is_the_count_of_its_sku(admin: Client) -> None:
    on_shelf(15)
    set_to = ok(admin.post(f"/api/buffer/{SKU}", json={"bufferQty": "10"}))
    assert set_to == {
        "sku": SKU,
        "physical": 15,
        "buffer": 10,
        "broadcast": 5,
        "message": f"Buffer of {SKU} set to 10",
    }
    ok(admin.post("/webhook/shopify", json={"orderId": "1001", "items": [{"sku": SKU, "quantity": 5}]}))
    shown = ok(admin.get(f"/api/buffer/{SKU}"))
    assert (shown["physical"], shown["buffer"], shown["broadcast"]) == (10, 10, 0)
    back = ok(
        admin.post("/webhook/amazon/return", json={"sku": SKU, "quantity": 2, "disposition": "sellable"})
    )
    assert (back["inventoryAfter"], back["broadcastAfter"]) == (12, 2)
    listed = ok(admin.get("/api/inventory"))
    assert listed == {"totalSkus": 1, "inventory": {SKU: {"physical": 12, "buffer": 10, "broadcast": 2}}}


def test_every_sku_is_listed_once(admin: Client) -> None:
    on_shelf(4)
    on_shelf(6, 2)
    for sku in ("B/LUE 1", SKU):
        ok(admin.post("/webhook/shopify", json={"orderId": "init-1", "items": [{"sku": sku, "quantity": 3}]}))
    listed = ok(admin.get("/api/inventory"))["inventory"]
    assert {sku: row["physical"] for sku, row in listed.items()} == {"B/LUE 1": 3, SKU: 7, "V-2-0": 6}
    assert list(listed) == sorted(listed)
    assert ok(admin.get("/api/inventory/B%2FLUE%201"))["physical"] == 3


@pytest.mark.parametrize("body", [{}, {"bufferQty": None}, {"bufferQty": -1}, {"bufferQty": 1_000_001}])
@pytest.mark.parametrize("value", [1, "x", 1.5, True])
def test_a_buffer_is_a_whole_number_up_to_a_million(admin: Client, body: dict[str, Any], value: Any) -> None:
    refused(admin.post("/api/buffer/A", json=body), 400, "bufferQty")
    answer = admin.post("/api/buffer/A", json={"bufferQty": value})
    assert answer.status == (200 if value == 1 and value is not True else 400)


def test_a_change_of_the_buffer_is_audited(admin: Client) -> None:
    ok(admin.post("/api/buffer/A", json={"bufferQty": 4}))
    ok(admin.post("/api/buffer/A", json={"bufferQty": 0}))
    entries = entries_of_entity("Sku", "A", 9).entries
    assert [entry.changes for entry in entries] == [
        {"buffer": {"old": 4, "new": 0}},
        {"buffer": {"old": 0, "new": 4}},
    ]
    assert {(entry.user_id, entry.action) for entry in entries} == {("1", "UPDATE")}


@pytest.mark.parametrize("sku", ["%20", "x" * 201])
def test_a_sku_has_1_to_200_characters(admin: Client, sku: str) -> None:
    for path in ("/api/inventory", "/api/buffer"):
        refused(admin.get(f"{path}/{sku}"), 400, "SKU:")
    assert ok(admin.get(f"/api/inventory/{'x' * 200}"))["physical"] == 0


def test_what_the_channels_were_told_is_shown_the_newest_first(admin: Client) -> None:
    assert record_broadcast("A", "etsy", 4, "tx-1", NOW)
    assert record_broadcast("A", "amazon", 3, "tx-2", NOW.replace(year=NOW.year + 1))
    shown = ok(admin.get("/api/buffer/A"))
    assert shown["lastBroadcast"] == shown["channels"]["amazon"]
    assert shown["channels"]["etsy"] == {"count": 4, "txId": "tx-1", "timestamp": iso(NOW)}


def test_a_sku_is_mapped_to_an_asin_once_however_often_it_is_sent(admin: Client) -> None:
    body = {"sku": "A", "asin": ASIN, "source": "chrome-extension", "timestamp": iso(NOW)}
    first = ok(admin.post("/api/sku-mapping", json=body))
    assert (first["success"], first["sku"], first["asin"]) == (True, "A", ASIN)
    assert ok(admin.post("/api/sku-mapping", json=body)) == first
    moved = ok(admin.post("/api/sku-mapping", json=body | {"asin": "B00ANOTHER"}))
    assert moved["asin"] == "B00ANOTHER"
    assert ok(admin.get(f"/api/product-sync/{ASIN}"))["inventoryLevel"] == 0


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "sku and asin are required"),
        ({"sku": "A"}, "sku and asin are required"),
        ({"asin": ASIN}, "sku and asin are required"),
        ({"sku": "A", "asin": "b00example"}, "ASIN:"),
        ({"sku": "x" * 201, "asin": ASIN}, "SKU:"),
    ],
)
def test_a_mapping_names_both(admin: Client, body: dict[str, Any], text: str) -> None:
    refused(admin.post("/api/sku-mapping", json=body), 400, text)


def test_a_product_says_how_far_amazon_knows_its_stock(admin: Client) -> None:
    unknown = ok(admin.get(f"/api/product-sync/{ASIN}"))
    unknown.pop("checkedAt")
    assert unknown == {
        "productId": ASIN,
        "lastSync": None,
        "synced": False,
        "inventoryLevel": 0,
        "errors": [],
    }
    on_shelf(7)
    ok(admin.post("/api/sku-mapping", json={"sku": SKU, "asin": ASIN}))
    assert record_broadcast(SKU, "amazon", 7, "tx-1", NOW)
    shown = ok(admin.get(f"/api/product-sync/{ASIN}"))
    assert (shown["lastSync"], shown["synced"], shown["inventoryLevel"]) == (iso(NOW), True, 7)
    with UnitOfWork() as work:
        told = new_transaction("tx-2", SKU, "sync", "failed", NOW)
        TRANSACTIONS.put(work, replace(told, error="INVALID"))
    ok(admin.post(f"/api/buffer/{SKU}", json={"bufferQty": 3}))
    shown = ok(admin.get(f"/api/product-sync/{ASIN}"))
    assert (shown["synced"], shown["inventoryLevel"], shown["errors"]) == (False, 4, ["INVALID"])
