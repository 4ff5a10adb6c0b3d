"""Links between the shop's products and Shopify's."""

from dataclasses import replace

import pytest

from common.dynamodb import UnitOfWork
from common.optimistic import StaleVersion
from etsy_sync.repositories.shopify_links import PRODUCT_LINKS, ShopifyLink, all_links, links_of_product

MOMENT = "2026-01-31T10:00:00.000Z"


def a_link(shopify: int = 9_007_199_254_740_993, product_id: int = 7) -> ShopifyLink:
    return ShopifyLink(
        shopify_product_id=shopify, product_id=product_id, created_at=MOMENT, updated_at=MOMENT
    )


def add(*links: ShopifyLink) -> None:
    with UnitOfWork() as work:
        for link in links:
            PRODUCT_LINKS.add(work, link)


def change(before: ShopifyLink, after: ShopifyLink) -> ShopifyLink:
    with UnitOfWork() as work:
        return PRODUCT_LINKS.change(work, before, after)


def test_a_link_is_read_as_it_was_written() -> None:
    dissolved = replace(a_link(), deleted_at=MOMENT, legacy_id=3, last_synced_at=MOMENT)
    assert PRODUCT_LINKS.of(PRODUCT_LINKS.item(a_link())) == a_link()
    assert PRODUCT_LINKS.of(PRODUCT_LINKS.item(dissolved)) == dissolved


def test_links_are_found_from_both_sides(table: str) -> None:
    add(a_link(), a_link(5, 7), a_link(6, 8))
    assert [link.shopify_product_id for link in links_of_product(7)] == [5, 9_007_199_254_740_993]
    assert [link.shopify_product_id for link in all_links()] == [5, 6, 9_007_199_254_740_993]
    assert PRODUCT_LINKS.get(6) == a_link(6, 8)
    assert PRODUCT_LINKS.get(99) is None


def test_a_link_is_dissolved_and_made_again_with_another_product(table: str) -> None:
    add(a_link())
    dissolved = change(a_link(), replace(a_link(), deleted_at=MOMENT))
    assert (links_of_product(7), all_links()) == ([], [])
    again = change(dissolved, replace(dissolved, deleted_at=None, product_id=8))
    assert (links_of_product(7), links_of_product(8)) == ([], [again])
    assert again.version == 3


def test_a_shopify_product_goes_to_one_of_two_who_want_it(table: str) -> None:
    add(a_link())
    with pytest.raises(StaleVersion, match="Link"):
        add(a_link(product_id=8))
    change(a_link(), replace(a_link(), product_id=8))
    with pytest.raises(StaleVersion, match="Link"):
        change(a_link(), replace(a_link(), product_id=9))
    assert [link.product_id for link in all_links()] == [8]
