"""What the shop and Shopify both sell is linked by SKU."""

import pytest

from etsy_sync.adapters.runs import RunResult
from etsy_sync.adapters.shopify.catalogue import link_shopify
from etsy_sync.adapters.shopify.client import ShopifyClient
from etsy_sync.repositories.channel_links import ChannelLink, all_links
from etsy_sync.repositories.shopify_links import links_of_product
from tests.common.stock_builders import NOW, SKU, on_shelf
from tools.fakes.shopify_server import ShopifyServer

pytestmark = pytest.mark.usefixtures("table")


def links() -> list[ChannelLink]:
    return list(all_links("shopify"))


def fetch(client: ShopifyClient) -> RunResult:
    return link_shopify(client, NOW)


def test_a_sku_that_both_have_is_linked_once(shop: ShopifyServer, client: ShopifyClient) -> None:
    product = on_shelf(5)
    shop.create_product(sku=SKU, available=2)
    shop.create_product(sku="ELSEWHERE", available=2)
    assert fetch(client).counts["linked"] == 1
    assert fetch(client).counts["linked"] == 0
    [link] = links()
    assert (link.sku, link.variant_id, link.product_id) == (SKU, 10, product.id)
    [of_product] = links_of_product(product.id)
    assert of_product.product_id == product.id


def test_a_sku_that_shopify_has_twice_is_reported(shop: ShopifyServer, client: ShopifyClient) -> None:
    on_shelf(5)
    for _ in range(2):
        shop.create_product(sku=SKU, available=2)
    run = fetch(client)
    assert (links(), len(run.errors)) == ([], 1)
    assert "2 times" in run.errors[0]


def test_what_shopify_does_not_count_is_reported(shop: ShopifyServer, client: ShopifyClient) -> None:
    on_shelf(5)
    shop.create_product(sku=SKU, available=2, tracked=False)
    run = fetch(client)
    assert links() == []
    assert "does not count" in run.errors[0]


def test_a_link_ends_with_its_item(shop: ShopifyServer, client: ShopifyClient) -> None:
    on_shelf(5)
    shop.create_product(sku=SKU, available=2)
    fetch(client)
    shop.delete_product(SKU)
    assert fetch(client).counts["vanished"] == 1
    assert links() == []
