"""Etsy's administration over HTTP: what is configured, how far it is, what sells what, and runs by hand."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from common.clock import iso, utc_now
from common.dynamodb import AT_ONCE, UnitOfWork
from etsy_sync.links.etsy_listings import link_by_sku
from etsy_sync.repositories.channel_links import Intent, begin_writes, confirm, links_of_target, note_failure
from etsy_sync.repositories.etsy_listings import LISTINGS
from etsy_sync.repositories.etsy_receipts import RECEIPTS, EtsyReceipt
from etsy_sync.repositories.sync_log import ENTRIES, SyncEntry, expiry_of
from etsy_sync.repositories.sync_states import STALE_AFTER, begin_sync, record_rate_limit
from tests.catalog.builders import ok, refused
from tests.common.stock_builders import SKU, on_shelf
from tests.etsy_sync.routes.conftest import SHOP, Waiting, imported
from tests.support.http import Answer, Client
from tools.fakes.etsy_server import EtsyServer

BASE = "/api/admin/integrations/etsy"


def linked(admin: Client, listing_id: int = 1, product_id: int = 1) -> Answer:
    return admin.post(f"{BASE}/products/{listing_id}/link", json={"product_id": product_id})


def attempt(number: int, listing: int | str = 1, channel: str = "etsy", status: str = "success") -> SyncEntry:
    """An attempt so many minutes ago."""
    moment = iso(utc_now() - timedelta(minutes=number))
    return SyncEntry(
        id=f"entry-{number}",
        channel=channel,
        listing_id=listing,
        sync_type="inventory",
        direction="push",
        status=status,
        synced_at=moment,
        expires_at=expiry_of(moment),
        old_quantity=5,
        new_quantity=3,
        variant_id=10,
        sku=SKU,
        error_message="refused" if status == "failed" else None,
    )


def receipt(number: int, status: str) -> EtsyReceipt:
    """A receipt of so many days ago."""
    moment = iso(utc_now() - timedelta(days=number))
    return EtsyReceipt(
        id=number,
        shop_id=SHOP,
        status=status,
        etsy_created_at=moment,
        etsy_updated_at=moment,
        created_at=moment,
        updated_at=moment,
        buyer_name="Jane Doe",
        buyer_email="jane@example.com",
        shipping_address="1 High Street",
        grand_total=Decimal("12.50"),
    )


def test_without_settings_etsy_is_off_and_says_what_is_missing(admin: Client) -> None:
    body = ok(admin.get(f"{BASE}/config"))
    assert (body["enabled"], body["api_key_configured"], body["connected"]) == (False, False, False)
    assert "ETSY_CLIENT_ID" in body["message"]
    assert "shop_id" not in body


def test_what_is_configured_is_told_without_a_secret(admin: Client, connected: EtsyServer) -> None:
    record_rate_limit(SHOP, 900, None, utc_now(), 5000)
    answer = admin.get(f"{BASE}/config")
    assert ok(answer) == {
        "enabled": True,
        "api_key_configured": True,
        "shop_id": SHOP,
        "connected": True,
        "webhooks_configured": True,
        "rate_limit_enabled": True,
        "max_requests_per_day": 5000,
    }
    environment = connected.environment()
    assert not any(environment[name] in answer.text for name in ("ETSY_CLIENT_SECRET", "ETSY_WEBHOOK_SECRET"))


def test_an_unusable_setting_is_told_where_a_secret_cannot_be(
    admin: Client, connected: EtsyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ETSY_SYNC_ENABLED", "perhaps")
    assert "ETSY_SYNC_ENABLED" in ok(admin.get(f"{BASE}/config"))["message"]
    assert ok(admin.post(f"{BASE}/validate"))["valid"] is False
    refused(admin.post(f"{BASE}/sync/products"), 503, "ETSY_SYNC_ENABLED")
    assert ok(admin.get(f"{BASE}/sync/status"))["enabled"] is False


def test_a_connection_that_etsy_accepts_is_valid(admin: Client, connected: EtsyServer) -> None:
    assert ok(admin.post(f"{BASE}/validate")) == {
        "valid": True,
        "message": f"Etsy accepts the connection of shop {SHOP}",
    }
    assert connected.asked[-1].path == "/v3/application/users/me"


def test_a_connection_that_cannot_be_used_is_not_valid_and_says_why(admin: Client, etsy: EtsyServer) -> None:
    assert ok(admin.post(f"{BASE}/validate")) == {
        "valid": False,
        "message": "No Etsy shop is connected; connect one at /api/integrations/etsy/auth",
    }


def test_wrong_keys_are_not_valid(
    admin: Client, connected: EtsyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ETSY_CLIENT_SECRET", "wrong")
    body = ok(admin.post(f"{BASE}/validate"))
    assert (body["valid"], "Invalid API key" in body["message"]) == (False, True)


@pytest.mark.parametrize("trouble", ["revoke", "fail"])
def test_an_etsy_that_refuses_or_fails_is_not_valid(
    admin: Client, connected: EtsyServer, trouble: str
) -> None:
    connected.revoke() if trouble == "revoke" else connected.fail_next(20)
    body = ok(admin.post(f"{BASE}/validate"))
    assert body["valid"] is False
    assert body["message"]


def test_validating_without_settings_names_them(admin: Client) -> None:
    body = ok(admin.post(f"{BASE}/validate"))
    assert (body["valid"], "ETSY_CLIENT_ID" in body["message"]) == (False, True)


def test_the_state_has_the_fields_that_the_pages_read(admin: Client, connected: EtsyServer) -> None:
    now = utc_now()
    assert ok(admin.get(f"{BASE}/sync/status")) == {
        "enabled": True,
        "last_product_sync": None,
        "last_inventory_sync": None,
        "product_sync_in_progress": False,
        "inventory_sync_in_progress": False,
        "total_products": 0,
        "synced_products": 0,
        "failed_products": 0,
        "pending_products": 0,
    }
    begin_sync(SHOP, "product", now, STALE_AFTER)
    until = iso(now + timedelta(hours=1))
    record_rate_limit(SHOP, 900, until, now)
    body = ok(admin.get(f"{BASE}/sync/status"))
    assert (body["product_sync_in_progress"], body["inventory_sync_in_progress"]) == (True, False)
    assert (body["rate_limit_remaining"], body["rate_limit_reset"]) == (900, until)


def test_a_run_that_died_and_a_number_of_yesterday_do_not_count(admin: Client, connected: EtsyServer) -> None:
    long_ago = utc_now() - STALE_AFTER - timedelta(seconds=1)
    begin_sync(SHOP, "inventory", long_ago, STALE_AFTER)
    record_rate_limit(SHOP, 0, iso(long_ago), long_ago)
    body = ok(admin.get(f"{BASE}/sync/status"))
    assert body["inventory_sync_in_progress"] is False
    assert "rate_limit_remaining" not in body


def test_a_listing_is_as_far_as_the_links_of_its_skus(admin: Client) -> None:
    on_shelf(5)
    on_shelf(5, 2)
    imported(1, SKU, "V-2-0")
    assert ok(admin.get(f"{BASE}/products/1"))["sync_status"] == "unlinked"
    body = ok(linked(admin))
    assert (body["product"]["product_id"], body["product"]["sync_status"]) == (1, "pending")
    [link] = links_of_target("etsy", "1")
    now = utc_now()
    confirm(link, 5, now)
    shown = ok(admin.get(f"{BASE}/products/1"))
    assert (shown["sync_status"], shown["last_synced_at"]) == ("synced", iso(now))
    [link] = links_of_target("etsy", "1")
    begin_writes([(link, Intent(4, 4, 0, 5, "key", iso(now)))])
    assert ok(admin.get(f"{BASE}/products/1"))["sync_status"] == "pending"
    note_failure(link, "Etsy refuses", now)
    shown = ok(admin.get(f"{BASE}/products/1"))
    assert (shown["sync_status"], shown["sync_error"]) == ("failed", "Etsy refuses")


def test_a_listing_without_a_shared_sku_has_failed(admin: Client) -> None:
    on_shelf(5)
    imported(1, "ELSEWHERE")
    linked(admin)
    body = ok(admin.get(f"{BASE}/products/1"))
    assert (body["sync_status"], bool(body["sync_error"])) == ("failed", True)
    assert ok(admin.get(f"{BASE}/sync/status"))["failed_products"] == 1


def test_a_listing_is_shown_with_what_etsy_says_of_it(admin: Client) -> None:
    before = imported(1, SKU)
    about = replace(before, price=Decimal("12.50"), quantity=3, state="active", url="https://etsy.example/1")
    with UnitOfWork() as work:
        LISTINGS.change(work, before, replace(about, sku=SKU, description="Ink"))
    assert ok(admin.get(f"{BASE}/products/1")) == {
        "id": 1,
        "listing_id": 1,
        "shop_id": SHOP,
        "title": "A print",
        "description": "Ink",
        "price": Decimal("12.50"),
        "quantity": 3,
        "state": "active",
        "url": "https://etsy.example/1",
        "sku": SKU,
        "skus": [SKU],
        "sync_status": "unlinked",
    }


def test_listings_are_found_by_status_and_by_being_linked(admin: Client) -> None:
    on_shelf(5)
    for number in range(1, 6):
        imported(number, SKU if number == 3 else "")
    linked(admin, 3)

    def found(**query: str) -> tuple[list[int], int]:
        body = ok(admin.get(f"{BASE}/products", params=query))
        return [each["id"] for each in body["products"]], body["total"]

    assert found() == ([1, 2, 3, 4, 5], 5)
    assert found(linked="true") == ([3], 1)
    assert found(linked="false", per_page="2", page="2") == ([4, 5], 4)
    assert found(sync_status="pending") == ([3], 1)
    assert found(sync_status="unlinked", per_page="3") == ([1, 2, 4], 4)
    assert found(sync_status="synced") == ([], 0)
    assert found(sync_status="[object Object]", linked="[object Object]") == found()
    body = ok(admin.get(f"{BASE}/products", params={"per_page": "2", "page": "9"}))
    assert (body["page"], body["per_page"], body["products"]) == (9, 2, [])
    refused(admin.get(f"{BASE}/products", params={"sync_status": "odd"}), 400, "sync_status")
    refused(admin.get(f"{BASE}/products", params={"linked": "odd"}), 400, "linked")


def test_a_listing_that_was_unlinked_by_hand_stays_so(admin: Client) -> None:
    on_shelf(5)
    listing = imported(1, SKU)
    link_by_sku([listing], utc_now())
    body = ok(admin.delete(f"{BASE}/products/1/link"))
    assert body["product"]["sync_status"] == "unlinked"
    assert "product_id" not in body["product"]
    row = LISTINGS.get(1)
    assert row is not None
    assert link_by_sku([row], utc_now()) == (0, {})
    linked(admin)
    row = LISTINGS.get(1)
    assert row is not None
    assert (row.product_id, len(links_of_target("etsy", "1"))) == (1, 1)


@pytest.mark.parametrize("product_id", [None, "", "x", 0, -1, True, [1], 10**30])
def test_a_product_that_cannot_be_one_is_refused(admin: Client, product_id: object) -> None:
    imported(1, SKU)
    refused(admin.post(f"{BASE}/products/1/link", json={"product_id": product_id}), 400, "product_id")


def test_what_is_not_there_is_not_found(admin: Client) -> None:
    imported(1, SKU)
    refused(linked(admin, 1, 99), 404, "Product not found")
    refused(linked(admin, 2, 99), 404)
    for listing in ("2", "x", "9" * 40):
        refused(admin.get(f"{BASE}/products/{listing}"), 404, "Etsy listing not found")
        refused(admin.delete(f"{BASE}/products/{listing}/link"), 404, "Etsy listing not found")


def test_the_log_tells_of_etsy_alone_newest_first(admin: Client) -> None:
    attempts = (
        attempt(3),
        attempt(1),
        attempt(2, 2, status="failed"),
        attempt(4, "V", "shopify"),
        attempt(5, 2),
    )
    for each in attempts:
        ENTRIES.put(AT_ONCE, each)

    def found(**query: str) -> tuple[list[str], int]:
        body = ok(admin.get(f"{BASE}/sync/logs", params=query))
        return [each["id"] for each in body["logs"]], body["total"]

    assert found() == (["entry-1", "entry-2", "entry-3", "entry-5"], 4)
    assert found(page="2", per_page="3") == (["entry-5"], 4)
    assert found(listing_id="2") == (["entry-2", "entry-5"], 2)
    assert found(status="failed") == (["entry-2"], 1)
    assert found(listing_id="1", status="failed") == ([], 0)
    refused(admin.get(f"{BASE}/sync/logs", params={"status": "odd"}), 400, "status")


def test_an_attempt_has_the_fields_that_the_pages_read(admin: Client) -> None:
    entry = attempt(1, status="failed")
    ENTRIES.put(AT_ONCE, entry)
    assert ok(admin.get(f"{BASE}/sync/logs"))["logs"] == [
        {
            "id": "entry-1",
            "listing_id": 1,
            "variant_id": 10,
            "sku": SKU,
            "sync_type": "inventory",
            "direction": "push",
            "old_quantity": 5,
            "new_quantity": 3,
            "status": "failed",
            "error_message": "refused",
            "synced_at": entry.synced_at,
        }
    ]


def test_receipts_are_listed_without_their_buyers(admin: Client) -> None:
    with UnitOfWork() as work:
        RECEIPTS.add(work, receipt(1, "Paid"))
        RECEIPTS.add(work, receipt(2, "Canceled"))
    answer = admin.get(f"{BASE}/receipts")
    body = ok(answer)
    assert ([each["receipt_id"] for each in body["receipts"]], body["total"]) == ([1, 2], 2)
    assert body["receipts"][0]["grand_total"] == Decimal("12.50")
    assert not any(word in answer.text for word in ("Jane", "jane@", "High Street"))
    found = ok(admin.get(f"{BASE}/receipts", params={"status": "canceled", "shop_id": SHOP}))
    assert [each["receipt_id"] for each in found["receipts"]] == [2]
    assert ok(admin.get(f"{BASE}/receipts", params={"shop_id": "8"}))["receipts"] == []


@pytest.mark.parametrize(
    ("path", "body", "job"),
    [
        ("products", {}, "products"),
        ("inventory", {}, "inventory"),
        ("inventory", {"direction": "push"}, "inventory"),
        ("inventory", {"direction": "bidirectional"}, "reconcile"),
        ("inventory", {"direction": "etsy_to_local", "shop_id": int(SHOP)}, "reconcile"),
        ("orders", {"shop_id": SHOP}, "receipts"),
        ("receipts", {}, "receipts"),
    ],
)
def test_a_run_by_hand_is_left_to_whoever_reads_the_queue(
    admin: Client, connected: EtsyServer, queue: Waiting, path: str, body: dict[str, object], job: str
) -> None:
    connected.asked.clear()
    answer = admin.post(f"{BASE}/sync/{path}", json=body)
    assert (answer.status, answer.json["status"], answer.json["shop_id"]) == (202, "in_progress", SHOP)
    assert answer.json["message"]
    assert queue() == [{"job": job}]
    assert connected.asked == []


def test_a_run_that_is_under_way_is_not_asked_for_again(
    admin: Client, connected: EtsyServer, queue: Waiting
) -> None:
    begin_sync(SHOP, "product", utc_now(), STALE_AFTER)
    answer = admin.post(f"{BASE}/sync/products")
    assert (answer.status, answer.json["status"], queue()) == (202, "already_running", [])
    assert admin.post(f"{BASE}/sync/inventory").json["status"] == "in_progress"


def test_without_a_queue_the_run_is_done_at_once(admin: Client, connected: EtsyServer) -> None:
    on_shelf(5)
    connected.create_listing(skus={SKU: 5})
    answer = admin.post(f"{BASE}/sync/products")
    assert (answer.status, answer.json["status"]) == (202, "completed")
    body = ok(admin.get(f"{BASE}/products"))
    assert [(each["sku"], each["product_id"]) for each in body["products"]] == [(SKU, 1)]
    assert ok(admin.get(f"{BASE}/sync/status"))["last_product_sync"]


def test_a_queue_that_cannot_be_reached_is_told(
    admin: Client, connected: EtsyServer, queue: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STOCK_QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/123456789012/nowhere")
    refused(admin.post(f"{BASE}/sync/products"), 503, "queue")


def test_a_run_that_cannot_be_is_refused(
    admin: Client, etsy: EtsyServer, queue: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(admin.post(f"{BASE}/sync/products"), 404, "No Etsy shop is connected")
    refused(admin.post(f"{BASE}/sync/inventory", json={"direction": "up"}), 400, "direction")
    refused(admin.post(f"{BASE}/sync/products", json={"shop_id": [1]}), 400, "shop_id")
    monkeypatch.setenv("ETSY_SYNC_ENABLED", "false")
    refused(admin.post(f"{BASE}/sync/products"), 503, "ETSY_SYNC_ENABLED")
    assert queue() == []


def test_a_shop_that_is_not_connected_is_not_run_for(
    admin: Client, connected: EtsyServer, queue: Waiting
) -> None:
    refused(admin.post(f"{BASE}/sync/products", json={"shop_id": "8"}), 404, "not connected")
    assert queue() == []


@pytest.mark.parametrize("path", ["products", "inventory", "orders", "receipts"])
def test_a_run_without_settings_names_them(admin: Client, path: str) -> None:
    refused(admin.post(f"{BASE}/sync/{path}"), 503, "ETSY_CLIENT_ID")
