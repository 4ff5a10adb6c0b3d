"""What is mapped to an ASIN and listed by the seller is linked; what Amazon keeps is linked as such."""

import pytest

from etsy_sync.adapters.amazon.catalogue import link_amazon
from etsy_sync.repositories.channel_links import ChannelLink, all_links
from etsy_sync.stock.inventory import map_sku
from tests.common.stock_builders import NOW, SKU, on_shelf
from tests.etsy_sync.adapters.amazon.conftest import Connect
from tools.fakes.amazon_server import AmazonServer

pytestmark = pytest.mark.usefixtures("table")

ASIN = "B000000001"


def links() -> list[ChannelLink]:
    return list(all_links("amazon"))


@pytest.mark.parametrize("is_fba", [False, True])
def test_a_mapped_sku_is_linked_with_who_keeps_it(
    amazon: AmazonServer, connect: Connect, *, is_fba: bool
) -> None:
    on_shelf(5)
    map_sku(SKU, ASIN, NOW)
    amazon.create_listing(SKU, 3, is_fba=is_fba)
    assert link_amazon(connect(), NOW).counts["linked"] == 1
    assert link_amazon(connect(), NOW).counts["mapped"] == 0
    [link] = links()
    assert (link.target, link.variant_id, link.extra.get("is_fba", False)) == (SKU, 10, is_fba)


def test_a_sku_without_an_asin_is_left_alone(amazon: AmazonServer, connect: Connect) -> None:
    on_shelf(5)
    amazon.create_listing(SKU, 3)
    link_amazon(connect(), NOW)
    assert links() == []


def test_a_mapped_sku_that_is_not_listed_is_reported(amazon: AmazonServer, connect: Connect) -> None:
    on_shelf(5)
    map_sku(SKU, ASIN, NOW)
    run = link_amazon(connect(), NOW)
    assert links() == []
    assert SKU in run.errors[0]
