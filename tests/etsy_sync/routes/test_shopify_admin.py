"""Shopify's administration over HTTP: what is configured, links by hand, and runs by hand."""

import pytest

from common.clock import utc_now
from common.repositories.audit import entries_of_entity
from etsy_sync import jobs
from etsy_sync.repositories.channel_links import confirm, links_of_sku
from etsy_sync.repositories.sync_states import STALE_AFTER, begin_sync
from tests.catalog.builders import created, ok, refused
from tests.common.stock_builders import SKU, on_shelf
from tests.etsy_sync.routes.conftest import Waiting
from tests.support.http import Answer, Client
from tools.fakes.shopify_server import LOCATION, SECRET, SHOP_DOMAIN, ShopifyServer

BASE = "/api/admin/integrations/shopify"


def link(admin: Client, **body: object) -> Answer:
    return admin.post(f"{BASE}/links", json={"sku": SKU, **body})


def item_of(shopify: ShopifyServer, *, tracked: bool = True) -> str:
    """The inventory item of a new variant."""
    made = shopify.create_product(sku=SKU, available=5, tracked=tracked)
    return str(made[0]["inventory_item_id"])


def test_without_settings_shopify_is_off_and_says_what_is_missing(admin: Client) -> None:
    body = ok(admin.get(f"{BASE}/config"))
    assert (body["enabled"], body["webhooks_configured"]) == (False, False)
    assert "SHOPIFY_SHOP_DOMAIN" in body["message"]


def test_what_is_configured_is_told_without_a_secret(admin: Client, shopify: ShopifyServer) -> None:
    answer = admin.get(f"{BASE}/config")
    body = ok(answer)
    assert (body["enabled"], body["shop_domain"], body["location_id"]) == (True, SHOP_DOMAIN, LOCATION)
    assert "message" not in body
    assert SECRET not in answer.text


def test_a_sku_is_linked_to_the_variant_that_has_it(
    admin: Client, shopify: ShopifyServer, queue: Waiting
) -> None:
    on_shelf(5)
    item = item_of(shopify)
    body = created(link(admin))["link"]
    assert (body["sku"], body["inventory_item_id"], body["variant_id"]) == (SKU, item, 10)
    assert body["shopify_variant_id"]
    assert [(each.channel, each.target) for each in links_of_sku(SKU)] == [("shopify", item)]
    assert queue() == [{"sku": SKU}]
    refused(link(admin), 409, "linked already")
    assert [each.action for each in entries_of_entity("ChannelLink", SKU, 10).entries] == ["CREATE"]


def test_of_several_variants_with_a_sku_one_is_named(admin: Client, shopify: ShopifyServer) -> None:
    on_shelf(5)
    first, second = item_of(shopify), item_of(shopify)
    refused(link(admin), 400, "inventory_item_id", first, second)
    assert created(link(admin, inventory_item_id=int(second)))["link"]["inventory_item_id"] == second
    variant = created(link(admin, inventory_item_id=first))["link"]["shopify_variant_id"]
    ok(admin.delete(f"{BASE}/links/{SKU}", params={"inventory_item_id": first}))
    assert created(link(admin, variant_id=variant))["link"]["inventory_item_id"] == first


def test_what_cannot_be_linked_is_refused(admin: Client, shopify: ShopifyServer) -> None:
    refused(link(admin), 404, "The shop has no SKU")
    on_shelf(5)
    refused(link(admin), 404, "no such variant")
    item_of(shopify, tracked=False)
    refused(link(admin), 400, "does not count")
    refused(admin.post(f"{BASE}/links", json={"sku": " "}), 400, "SKU")
    refused(admin.post(f"{BASE}/links"), 400, "body")
    assert links_of_sku(SKU) == []


def test_a_shopify_that_refuses_or_fails_is_told(admin: Client, shopify: ShopifyServer) -> None:
    on_shelf(5)
    item_of(shopify)
    shopify.fail_next(20)
    refused(link(admin), 503, "Shopify")
    shopify.fail_next(20, 401)
    assert link(admin).status in {409, 502}
    shopify.fail_next(0)
    created(link(admin))


def test_without_settings_nothing_is_linked_or_run(admin: Client) -> None:
    on_shelf(5)
    refused(link(admin), 503, "SHOPIFY_CLIENT_ID")
    for job in ("products", "inventory", "orders"):
        refused(admin.post(f"{BASE}/sync/{job}"), 503, "SHOPIFY_CLIENT_ID")


def test_a_link_that_was_dissolved_by_hand_is_not_made_again_by_its_sku(
    admin: Client, shopify: ShopifyServer
) -> None:
    on_shelf(5)
    item = item_of(shopify)
    jobs.run("products")
    assert ok(admin.delete(f"{BASE}/links/{SKU}"))["links"][0]["inventory_item_id"] == item
    jobs.run("products")
    assert links_of_sku(SKU) == []
    refused(admin.delete(f"{BASE}/links/{SKU}"), 404, "not linked")
    created(link(admin))
    assert len(links_of_sku(SKU)) == 1
    actions = [each.action for each in entries_of_entity("ChannelLink", SKU, 10).entries]
    assert sorted(actions) == ["CREATE", "DELETE"]


def test_links_are_listed_by_status_and_counted(admin: Client, shopify: ShopifyServer) -> None:
    on_shelf(5)
    item_of(shopify)
    link(admin)
    page = ok(admin.get(f"{BASE}/products"))
    assert ([each["sync_status"] for each in page["products"]], page["total"]) == (["pending"], 1)
    [row] = links_of_sku(SKU)
    confirm(row, 5, utc_now())
    [shown] = ok(admin.get(f"{BASE}/products", params={"sync_status": "synced"}))["products"]
    assert (shown["sku"], shown["quantity"]) == (SKU, 5)
    assert ok(admin.get(f"{BASE}/products", params={"sync_status": "failed"}))["total"] == 0
    body = ok(admin.get(f"{BASE}/sync/status"))
    assert (body["enabled"], body["total_products"], body["synced_products"]) == (True, 1, 1)


@pytest.mark.parametrize("job", ["products", "inventory", "orders"])
def test_a_run_by_hand_is_left_to_whoever_reads_the_queue(
    admin: Client, shopify: ShopifyServer, queue: Waiting, job: str
) -> None:
    answer = admin.post(f"{BASE}/sync/{job}")
    assert (answer.status, answer.json["status"], queue()) == (202, "in_progress", [{"job": job}])


def test_a_run_that_is_under_way_is_not_asked_for_again(
    admin: Client, shopify: ShopifyServer, queue: Waiting
) -> None:
    begin_sync("main", "inventory", utc_now(), STALE_AFTER, channel="shopify")
    answer = admin.post(f"{BASE}/sync/inventory")
    assert (answer.status, answer.json["status"], queue()) == (202, "already_running", [])
    assert ok(admin.get(f"{BASE}/sync/status"))["inventory_sync_in_progress"] is True
