"""Orders of the Shopify shop, polled: the safety net beneath the webhooks, which may get lost.

Nothing about the buyer is asked for here, so that the app needs no access to protected customer data.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from common.clock import iso, parse_iso
from etsy_sync.adapters.interface import Unreadable
from etsy_sync.adapters.shopify import order_queries
from etsy_sync.adapters.shopify.client import ShopifyClient
from etsy_sync.adapters.shopify.ids import number_of

PAID = frozenset({"paid", "partially_refunded", "refunded"})


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line; `price` is of one piece before discounts, `variant_id` None when the variant is gone."""

    id: str
    sku: str
    variant_id: str | None
    title: str
    quantity: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class RefundLine:
    """Pieces of a line that were given up; `restock_type`: `cancel` and `return` put them back into
    Shopify's stock, and so does the outdated `legacy_restock`; `no_restock` does not.
    """

    line_id: str
    quantity: int
    restock_type: str


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund; a cancelled order has one too, which says what became of its pieces."""

    id: str
    order_id: str
    lines: tuple[RefundLine, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """One order; ids are numbers as text, times aware in UTC, amounts in the shop's `currency`.

    `subtotal` is after discounts and before shipping and taxes. `name` is what the buyer sees, such as
    `#1001`. `is_paid` says that its whole price was paid, whatever was given back since. `is_test` orders
    were made by the shop itself to try its checkout.
    """

    id: str
    name: str
    created_at: datetime
    updated_at: datetime
    cancelled_at: datetime | None
    is_paid: bool
    is_test: bool
    currency: str
    subtotal: Decimal
    discount: Decimal
    shipping: Decimal
    tax: Decimal
    total: Decimal
    lines: tuple[OrderLine, ...]
    refunds: tuple[Refund, ...] = ()
    email: str | None = None
    customer_name: str | None = None


def orders_updated_since(client: ShopifyClient, moment: datetime) -> Iterator[Order | Unreadable]:
    """The orders that were created or changed at `moment` or later, the earliest change first.

    Shopify finds an order a little after it was changed: ask again from a moment before the last order's.
    Orders older than 60 days need the scope read_all_orders. Raises what `ShopifyClient.graphql` raises.
    """
    search = f"updated_at:>='{iso(moment)}'"
    for node in order_queries.orders(client, search):
        lines = order_queries.lines_of(client, node)
        refunds = {
            refund: order_queries.refund_lines_of(client, refund)
            for refund in order_queries.refunds_of(client, node)
        }
        try:
            yield _order(node, lines, [_refund(node["id"], *refund) for refund in refunds.items()])
        except (KeyError, TypeError, ValueError, InvalidOperation):
            yield Unreadable(str(node.get("id")))


def was_paid(financial_status: str | None) -> bool:
    """Whether an order's status of payment, in any case, says that all of it was paid.

    https://shopify.dev/docs/api/admin-graphql/latest/enums/OrderDisplayFinancialStatus
    """
    return (financial_status or "").lower() in PAID


def _order(node: dict[str, Any], lines: list[dict[str, Any]], refunds: list[Refund]) -> Order:
    cancelled_at = node["cancelledAt"]
    return Order(
        id=number_of(node["id"]),
        name=node["name"],
        created_at=parse_iso(node["createdAt"]),
        updated_at=parse_iso(node["updatedAt"]),
        cancelled_at=parse_iso(cancelled_at) if cancelled_at else None,
        is_paid=was_paid(node["displayFinancialStatus"]),
        is_test=bool(node["test"]),
        currency=node["currencyCode"],
        subtotal=_amount(node["subtotalPriceSet"]),
        discount=_amount(node["totalDiscountsSet"]),
        shipping=_amount(node["totalShippingPriceSet"]),
        tax=_amount(node["totalTaxSet"]),
        total=_amount(node["totalPriceSet"]),
        lines=tuple(_line(line) for line in lines),
        refunds=tuple(refunds),
    )


def _line(node: dict[str, Any]) -> OrderLine:
    variant = node["variant"]
    return OrderLine(
        id=number_of(node["id"]),
        sku=(node["sku"] or "").strip(),
        variant_id=number_of(variant["id"]) if variant else None,
        title=node["title"],
        quantity=int(node["quantity"]),
        price=_amount(node["originalUnitPriceSet"]),
    )


def _refund(order: str, refund: str, lines: list[dict[str, Any]]) -> Refund:
    return Refund(
        id=number_of(refund),
        order_id=number_of(order),
        lines=tuple(
            RefundLine(number_of(line["lineItem"]["id"]), int(line["quantity"]), line["restockType"].lower())
            for line in lines
        ),
    )


def _amount(bag: dict[str, Any] | None) -> Decimal:
    return Decimal(bag["shopMoney"]["amount"]) if bag else Decimal(0)
