"""Lines of orders on channels: what each takes out of stock, and what comes back of it.

Every step is one transaction of the stock, its movement, the channel's link and the row of the line. What
comes back is decided by all that is known of the line, so that the order in which it becomes known does
not matter: a line holds the pieces that were there, and never more than are still to be delivered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import partial

from common.dynamodb import UnitOfWork
from common.optimistic import ATTEMPTS, StaleVersion
from common.repositories.stock_movements import AlreadyApplied, find_movement
from common.stock_alerts import raise_alert
from common.stock_ledger import Event, Extra, apply_channel_sale, apply_return, book
from common.stock_levels import current_stock
from etsy_sync.repositories.channel_links import ChannelLink, count_sold_here, links_of_sku
from orders.repositories.channel_orders import GivenUp, LineMoved, SoldLine, find_line, write_line

NO_SKU = "-"


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """A line as its channel reports it; `event_id` is its id there, which no other line of it has.

    `quantity` None when only what was given up is reported. `target` is what the channel sells it under
    (a listing, a variant, a seller's SKU), `price` of one piece. `given_up` names what happened to
    pieces of it, each name with the number that it has reached.
    """

    event_id: str
    sku: str = ""
    title: str = ""
    quantity: int | None = None
    price: Decimal = Decimal(0)
    target: str | None = None
    given_up: Mapping[str, GivenUp] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settled:
    """A line after what was reported of it; `moved` when what channels may sell of its SKU may differ."""

    line: SoldLine
    moved: bool = False


def settle(channel: str, order_id: str, line: ChannelLine, known: SoldLine | None, now: datetime) -> Settled:
    """Takes what a line sold out of stock, or puts back what was given up; once, however often reported.

    `known` is what was read of it. Raises StaleVersion or TransactionBusy when others kept changing the
    same; then report it again.
    """
    before = known or SoldLine(channel=channel, order_id=order_id, id=line.event_id)
    for _ in range(ATTEMPTS):
        try:
            return _step(before, line, now)
        except LineMoved:
            before = find_line(channel, order_id, line.event_id) or before
    raise StaleVersion("Order line")


def _step(before: SoldLine, line: ChannelLine, now: datetime) -> Settled:
    after = before.giving_up(line.given_up)
    if before.quantity is None and line.quantity is not None:
        return _sell(before, replace(after, sku=line.sku.strip(), quantity=line.quantity), line, now)
    if after == before:
        return Settled(before)
    if before.quantity is None or not before.is_known:
        return _note(before, after)
    return _put_back(before, after, now)


def _note(before: SoldLine, after: SoldLine, *extras: Extra) -> Settled:
    """Keeps what is known of a line, of which no piece moves."""
    with UnitOfWork() as work:
        for extra in extras:
            extra(work)
        stored = write_line(work, before, after)
    return Settled(stored, moved=bool(extras))


def _sell(before: SoldLine, after: SoldLine, line: ChannelLine, now: datetime) -> Settled:
    sku = after.sku
    stock = current_stock([sku])[sku] if sku else None
    if stock is None or not stock.is_counted:
        return _pass_over(before, replace(after, is_known=False), line, now)
    count_sold = partial(_count_sold, after, line)
    try:
        if after.left:
            return _take(before, after, count_sold, now)
        # Given up before its sale was reported: both are booked at once, so that neither counts again.
        event = Event(after.channel, after.id, "channel", now, after.channel, names_sku=True)
        return _note(before, after, lambda work: book(work, stock.shelf, 0, event), count_sold)
    except AlreadyApplied:
        # The ledger knows the sale from elsewhere; then it is the line's.
        return _note(before, after)


def _take(before: SoldLine, after: SoldLine, count_sold: Extra, now: datetime) -> Settled:
    stored = after

    def extra(work: UnitOfWork) -> None:
        nonlocal stored
        count_sold(work)
        stored = write_line(work, before, after)

    outcome = apply_channel_sale(after.channel, after.id, after.sku, after.left, now, extra=extra)
    if outcome.kind == "duplicate":
        raise AlreadyApplied(after.channel, after.id)
    return Settled(stored, moved=True)


def _pass_over(before: SoldLine, after: SoldLine, line: ChannelLine, now: datetime) -> Settled:
    """Keeps a line whose SKU the shop does not count, and asks somebody to look at it.

    It stays that way: pieces that are counted later were counted without those that it sold.
    """
    named = f"SKU {after.sku}, which the shop does not count" if after.sku else "a work without a SKU"

    def tell(work: UnitOfWork) -> None:
        raise_alert(
            work,
            type="manual_review",
            sku=after.sku or NO_SKU,
            message=f"{after.channel} sold {after.quantity} of {named}: {line.title} ({after.order_id})",
            now=now,
        )

    return replace(_note(before, after, *([tell] if after.left else [])), moved=False)


def _put_back(before: SoldLine, after: SoldLine, now: datetime) -> Settled:
    """Puts back what the line holds beyond what is still to be delivered.

    A sale that met too few pieces holds only those that were there: the missing ones are given up first.
    """
    sale = find_movement(after.channel, after.id, after.sku)
    held = (-sale.delta if sale else 0) - before.put_back
    pieces = max(0, held - after.left)
    if not pieces:
        # The channel may offer again what was never there, so it is told what there is.
        return replace(_note(before, after), moved=True)
    after = replace(after, put_back=before.put_back + pieces)
    stored = after

    def extra(work: UnitOfWork) -> None:
        nonlocal stored
        stored = write_line(work, before, after)

    # A count that is gone is not brought back to life by pieces that return to it.
    restock = current_stock([after.sku])[after.sku].is_counted
    event_id = _name_of_news(before, after)
    apply_return(after.channel, event_id, after.sku, pieces, now, restock=restock, extra=extra)
    return Settled(stored, moved=True)


def _name_of_news(before: SoldLine, after: SoldLine) -> str:
    """The id of what happened: its name and the line, and the number where the name was heard before."""
    name = next(name for name, each in after.given_up.items() if before.given_up.get(name) != each)
    again = f":{after.given_up[name].quantity}" if name in before.given_up else ""
    return f"{name}:{after.id}{again}"


def _count_sold(after: SoldLine, line: ChannelLine, work: UnitOfWork) -> None:
    """Adds to the transaction that the channel shows so many pieces fewer, whatever was given up since.

    Whether a channel shows again what is given up differs; what it is told next says so in any case.
    """
    link = _link_of(after, line.target)
    if link is not None and after.quantity:
        count_sold_here(work, link, after.quantity)


def _link_of(after: SoldLine, target: str | None) -> ChannelLink | None:
    """The link that sold the line; None when there are several and none is named."""
    links = [
        link
        for link in links_of_sku(after.sku)
        if link.channel == after.channel and not link.extra.get("is_fba")
    ]
    named = [
        link for link in links if target is not None and target in (link.target, link.extra.get("variant_id"))
    ]
    found = named or links
    return found[0] if len(found) == 1 else None
