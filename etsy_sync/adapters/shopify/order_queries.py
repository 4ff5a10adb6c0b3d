"""GraphQL reads of orders, their lines and refunds, each paged to its end.

Most orders fit into the first query; the pages are small because what they may cost has to be there.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from common.logging import logger
from etsy_sync.adapters.shopify.client import QueryRefused, ShopifyClient
from etsy_sync.adapters.shopify.ids import global_id

Node = dict[str, Any]

# An order costs 13 points, 4 for each line and 1 for each refund, so a page at most 317: under four seconds
# of the slowest plan's.
ORDERS_A_PAGE, LINES_OF_AN_ORDER, REFUNDS_OF_AN_ORDER = 5, 10, 10
# What a page gives at most.
LARGEST_PAGE = 250
LINES_A_PAGE = 50
_WITHIN_AN_ORDER = {"lines": LINES_OF_AN_ORDER, "refunds": REFUNDS_OF_AN_ORDER}
# What tells who bought. An app may see some of it and not the rest: the e-mail and the names each have to be
# approved, and the customer needs a scope of its own.
BUYER_FIELDS = ("email", "customer", "billingAddress")
_ASKED = "".join(f", ${field}: Boolean!" for field in BUYER_FIELDS)

_LINE = """
      id
      sku
      title
      quantity
      currentQuantity
      variant { id }
      originalUnitPriceSet { shopMoney { amount } }
"""

_ORDER = f"""
      id
      name
      createdAt
      updatedAt
      cancelledAt
      displayFinancialStatus
      test
      currencyCode
      email @include(if: $email)
      customer @include(if: $customer) {{ firstName lastName }}
      billingAddress @include(if: $billingAddress) {{ name }}
      subtotalPriceSet {{ shopMoney {{ amount }} }}
      totalDiscountsSet {{ shopMoney {{ amount }} }}
      totalTaxSet {{ shopMoney {{ amount }} }}
      totalPriceSet {{ shopMoney {{ amount }} }}
      lineItems(first: $lines) {{
        nodes {{ {_LINE} }}
        pageInfo {{ hasNextPage endCursor }}
      }}
      refunds(first: $refunds) {{ id }}
"""

ORDERS = f"""
query OrdersUpdatedSince(
  $search: String!, $first: Int!, $after: String, $lines: Int!, $refunds: Int!{_ASKED}
) {{
  orders(first: $first, after: $after, query: $search, sortKey: UPDATED_AT) {{
    nodes {{ {_ORDER} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}
"""

ORDER = f"""
query OrderByNumber($id: ID!, $lines: Int!, $refunds: Int!{_ASKED}) {{
  order(id: $id) {{ {_ORDER} }}
}}
"""

LINES = f"""
query LinesOfOrder($id: ID!, $first: Int!, $after: String) {{
  order(id: $id) {{
    lineItems(first: $first, after: $after) {{
      nodes {{ {_LINE} }}
      pageInfo {{ hasNextPage endCursor }}
    }}
  }}
}}
"""

REFUNDS = """
query RefundsOfOrder($id: ID!, $first: Int!) {
  order(id: $id) { refunds(first: $first) { id } }
}
"""

REFUND_LINES = """
query LinesOfRefund($id: ID!, $first: Int!, $after: String) {
  refund(id: $id) {
    refundLineItems(first: $first, after: $after) {
      nodes { lineItem { id } quantity restockType }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""


def orders(client: ShopifyClient, search: str) -> Iterator[Node]:
    """The orders that a search finds, in the order of their last change."""
    variables: Node = {"search": search, "first": ORDERS_A_PAGE, "after": None, **_WITHIN_AN_ORDER}
    has_more = True
    while has_more:
        page = _with_buyers(client, ORDERS, variables)["orders"]
        yield from page["nodes"]
        has_more = page["pageInfo"]["hasNextPage"]
        variables = {**variables, "after": page["pageInfo"]["endCursor"]}


def order(client: ShopifyClient, number: str) -> Node | None:
    """An order by its number; None when there is none, or the app may not read it."""
    variables = {"id": global_id("Order", number), **_WITHIN_AN_ORDER}
    found: Node | None = _with_buyers(client, ORDER, variables)["order"]
    return found


def lines_of(client: ShopifyClient, order: Mapping[str, Any]) -> list[Node]:
    """All lines of an order that `orders` or `order` gave."""
    first = order["lineItems"]
    return [*first["nodes"], *_rest(client, LINES, order["id"], ("order", "lineItems"), first["pageInfo"])]


def refunds_of(client: ShopifyClient, order: Mapping[str, Any]) -> list[str]:
    """The ids of all refunds of an order that `orders` or `order` gave."""
    refunds = order["refunds"]
    if len(refunds) == REFUNDS_OF_AN_ORDER:
        variables = {"id": order["id"], "first": LARGEST_PAGE}
        refunds = client.graphql(REFUNDS, variables, is_repeatable=True)["order"]["refunds"]
    return [refund["id"] for refund in refunds]


def refund_lines_of(client: ShopifyClient, refund: str) -> list[Node]:
    """All lines of a refund."""
    path = ("refund", "refundLineItems")
    return list(_rest(client, REFUND_LINES, refund, path, {"hasNextPage": True, "endCursor": None}))


def _with_buyers(client: ShopifyClient, query: str, variables: Node) -> Node:
    """What a query of orders answers, with as much of their buyers as the app may see.

    What it may not see is found by being refused, and not asked for again by this client. An order is not
    worth less without it; any other error of an answer is raised, by the call that no longer asks for it.
    """
    while True:
        asked = {field: field not in client.withheld for field in BUYER_FIELDS}
        try:
            return client.graphql(query, {**variables, **asked}, is_repeatable=True)
        except QueryRefused as refused:
            # Of what this call asked for, so that each repetition asks for less: another thread may have
            # found the same meanwhile.
            denied = {field for field in refused.denied if asked.get(field)}
            if not denied:
                raise
            client.withheld |= denied
            logger().warning(
                "shopify does not let the app see who bought", extra={"withheld": sorted(client.withheld)}
            )


def _rest(
    client: ShopifyClient, query: str, thing: str, path: tuple[str, str], after: Node
) -> Iterator[Node]:
    """The nodes of a connection that follow a page."""
    while after["hasNextPage"]:
        variables = {"id": thing, "first": LINES_A_PAGE, "after": after["endCursor"]}
        answer = client.graphql(query, variables, is_repeatable=True)
        page = answer[path[0]][path[1]]
        yield from page["nodes"]
        after = page["pageInfo"]
