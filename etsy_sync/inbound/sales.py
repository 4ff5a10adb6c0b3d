"""Sales on channels, and what was given up of them: first the stock, line by line, then the order.

Each step counts once by the ids that the channel gives, so whatever fails in between is made good by
reporting the same again. Nothing here depends on the order in which reports arrive.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from common.money import to_money
from common.repositories.orders import Order, OrderLine
from common.stock_levels import current_stock
from common.stock_queue import announce
from etsy_sync.inbound.lines import ChannelLine, settle
from orders.channel_orders import Placed, Reached, Refunded, advance, make_order
from orders.repositories.channel_orders import GivenUp, SoldLine, known_of

# What a cancellation is called; a refund is called by its id.
CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOrder:
    """An order as its channel reports it; amounts in `currency`, times aware.

    `number` is what the shop will know it by. `total` None while the channel does not say what it costs:
    then its pieces are taken, and the order is made when it says so. What tells of the buyer may be
    unknown. `is_refunded` and `is_partly_refunded` tell of its money, not of its pieces.
    """

    channel: str
    id: str
    number: str
    created_at: datetime
    updated_at: datetime
    currency: str
    lines: tuple[ChannelLine, ...]
    total: Decimal | None
    subtotal: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    is_paid: bool = True
    is_cancelled: bool = False
    is_shipped: bool = False
    is_delivered: bool = False
    is_refunded: bool = False
    is_partly_refunded: bool = False
    customer_name: str | None = field(default=None, repr=False)
    customer_email: str | None = field(default=None, repr=False)
    address: Any = field(default=None, repr=False)
    notes: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a report: the shop's order, None while there is none, and the SKUs that it moved."""

    order: Order | None
    moved: tuple[str, ...]


def take_sale(order: ChannelOrder, now: datetime, *, since: datetime | None = None) -> Taken:
    """Takes an order of a channel: its pieces out of stock, then the shop's order made or moved along.

    One that was placed before `since` is nothing to the shop: its counts began without those pieces.
    Raises StaleVersion or TransactionBusy when others kept changing the same; then take it again.
    """
    known = known_of(order.channel, order.id)
    is_sold = any(line.quantity is not None for line in known.lines.values())
    if since is not None and order.created_at < since and not is_sold:
        return Taken(None, ())
    lines, moved = _settle_all(order.channel, order.id, order.lines, known.lines, now)
    order_id = known.order_id
    if order_id is None:
        if order.total is None:
            return Taken(None, moved)
        order_id = make_order(_placed(order, order.total, lines), now).id
    return Taken(advance(order_id, _reached(order, lines), now), moved)


def take_cancellation(order: ChannelOrder, now: datetime, *, since: datetime | None = None) -> Taken:
    """Takes an order that was cancelled as a whole: what each of its lines took is put back.

    One whose sale was never reported is made as well, with nothing moved, so that its sale is no news.
    """
    lines = tuple(
        replace(line, given_up={**line.given_up, CANCEL: GivenUp(line.quantity or 0, restocks=True)})
        for line in order.lines
    )
    return take_sale(replace(order, lines=lines, is_cancelled=True), now, since=since)


def take_refund(
    channel: str, order_id: str, given_up: Mapping[str, Mapping[str, GivenUp]], now: datetime
) -> Taken:
    """Takes what was given up of lines, by their ids; of lines whose sale comes later it is remembered."""
    known = known_of(channel, order_id)
    reported = [ChannelLine(event_id=line, given_up=news) for line, news in given_up.items()]
    lines, moved = _settle_all(channel, order_id, reported, known.lines, now)
    if known.order_id is None:
        return Taken(None, moved)
    reached = Reached(refunded=_refunded({**known.lines, **lines}))
    return Taken(advance(known.order_id, reached, now), moved)


def _settle_all(
    channel: str,
    order_id: str,
    lines: Sequence[ChannelLine],
    known: Mapping[str, SoldLine],
    now: datetime,
) -> tuple[dict[str, SoldLine], tuple[str, ...]]:
    """Every line settled; whatever stops one of them, what the others moved is announced."""
    settled: dict[str, SoldLine] = {}
    moved: list[str] = []
    try:
        for line in lines:
            if line.quantity == 0:
                continue
            result = settle(channel, order_id, line, known.get(line.event_id), now)
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
        quantity = line.quantity or 0
        lines.append(
            OrderLine(
                id=number,
                product_id=stock.product_id if stock else None,
                variant_id=stock.variant_id if stock else None,
                product_name=line.title,
                variant_name=None,
                sku=line.sku or None,
                quantity=quantity,
                unit_price=to_money(line.price, order.currency),
                total_price=to_money(line.price * quantity, order.currency),
            )
        )
    return tuple(lines)


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
    """What was refunded of an order, as far as its lines tell; pieces cancelled unpaid are no refund."""
    if lines and all(line.is_given_up for line in lines.values()):
        return "wholly"
    names = {name for line in lines.values() for name in line.given_up}
    return "partly" if names - {CANCEL} else "nothing"
