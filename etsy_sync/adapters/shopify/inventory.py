"""What buyers can have of an inventory item at the shop's location: read, and set by compare-and-set.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/inventorySetQuantities
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from etsy_sync.adapters.interface import Rejected, Stale, Transient
from etsy_sync.adapters.shopify.client import ShopifyClient
from etsy_sync.adapters.shopify.ids import global_id, number_of

AVAILABLE = "available"

# One of the reasons that Shopify knows; it is shown in the history of the item's stock.
REASON = "correction"

# The quantity was changed since it was read; or an earlier attempt with this key failed, so that only a new
# decision, which has a new key, can be carried out.
STALE_CODES = frozenset({"CHANGE_FROM_QUANTITY_STALE", "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"})
# The first attempt with this key is still being carried out.
CONCURRENT = "IDEMPOTENCY_CONCURRENT_REQUEST"

# How many items one call reads, of the 250 that it may name: what they cost, three points each, is worth
# three seconds of the slowest plan's.
ITEMS_A_CALL = 100

READ = """
query StockOfItems($items: [ID!]!, $location: ID!) {
  nodes(ids: $items) {
    ... on InventoryItem {
      id
      sku
      tracked
      inventoryLevel(locationId: $location) {
        quantities(names: ["available"]) { name quantity }
      }
    }
  }
}
"""

SET = """
mutation SetStock($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    userErrors { code field message }
  }
}
"""


@dataclass(frozen=True, slots=True)
class ItemStock:
    """One inventory item at the location.

    `available` is what can be sold: below zero when more was sold than there was, None when Shopify does
    not count the item or does not keep it at the location.
    """

    sku: str
    is_tracked: bool
    available: int | None


def stocks_of(client: ShopifyClient, items: Sequence[str]) -> Iterator[tuple[str, ItemStock]]:
    """The stock of inventory items by their numbers; those that Shopify does not have are left out.

    Raises what `ShopifyClient.graphql` raises.
    """
    place = global_id("Location", client.settings.location_id)
    for start in range(0, len(items), ITEMS_A_CALL):
        named = [global_id("InventoryItem", item) for item in items[start : start + ITEMS_A_CALL]]
        answer = client.graphql(READ, {"items": named, "location": place}, is_repeatable=True)
        for found in filter(None, answer["nodes"]):
            stock = ItemStock((found["sku"] or "").strip(), bool(found["tracked"]), available_of(found))
            yield number_of(found["id"]), stock


def available_of(item: Mapping[str, Any]) -> int | None:
    """What GraphQL's inventory item says can be sold at the location that was asked for."""
    level = item["inventoryLevel"]
    if level is None or not item["tracked"]:
        return None
    return next((int(row["quantity"]) for row in level["quantities"] if row["name"] == AVAILABLE), None)


def set_available(client: ShopifyClient, item: str, quantity: int, seen: int, key: str) -> None:
    """Makes `quantity` pieces available if `seen` pieces are; repeated with the same key, it acts once.

    Shopify keeps a key (a UUID) for 24 hours. Raises Stale when another quantity is available, Rejected,
    and what `ShopifyClient.graphql` raises.
    https://shopify.dev/docs/api/usage/implementing-idempotency
    """
    row = {
        "inventoryItemId": global_id("InventoryItem", item),
        "locationId": global_id("Location", client.settings.location_id),
        "quantity": quantity,
        # Stops a sale made on Shopify since the quantity was read from being written over.
        "changeFromQuantity": seen,
    }
    variables = {"input": {"name": AVAILABLE, "reason": REASON, "quantities": [row]}, "key": key}
    answer = client.graphql(SET, variables, is_repeatable=True)
    _raise_refusal(answer["inventorySetQuantities"]["userErrors"])


def _raise_refusal(refusals: Sequence[Mapping[str, Any]]) -> None:
    codes = {str(refusal["code"]) for refusal in refusals}
    if CONCURRENT in codes:
        raise Transient("Shopify is still carrying out the same write")
    if codes and codes <= STALE_CODES:
        raise Stale("Shopify shows another quantity than was read")
    if refusals:
        reasons = "; ".join(str(refusal["message"]) for refusal in refusals)
        raise Rejected(", ".join(sorted(codes)), reasons)
