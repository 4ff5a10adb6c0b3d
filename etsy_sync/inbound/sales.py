"""Sales on channels, and what was cancelled of them: first the stock, line by line, then the order.

Each step counts once by the ids that the channel gives, so whatever fails in between is made good by
reporting the same again. Nothing here depends on the order in which reports arrive.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from common.channel_numbers import sold_by
from common.money import to_money
from common.repositories.orders import Order, OrderLine
from common.stock_levels import Stock, current_stock
from common.stock_queue import announce
from etsy_sync.adapters.orders import CANCEL, ChannelOrder
from etsy_sync.inbound.lines import settle, takings
from orders.channel_orders import Placed, Reached, Refunded, advance, make_order
from orders.repositories.channel_orders import EDIT, SoldLine, known_of


@dataclass(frozen=True, slots=True)
class TakenOrder:
    """What became of a report: the shop's order, None while there is none, and the SKUs that it moved."""

    order: Order | None
    moved: tuple[str, ...]


def take_sale(order: ChannelOrder, now: datetime, *, since: datetime | None = None) -> TakenOrder:
    """Takes an order of a channel: its pieces out of stock, then the shop's order made or moved along.

    What was cancelled, refunded or taken off by an edit is put back, what an edit added is taken. One that
    was placed before `since` is nothing to the shop: its counts began without those pieces.
    Raises StaleVersion or TransactionBusy when others kept changing the same; then take it again.
    """
    known = known_of(order.channel, order.id)
    is_sold = any(line.quantity is not None for line in known.lines.values())
    if since is not None and order.created_at < since and not is_sold:
        return TakenOrder(None, ())
    lines, moved = _settle_all(order, known.lines, now)
    order_id = known.order_id
    if order_id is None:
        if order.total is None:
            return TakenOrder(None, moved)
        order_id = make_order(_placed(order, order.total, lines), now).id
    return TakenOrder(advance(order_id, _reached(order, lines), now), moved)


def _settle_all(
    order: ChannelOrder, known: Mapping[str, SoldLine], now: datetime
) -> tuple[dict[str, SoldLine], tuple[str, ...]]:
    """Every line settled; whatever stops one of them, what the others moved is announced."""
    settled: dict[str, SoldLine] = {}
    moved: list[str] = []
    try:
        for line in order.lines:
            before = known.get(line.event_id)
            if before is None and line.quantity == 0:
                continue
            result = settle(order.channel, order.id, line, before, order.updated_at, now)
            settled[line.event_id] = result.line
            if result.moved:
                moved.append(result.line.sku)
    finally:
        announce(moved)
    return settled, tuple(dict.fromkeys(moved))


def _placed(order: ChannelOrder, total: Decimal, settled: Mapping[str, SoldLine]) -> Placed:
    return Placed(
        channel=order.channel,
        id=order.id,
        number=order.number,
        created_at=order.created_at,
        currency=order.currency,
        subtotal=order.subtotal,
        tax=order.tax,
        discount=order.discount,
        total=total,
        lines=_order_lines(order, settled),
        is_paid=order.is_paid,
        customer_name=order.customer_name,
        customer_email=order.customer_email,
        shipping_address=order.address,
        notes=order.notes,
    )


def _order_lines(order: ChannelOrder, settled: Mapping[str, SoldLine]) -> tuple[OrderLine, ...]:
    """The lines with the variant that each SKU belongs to, where the shop knows it."""
    known = {line.sku for line in settled.values() if line.is_known and line.sku}
    stocks = current_stock(known)
    lines = []
    for number, line in enumerate(order.lines, 1):
        stock = stocks.get(line.sku.strip())
        lines.append(
            OrderLine(
                id=number,
                product_id=stock.product_id if stock else None,
                variant_id=stock.variant_id if stock else None,
                product_name=line.title,
                variant_name=None,
                sku=line.sku or None,
                quantity=line.wanted,
                unit_price=to_money(line.price, order.currency),
                total_price=to_money(line.price * line.wanted, order.currency),
                numbers=_numbers(settled.get(line.event_id), stock),
            )
        )
    return tuple(lines)


def _numbers(sold: SoldLine | None, stock: Stock | None) -> tuple[int, ...] | None:
    """The numbers that a line took of an edition."""
    if sold is None or stock is None or stock.shelf.numbering is None:
        return None
    return sold_by(sold.channel, takings(sold), sold.sku) or None


def _reached(order: ChannelOrder, settled: Mapping[str, SoldLine]) -> Reached:
    return Reached(
        # What was refunded was paid.
        is_paid=order.is_paid or order.is_refunded or order.is_partly_refunded,
        is_cancelled=order.is_cancelled,
        is_shipped=order.is_shipped,
        is_delivered=order.is_delivered,
        refunded=_refunded_order(order, settled),
    )


def _refunded_order(order: ChannelOrder, settled: Mapping[str, SoldLine]) -> Refunded:
    if order.is_refunded or order.is_cancelled:
        return "wholly"
    of_lines = _refunded(settled)
    return "partly" if of_lines == "nothing" and order.is_partly_refunded else of_lines


def _refunded(lines: Mapping[str, SoldLine]) -> Refunded:
    """What was refunded of an order, as far as its lines tell.

    What was cancelled unpaid is no refund, nor is what an edit took off: what is paid back of it is.
    """
    names = {name for line in lines.values() for name in line.cancellations} - {EDIT}
    if names and all(line.is_cancelled for line in lines.values()):
        return "wholly"
    return "partly" if names - {CANCEL} else "nothing"
