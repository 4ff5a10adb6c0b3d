"""Shopify's ids: numbers as text everywhere in the shop, global ids in GraphQL.

https://shopify.dev/docs/api/usage/gids
"""


def global_id(kind: str, number: str) -> str:
    """The global id of a thing, such as `gid://shopify/InventoryItem/30322695`."""
    return f"gid://shopify/{kind}/{number}"


def number_of(global_id: str) -> str:
    """The number at the end of a global id, without what may follow it as in `...?inventory_item_id=1`."""
    return global_id.rpartition("/")[2].partition("?")[0]
