"""Amazon's administration over HTTP: what is configured, and links by hand."""

import pytest

from etsy_sync.repositories.channel_links import links_of_sku
from tests.catalog.builders import created, ok, refused
from tests.common.stock_builders import SKU, on_shelf
from tests.etsy_sync.routes.conftest import Waiting
from tests.support.http import Answer, Client
from tools.fakes.amazon_server import AmazonServer

BASE = "/api/admin/integrations/amazon"


def link(admin: Client, **body: object) -> Answer:
    return admin.post(f"{BASE}/links", json={"sku": SKU, **body})


def test_without_settings_amazon_is_off_and_says_what_is_missing(admin: Client) -> None:
    body = ok(admin.get(f"{BASE}/config"))
    assert body["enabled"] is False
    assert "AMAZON_REFRESH_TOKEN" in body["message"]
    on_shelf(5)
    refused(link(admin), 503, "AMAZON_REFRESH_TOKEN")


def test_what_is_configured_is_told_without_a_secret(admin: Client, amazon: AmazonServer) -> None:
    environment = amazon.environment()
    answer = admin.get(f"{BASE}/config")
    body = ok(answer)
    assert (body["enabled"], body["seller_id"]) == (True, environment["AMAZON_SELLER_ID"])
    assert environment["AMAZON_CLIENT_SECRET"] not in answer.text
    assert environment["AMAZON_REFRESH_TOKEN"] not in answer.text


def test_a_sku_is_linked_to_the_listing_of_the_same_sku(
    admin: Client, amazon: AmazonServer, queue: Waiting
) -> None:
    on_shelf(5)
    amazon.create_listing(SKU, 5)
    body = created(link(admin))["link"]
    assert (body["seller_sku"], body["is_fba"], body["variant_id"]) == (SKU, False, 10)
    assert queue() == [{"sku": SKU}]
    refused(link(admin), 409, "linked already")
    page = ok(admin.get(f"{BASE}/links"))
    assert ([each["sku"] for each in page["links"]], page["total"]) == ([SKU], 1)
    assert ok(admin.get(f"{BASE}/links", params={"sync_status": "synced"}))["total"] == 0


def test_a_listing_may_have_another_sku_but_only_one(admin: Client, amazon: AmazonServer) -> None:
    on_shelf(5)
    on_shelf(5, 2)
    amazon.create_listing("AMZ/1", 5)
    assert created(link(admin, seller_sku="AMZ/1"))["link"]["seller_sku"] == "AMZ/1"
    refused(link(admin, sku="V-2-0", seller_sku="AMZ/1"), 409, "another SKU")
    assert links_of_sku("V-2-0") == []


@pytest.mark.parametrize(("told", "kept"), [(True, False), (False, True)])
def test_what_amazon_keeps_is_linked_as_such(
    admin: Client, amazon: AmazonServer, told: bool, kept: bool
) -> None:
    on_shelf(5)
    amazon.create_listing(SKU, 5, is_fba=kept)
    assert created(link(admin, is_fba=told))["link"]["is_fba"] is True


def test_what_cannot_be_linked_is_refused(admin: Client, amazon: AmazonServer) -> None:
    refused(link(admin), 404, "The shop has no SKU")
    on_shelf(5)
    refused(link(admin), 404, "Amazon has no listing")
    refused(link(admin, is_fba="yes"), 400, "is_fba")
    refused(link(admin, seller_sku=""), 400, "SKU")
    refused(admin.post(f"{BASE}/links", json={}), 400, "SKU")


def test_a_link_is_dissolved(admin: Client, amazon: AmazonServer) -> None:
    on_shelf(5)
    amazon.create_listing(SKU, 5)
    link(admin)
    refused(admin.delete(f"{BASE}/links/{SKU}", params={"seller_sku": "other"}), 404)
    assert ok(admin.delete(f"{BASE}/links/{SKU}"))["links"][0]["seller_sku"] == SKU
    assert links_of_sku(SKU) == []
    refused(admin.delete(f"{BASE}/links/{SKU}"), 404, "not linked")
