"""The variants of the Shopify shop, by SKU or all of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from etsy_sync.adapters.shopify.client import ShopifyClient
from etsy_sync.adapters.shopify.ids import global_id, number_of
from etsy_sync.adapters.shopify.inventory import available_of

# Shopify gives at most 250 a page. What a page may cost has to be in the bucket before it is read: so many
# variants, each with four objects below it, are worth under three seconds of the slowest plan's.
PAGE = 50
# How many SKUs one search names.
SKUS_A_SEARCH = 25

VARIANTS = """
query Variants($location: ID!, $first: Int!, $after: String, $search: String) {
  productVariants(first: $first, after: $after, query: $search) {
    nodes {
      id
      sku
      displayName
      product { id }
      inventoryItem {
        id
        tracked
        inventoryLevel(locationId: $location) {
          quantities(names: ["available"]) { name quantity }
        }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Variant:
    """One variant; ids are numbers as text, `title` names the product too, `sku` may be empty.

    `available` is what can be sold at the location: None when Shopify does not count the item, or does not
    keep it there.
    """

    id: str
    product_id: str
    sku: str
    title: str
    inventory_item_id: str
    tracked: bool
    available: int | None


def variants_by_sku(client: ShopifyClient, skus: Iterable[str]) -> dict[str, list[Variant]]:
    """The variants whose SKU, without surrounding blanks, is exactly one of these; blank ones are left out.

    An empty list: the shop has none; several: the SKU is ambiguous. Shopify's search finds more than what
    is equal, so equality is checked here. Raises what `ShopifyClient.graphql` raises.
    """
    wanted = list(dict.fromkeys(sku for sku in map(str.strip, skus) if sku))
    found: dict[str, list[Variant]] = {sku: [] for sku in wanted}
    for start in range(0, len(wanted), SKUS_A_SEARCH):
        some = wanted[start : start + SKUS_A_SEARCH]
        named = set(some)
        for variant in _variants(client, " OR ".join(_term(sku) for sku in some)):
            if variant.sku in named:
                found[variant.sku].append(variant)
    return found


def all_variants(client: ShopifyClient) -> Iterator[Variant]:
    """Every variant of the shop, page by page; Shopify pages at most 25,000.

    Raises what `ShopifyClient.graphql` raises.
    """
    return _variants(client, None)


def _variants(client: ShopifyClient, search: str | None) -> Iterator[Variant]:
    variables: dict[str, Any] = {
        "location": global_id("Location", client.settings.location_id),
        "first": PAGE,
        "after": None,
        "search": search,
    }
    has_more = True
    while has_more:
        page = client.graphql(VARIANTS, variables, is_repeatable=True)["productVariants"]
        yield from map(_variant, page["nodes"])
        has_more = page["pageInfo"]["hasNextPage"]
        variables = {**variables, "after": page["pageInfo"]["endCursor"]}


def _variant(node: dict[str, Any]) -> Variant:
    item = node["inventoryItem"]
    return Variant(
        id=number_of(node["id"]),
        product_id=number_of(node["product"]["id"]),
        sku=(node["sku"] or "").strip(),
        title=node["displayName"],
        inventory_item_id=number_of(item["id"]),
        tracked=bool(item["tracked"]),
        available=available_of(item),
    )


def _term(sku: str) -> str:
    """A quoted search term. https://shopify.dev/docs/api/usage/search-syntax"""
    escaped = sku.replace("\\", "\\\\").replace('"', '\\"')
    return f'sku:"{escaped}"'
