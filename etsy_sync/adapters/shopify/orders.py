"""Orders of the Shopify shop, as they are now: those that changed since a moment, or one by its number.

Of the buyer only the name and the e-mail are asked for, which are protected customer data.
https://shopify.dev/docs/api/admin-graphql/latest/objects/LineItem
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from common.clock import iso, parse_iso
from etsy_sync.adapters.interface import Transient, Unreadable
from etsy_sync.adapters.orders import ChannelLine, ChannelOrder
from etsy_sync.adapters.shopify import order_queries
from etsy_sync.adapters.shopify.client import ShopifyClient
from etsy_sync.adapters.shopify.ids import number_of
from orders.repositories.channel_orders import Cancellation

SHOPIFY = "shopify"
# https://shopify.dev/docs/api/admin-graphql/latest/enums/OrderDisplayFinancialStatus: all of it was paid,
# whatever was given back since.
PAID = frozenset({"paid", "partially_refunded", "refunded"})
# Anything else leaves the pieces out of stock. A cancelled order has a refund that says so too.
RESTOCKING = frozenset({"cancel", "return", "legacy_restock"})

Node = Mapping[str, Any]
Cancellations = Mapping[str, Cancellation]


def orders_updated_since(client: ShopifyClient, moment: datetime) -> Iterator[ChannelOrder | Unreadable]:
    """The orders that were created or changed at `moment` or later, the earliest change first.

    Shopify finds an order a little after it was changed: ask again from a moment before the last order's.
    Orders older than 60 days need the scope read_all_orders. Orders that the shop made to try its checkout
    are not ours. Who bought is unknown where Shopify does not let the app see it. Raises what
    `ShopifyClient.graphql` raises.
    """
    for node in order_queries.orders(client, f"updated_at:>='{iso(moment)}'"):
        yield _readable(client, node)


def find_order(client: ShopifyClient, number: str) -> ChannelOrder | None:
    """One order by its number; None when Shopify does not give it.

    Raises Transient when it cannot be read, and what `ShopifyClient.graphql` raises.
    """
    node = order_queries.order(client, number)
    found = _readable(client, node) if node else None
    if isinstance(found, Unreadable):
        raise Transient(f"Shopify's order {number} cannot be read")
    return found


def _readable(client: ShopifyClient, node: Node) -> ChannelOrder | Unreadable:
    lines = order_queries.lines_of(client, node)
    refunds = {
        refund: order_queries.refund_lines_of(client, refund)
        for refund in order_queries.refunds_of(client, node)
    }
    try:
        return _order(node, lines, refunds)
    except (KeyError, TypeError, ValueError, InvalidOperation):
        return Unreadable(str(node.get("id")))


def _order(node: Node, lines: Iterable[Node], refunds: Mapping[str, Iterable[Node]]) -> ChannelOrder:
    order_id, name = number_of(node["id"]), node["name"]
    refunded = _refunded(refunds)
    return ChannelOrder(
        channel=SHOPIFY,
        id=order_id,
        number=f"SHOPIFY-{name.removeprefix('#') or order_id}",
        created_at=parse_iso(node["createdAt"]),
        updated_at=parse_iso(node["updatedAt"]),
        currency=node["currencyCode"],
        lines=tuple(_line(order_id, line, refunded.get(number_of(line["id"]), {})) for line in lines),
        total=_amount(node["totalPriceSet"]),
        subtotal=_amount(node["subtotalPriceSet"]),
        tax=_amount(node["totalTaxSet"]),
        discount=_amount(node["totalDiscountsSet"]),
        is_ours=not node["test"],
        is_paid=(node["displayFinancialStatus"] or "").lower() in PAID,
        is_cancelled=node["cancelledAt"] is not None,
        customer_name=_buyer_name(node),
        customer_email=node.get("email") or None,
    )


def _buyer_name(node: Node) -> str | None:
    """As the customer is called, else as the bill is addressed, which needs no access to customers."""
    customer = node.get("customer") or {}
    names = (customer.get("firstName"), customer.get("lastName"))
    bill = node.get("billingAddress") or {}
    return " ".join(name for name in names if name) or bill.get("name") or None


def _line(order_id: str, node: Node, cancellations: Cancellations) -> ChannelLine:
    variant, quantity = node["variant"], int(node["quantity"])
    gone = quantity - int(node["currentQuantity"])
    # `quantity` counts what was refunded and removed too, `currentQuantity` neither. An edit that removes
    # pieces mostly leaves a refund of no money; what no refund explains was removed without one.
    removed = gone - sum(each.quantity for each in cancellations.values())
    return ChannelLine(
        event_id=f"{order_id}:{number_of(node['id'])}",
        sku=(node["sku"] or "").strip(),
        title=node["title"],
        quantity=quantity,
        price=_amount(node["originalUnitPriceSet"]),
        target=number_of(variant["id"]) if variant else None,
        cancellations=cancellations,
        removed=max(0, removed),
    )


def _refunded(refunds: Mapping[str, Iterable[Node]]) -> dict[str, dict[str, Cancellation]]:
    """What refunds say of each line, by its number; a refund may name a line more than once."""
    pieces: Counter[tuple[str, str, bool]] = Counter()
    for refund, lines in refunds.items():
        for line in lines:
            restocks = line["restockType"].lower() in RESTOCKING
            name = f"refund:{number_of(refund)}" if restocks else f"refund:{number_of(refund)}:kept"
            pieces[number_of(line["lineItem"]["id"]), name, restocks] += int(line["quantity"])
    refunded: dict[str, dict[str, Cancellation]] = {}
    for (line_id, name, restocks), quantity in pieces.items():
        refunded.setdefault(line_id, {})[name] = Cancellation(quantity, restocks)
    return refunded


def _amount(bag: Node | None) -> Decimal:
    return Decimal(bag["shopMoney"]["amount"]) if bag else Decimal(0)
