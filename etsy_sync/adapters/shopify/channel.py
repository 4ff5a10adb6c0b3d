"""Shopify as a channel: one inventory item with one SKU, at the shop's location."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from common import clock
from etsy_sync.adapters.http import process_caller
from etsy_sync.adapters.interface import Observation, Rejected
from etsy_sync.adapters.shopify.client import ShopifyClient
from etsy_sync.adapters.shopify.inventory import ItemStock, set_available, stocks_of
from etsy_sync.adapters.shopify.settings import ShopifySettings


class ShopifyChannel:
    """The channel `shopify`; a target is the number of an inventory item.

    A product that is a draft or archived does not count as taken off sale: setting its stock puts nothing
    on sale that the artist took off.
    """

    name = "shopify"
    settles_after = 0
    repeats_exactly = True

    def __init__(self, client: ShopifyClient) -> None:
        self._client = client

    def observe(self, target: str, skus: Sequence[str]) -> Observation:
        """What can be sold of an inventory item: below zero when Shopify sold more than it had.

        None for a SKU that the item does not have, and for an item that Shopify does not count.
        """
        stock = dict(stocks_of(self._client, [target])).get(target)
        return _observation(stock, skus)

    def observe_many(self, targets: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Observation]]:
        """The same of many inventory items, by one call for a hundred; those that are gone are left out."""
        for target, stock in stocks_of(self._client, list(targets)):
            yield target, _observation(stock, targets[target])

    def write(self, target: str, quantities: Mapping[str, int], seen: Observation, key: str) -> None:
        """Sets what can be sold if it still is what was seen; zero is how an item goes off sale.

        A key acts once for 24 hours. Raises ValueError for several SKUs: an item has one.
        """
        [(sku, quantity)] = quantities.items()
        before = seen.quantities.get(sku)
        if before is None:
            raise Rejected("NO_SUCH_SKU", f"inventory item {target} does not count the SKU {sku}")
        set_available(self._client, target, quantity, before, key)


def shopify_client() -> ShopifyClient:
    """The client of the shop that the environment names; it keeps one token per process.

    Raises NotConfigured.
    """
    return _client_for(ShopifySettings.from_environment().require())


def shopify_channel() -> ShopifyChannel:
    """The channel of the shop that the environment names. Raises NotConfigured."""
    return ShopifyChannel(shopify_client())


@cache
def _client_for(settings: ShopifySettings) -> ShopifyClient:
    return ShopifyClient(settings, process_caller(), clock.utc_now)


def _observation(stock: ItemStock | None, skus: Sequence[str]) -> Observation:
    return Observation({sku: _quantity(stock, sku) for sku in skus})


def _quantity(stock: ItemStock | None, sku: str) -> int | None:
    if stock is None or stock.sku != sku or not stock.is_tracked:
        return None
    # An item that was never kept at the location can be set there like one of which nothing is left.
    # https://shopify.dev/changelog/removal-of-itemnotstockedatlocation-error
    return stock.available or 0
