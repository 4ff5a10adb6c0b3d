"""Lines of orders on channels: what each takes out of stock, and what comes back of it.

Every step is one transaction of the stock, its movement, the channel's link and the row of the line. What
comes back is decided by all that is known of the line, so that the order in which it becomes known does
not matter: a line holds the pieces that were there, and never more than are still to be delivered.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.optimistic import ATTEMPTS, StaleVersion
from common.repositories.stock_movements import AlreadyApplied, find_movement
from common.stock_alerts import raise_alert
from common.stock_ledger import Event, Extra, apply_channel_sale, apply_return, book
from common.stock_levels import current_stock
from etsy_sync.adapters.orders import ChannelLine
from etsy_sync.repositories.channel_links import ChannelLink, count_sold_here, links_of_sku
from orders.repositories.channel_orders import EDIT, LINES, LineMoved, SoldLine, write_line

NO_SKU = "-"


@dataclass(frozen=True, slots=True)
class Settled:
    """A line after what was reported of it; `moved` when what channels may sell of its SKU may differ."""

    line: SoldLine
    moved: bool = False


def settle(
    channel: str, order_id: str, line: ChannelLine, known: SoldLine | None, as_of: datetime, now: datetime
) -> Settled:
    """Takes what a line sold out of stock, or puts back what was cancelled; once, however often reported.

    What an edit adds is taken, and what it takes off is put back. `known` is what was read of the line,
    `as_of` the moment whose numbers are reported. Raises StaleVersion or TransactionBusy when others kept
    changing the same; then report it again.
    """
    before = known or SoldLine(channel=channel, order_id=order_id, id=line.event_id)
    for _ in range(ATTEMPTS):
        try:
            return _step(before, line, iso(as_of), now)
        except LineMoved:
            before = LINES.get(channel, order_id, line.event_id) or before
    raise StaleVersion("Order line")


def takings(line: SoldLine) -> list[str]:
    """The ids of the movements that took pieces for a line: its sale, and each addition to it."""
    return [line.id, *(f"{line.id}:{number}" for number in range(1, (line.additions or 0) + 1))]


def _step(before: SoldLine, line: ChannelLine, as_of: str, now: datetime) -> Settled:
    after = before.cancelling(line.cancellations)
    if line.removed is not None:
        after = after.edited(line.quantity, line.removed, as_of)
    if before.quantity is None:
        return _sell(before, replace(after, sku=line.sku.strip(), quantity=line.quantity), line, now)
    if after == before:
        return Settled(before)
    if not before.is_known or replace(after, as_of=before.as_of) == before:
        return _note(before, after)
    if after.left > before.left:
        return _take_more(before, after, line, now)
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
    count_sold = partial(_count_sold, after, line.target, line.quantity)
    try:
        if after.left:
            return _take(before, after, after.id, after.left, count_sold, now)
        # Cancelled before its sale was reported: both are booked at once, so that neither counts again.
        event = Event(after.channel, after.id, "channel", now, after.channel, names_sku=True)
        return _note(before, after, lambda work: book(work, stock.shelf, 0, event), count_sold)
    except AlreadyApplied:
        # The ledger knows the sale from elsewhere; then it is the line's.
        return _note(before, after)


def _take_more(before: SoldLine, after: SoldLine, line: ChannelLine, now: datetime) -> Settled:
    """Takes out what an edit added, under an id of its own; of a SKU that still is counted."""
    pieces = after.left - before.left
    if not current_stock([after.sku])[after.sku].is_counted:
        return replace(_note(before, after, partial(_tell_uncounted, after, line, pieces, now)), moved=False)
    after = replace(after, additions=(before.additions or 0) + 1)
    count_sold = partial(_count_sold, after, line.target, pieces)
    try:
        return _take(before, after, takings(after)[-1], pieces, count_sold, now)
    except AlreadyApplied:
        # Somebody else has written the line in the meantime, perhaps by older numbers than these.
        raise LineMoved from None


def _take(
    before: SoldLine, after: SoldLine, event_id: str, pieces: int, count_sold: Extra, now: datetime
) -> Settled:
    stored = after

    def extra(work: UnitOfWork) -> None:
        nonlocal stored
        count_sold(work)
        stored = write_line(work, before, after)

    outcome = apply_channel_sale(after.channel, event_id, after.sku, pieces, now, extra=extra)
    if outcome.kind == "duplicate":
        raise AlreadyApplied(after.channel, event_id)
    return Settled(stored, moved=True)


def _pass_over(before: SoldLine, after: SoldLine, line: ChannelLine, now: datetime) -> Settled:
    """Keeps a line whose SKU the shop does not count, and asks somebody to look at it.

    It stays that way: pieces that are counted later were counted without those that it sold.
    """
    tell = [partial(_tell_uncounted, after, line, line.quantity, now)] if after.left else []
    return replace(_note(before, after, *tell), moved=False)


def _tell_uncounted(sold: SoldLine, line: ChannelLine, pieces: int, now: datetime, work: UnitOfWork) -> None:
    named = f"SKU {sold.sku}, which the shop does not count" if sold.sku else "a work without a SKU"
    raise_alert(
        work,
        type="manual_review",
        sku=sold.sku or NO_SKU,
        message=f"{sold.channel} sold {pieces} of {named}: {line.title} ({sold.order_id})",
        now=now,
    )


def _put_back(before: SoldLine, after: SoldLine, now: datetime) -> Settled:
    """Puts back what the line holds beyond what is still to be delivered.

    A sale that met too few pieces holds only those that were there: the missing ones are cancelled first.
    """
    pieces = max(0, _held(before) - after.left)
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
    outcome = apply_return(
        after.channel,
        event_id,
        after.sku,
        pieces,
        now,
        restock=restock,
        sold_as=takings(after),
        extra=extra,
    )
    if outcome.kind == "duplicate":
        # Somebody else has written the line in the meantime, perhaps by older numbers than these.
        raise LineMoved
    return Settled(stored, moved=True)


def _held(line: SoldLine) -> int:
    """How many pieces are out of stock for a line."""
    movements = (find_movement(line.channel, event_id, line.sku) for event_id in takings(line))
    return sum(-movement.delta for movement in movements if movement) - line.put_back


def _name_of_news(before: SoldLine, after: SoldLine) -> str:
    """The id of what happened: its name and the line, and what tells it from the same name heard before."""
    news = (name for name, each in after.cancellations.items() if before.cancellations.get(name) != each)
    name = next(news, EDIT)
    if name == EDIT:
        # An edit may take off again what another one has added: the version is never the same.
        return f"{EDIT}:{after.id}:{before.version}"
    again = f":{after.cancellations[name].quantity}" if name in before.cancellations else ""
    return f"{name}:{after.id}{again}"


def _count_sold(after: SoldLine, target: str | None, pieces: int, work: UnitOfWork) -> None:
    """Adds to the transaction that the channel shows so many pieces fewer, whatever was cancelled since.

    Whether a channel shows again what is cancelled differs; what it is told next says so in any case.
    """
    link = _link_of(after, target)
    if link is not None and pieces:
        count_sold_here(work, link, pieces)


def _link_of(after: SoldLine, target: str | None) -> ChannelLink | None:
    """The link that sold the line; None when there are several and none is named."""
    links = [
        link for link in links_of_sku(after.sku) if link.channel == after.channel and not link.is_kept_there
    ]
    named = [
        link for link in links if target is not None and target in (link.target, link.extra.get("variant_id"))
    ]
    found = named or links
    return found[0] if len(found) == 1 else None
