"""The variants of the shop: all of them page by page, and by SKU with equality."""

import pytest

from etsy_sync.adapters.shopify.client import ShopifyClient
from etsy_sync.adapters.shopify.products import Variant, all_variants, variants_by_sku
from tests.etsy_sync.adapters.shopify.conftest import Time
from tools.fakes.shopify_server import ShopifyServer


def test_a_variant_is_read_as_a_whole(client: ShopifyClient, shop: ShopifyServer) -> None:
    made = shop.create_product("A print", [{"sku": " PRINT-1 ", "available": 5, "title": "A4"}])[0]
    assert list(all_variants(client)) == [
        Variant(
            id=made["variant_id"],
            product_id=made["product_id"],
            sku="PRINT-1",
            title="A print - A4",
            inventory_item_id=made["inventory_item_id"],
            tracked=True,
            available=5,
        )
    ]


def test_six_hundred_variants_are_each_read_once(
    client: ShopifyClient, shop: ShopifyServer, time: Time
) -> None:
    shop.create_product(variants=[{"sku": f"SKU-{number}"} for number in range(600)])
    assert [variant.sku for variant in all_variants(client)] == [f"SKU-{number}" for number in range(600)]
    assert sum(asked.path.endswith("graphql.json") for asked in shop.asked) > 11
    # 600 variants cost more than the bucket holds, and no wait for it is long.
    assert time.waits
    assert max(time.waits) <= 3


def test_an_empty_shop_has_no_variants(client: ShopifyClient) -> None:
    assert list(all_variants(client)) == []


def test_a_variant_without_sku_or_level_is_read_too(client: ShopifyClient, shop: ShopifyServer) -> None:
    shop.create_product(
        variants=[{"sku": None, "available": None}, {"sku": "B", "available": 2, "tracked": False}]
    )
    found = list(all_variants(client))
    assert [(one.sku, one.tracked, one.available) for one in found] == [("", True, None), ("B", False, None)]


def test_only_an_equal_sku_is_found(client: ShopifyClient, shop: ShopifyServer) -> None:
    shop.create_product(variants=[{"sku": sku} for sku in ("PRINT-1", "PRINT-10", "print-1", "PRINT-1 A")])
    found = variants_by_sku(client, ["PRINT-1"])
    assert [variant.sku for variant in found["PRINT-1"]] == ["PRINT-1"]


def test_a_sku_that_the_shop_has_twice_is_ambiguous(client: ShopifyClient, shop: ShopifyServer) -> None:
    shop.create_product(sku="PRINT-1")
    shop.create_product(sku="PRINT-1")
    assert len(variants_by_sku(client, ["PRINT-1"])["PRINT-1"]) == 2


def test_a_sku_that_the_shop_does_not_have_has_no_variant(client: ShopifyClient, shop: ShopifyServer) -> None:
    shop.create_product(sku="PRINT-1")
    assert variants_by_sku(client, ["OTHER", "PRINT-1"])["OTHER"] == []


def test_blank_skus_are_not_looked_for(client: ShopifyClient, shop: ShopifyServer) -> None:
    shop.create_product(sku=None)
    assert variants_by_sku(client, ["", "  "]) == {}
    assert shop.asked == []


def test_many_skus_are_found_by_few_calls(client: ShopifyClient, shop: ShopifyServer) -> None:
    skus = [f"SKU-{number:03}" for number in range(60)]
    shop.create_product(variants=[{"sku": sku} for sku in skus])
    found = variants_by_sku(client, skus)
    assert {sku: [one.sku for one in variants] for sku, variants in found.items()} == {
        sku: [sku] for sku in skus
    }
    assert sum(asked.path.endswith("graphql.json") for asked in shop.asked) == 3


def test_what_follows_the_first_page_of_a_search_is_found_too(
    client: ShopifyClient, shop: ShopifyServer
) -> None:
    shop.create_product(variants=[{"sku": f"PRINT-{number}"} for number in range(120)])
    shop.create_product(sku="PRINT")
    assert len(variants_by_sku(client, ["PRINT"])["PRINT"]) == 1


@pytest.mark.parametrize("sku", ['A"B', "A\\B", "A OR B", "sku:A", "A/B", "è-1", "A'B", "(A)", 'A\\"'])
def test_a_sku_of_any_characters_is_found(client: ShopifyClient, shop: ShopifyServer, sku: str) -> None:
    shop.create_product(variants=[{"sku": sku}, {"sku": "A"}, {"sku": "B"}])
    assert [variant.sku for variant in variants_by_sku(client, [sku])[sku]] == [sku]
