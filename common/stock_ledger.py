"""The stock ledger: every change of a count is made here, with its record, in one transaction.

An event from a channel changes a count once, however often it is reported, and never below zero. What takes
pieces of an edition because they are sold gives each of them its number in the same transaction. Whoever
changes a count calls `announce` (common.stock_queue) with its SKUs after the commit.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from common.clock import iso
from common.dynamodb import Condition, UnitOfWork
from common.errors import NotFound
from common.low_stock import notify_low_stock
from common.notifications import low_stock_threshold
from common.optimistic import StaleVersion, retry_when_stale
from common.repositories.numbering import Numbering
from common.repositories.sku_stock import sku_rows
from common.repositories.stock import (
    InsufficientStock,
    Move,
    Shelf,
    add_stock,
    move_together,
    same_owner,
    set_stock,
    take_all,
    take_stock,
)
from common.repositories.stock_movements import AlreadyApplied, Movement, Reason, add_movement
from common.stock_alerts import raise_alert
from common.stock_levels import Stock, current_stock

# Many sales of one piece at a time wait for each other.
RETRIES = 15

# Each is an action of a transaction, which has 100; what a sale writes besides takes a few.
MOST_NUMBERS = 80

# Whoever takes pieces for these reasons has sold them; other pieces go as they came, without a number.
_SELLING: tuple[Reason, ...] = ("sale", "channel")

OutcomeKind = Literal["applied", "duplicate", "shortfall"]
Extra = Callable[[UnitOfWork], None]


@dataclass(frozen=True, slots=True)
class Event:
    """Why counts change: `source` and `id` name what happened, such as `order` and `42`.

    `names_sku` where whoever reports it knows SKUs only: then it counts once for each SKU, also when the
    SKU has passed to another variant in between, else once for each variant.
    """

    source: str
    id: str
    reason: Reason
    now: datetime
    channel: str | None = None
    names_sku: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an event did to a SKU.

    `applied`: the count moved by `delta`. `duplicate`: it was applied before, nothing moved now.
    `shortfall`: so many pieces more were sold than were there; all that were there are taken.
    """

    kind: OutcomeKind
    sku: str
    delta: int = 0
    shortfall: int = 0


def book(
    work: UnitOfWork,
    shelf: Shelf,
    delta: int,
    event: Event,
    *,
    shortfall: int = 0,
    repeated: Exception | None = None,
    line: int | None = None,
) -> None:
    """Records that an event moves a count; `repeated` (AlreadyApplied) at the commit when it did before.

    It does not move the count: for that call what changes it, afterwards and in the same transaction, with
    what is `left_after` of its edition. Numbers of pieces that are sold are given out here, to the `line` of
    the event's order.
    """
    numbers = sold_numbers(shelf, delta, event)
    add_movement(
        work,
        Movement(
            delta=delta,
            reason=event.reason,
            source=event.source,
            event_id=event.id,
            created_at=iso(event.now),
            sku=shelf.sku,
            variant_id=shelf.variant_id,
            product_id=shelf.product_id,
            channel=event.channel,
            shortfall=shortfall,
            numbers=numbers,
        ),
        subject=shelf.sku if event.names_sku else None,
        repeated=repeated,
    )
    if shelf.numbering is not None and shelf.variant_id is not None:
        unnumbered = shortfall + (-delta - len(numbers) if numbers else 0)
        _give_out(work, shelf.variant_id, numbers or (), unnumbered, event, line)


def _give_out(
    work: UnitOfWork,
    variant_id: int,
    numbers: Sequence[int],
    unnumbered: int,
    event: Event,
    line: int | None,
) -> None:
    """Gives numbers of an edition to who bought its pieces, and notes how many pieces got none."""
    # Most counts are of no edition.
    from common.repositories.editions import Owed, Owner, give_out, owe

    moment = iso(event.now)
    give_out(work, variant_id, numbers, Owner(event.source, event.id, line), moment)
    if unnumbered:
        owe(work, Owed(variant_id, event.source, event.id, unnumbered, moment))


def sold_numbers(shelf: Shelf, delta: int, event: Event) -> tuple[int, ...] | None:
    """The numbers of the pieces that an event takes because they are sold; None where they get none."""
    if shelf.numbering is None or delta >= 0 or event.reason not in _SELLING:
        return None
    return shelf.numbering.first(min(-delta, MOST_NUMBERS))


def left_after(shelf: Shelf, delta: int, event: Event) -> Numbering | None:
    """What is left of an edition once an event has taken its pieces; None where it gives out no numbers."""
    numbers = sold_numbers(shelf, delta, event)
    return shelf.numbering.without(numbers) if shelf.numbering and numbers else None


def move(
    work: UnitOfWork,
    moves: Sequence[Move],
    event: Event,
    *,
    failed: Exception,
    condition: Condition | None = None,
    repeated: Exception | None = None,
    lines: Mapping[int, int] = MappingProxyType({}),
    left: Mapping[int, Numbering] = MappingProxyType({}),
) -> None:
    """Moves counts of variants of one product in one step, as `move_together`, and records each.

    `lines` are the lines of the event's order by the variants that they take, `left` what is left of editions
    to which numbers come back.
    """
    low = low_stock_threshold()
    taken = {shelf.variant_id or 0: left_after(shelf, delta, event) for shelf, delta in moves}
    after = {**left, **{variant: numbering for variant, numbering in taken.items() if numbering}}
    move_together(work, moves, low, now=event.now, left=after, condition=condition, failed=failed)
    for shelf, delta in moves:
        book(work, shelf, delta, event, repeated=repeated, line=lines.get(shelf.variant_id or 0))


def put_in(
    work: UnitOfWork, shelf: Shelf, quantity: int, event: Event, left: Numbering | None = None
) -> None:
    """Puts pieces in and records it; `left` is what is left of an edition to which numbers come back."""
    book(work, shelf, quantity, event)
    add_stock(work, shelf, quantity, event.now, left)


def take_out(
    work: UnitOfWork,
    shelf: Shelf,
    quantity: int,
    event: Event,
    name: str,
    left: Numbering | None = None,
) -> None:
    """Takes pieces out, records it, and tells of a count that becomes low.

    `name` is what it is called then, `left` what is left of an edition that loses numbers besides those of
    sales. Raises InsufficientStock, at the commit StaleVersion.
    """
    if quantity > shelf.seen:
        raise InsufficientStock(quantity, shelf.seen)
    book(work, shelf, -quantity, event)
    left = left or left_after(shelf, -quantity, event)
    take_stock(work, shelf, quantity, low_stock_threshold(), event.now, left)
    notify_low_stock(work, [(shelf, -quantity, name)], event.now)


def count(work: UnitOfWork, shelf: Shelf, quantity: int, event: Event, name: str) -> None:
    """Sets a count, records the difference, and tells of it when it becomes low.

    At the commit NotFound when the variant is gone, StaleVersion when the count is not what was read.
    """
    book_count(work, shelf, quantity, event, name)
    set_stock(work, shelf, quantity, event.now)


def book_count(work: UnitOfWork, shelf: Shelf, quantity: int, event: Event, name: str) -> None:
    """Records that a count is set to `quantity`, and tells of it when it becomes low, as `count` does.

    It does not set the count, as `book` moves none.
    """
    delta = quantity - shelf.seen
    if delta:
        book(work, shelf, delta, event)
    notify_low_stock(work, [(shelf, delta, name)], event.now)


def take_over_counts(work: UnitOfWork, counts: Mapping[str, int], event: Event) -> None:
    """Takes away what SKUs count themselves, because variants take them over with these counts of their own.

    One consistent batch read; nothing where a SKU has no such count. A SKU that becomes low by it is told
    of. StaleVersion at the commit when a count has moved meanwhile.
    """
    for row in sku_rows(sku for sku in counts if sku).values():
        if row.physical:
            shelf = Shelf(row.sku, row.physical)
            book(work, shelf, -row.physical, event)
            set_stock(work, shelf, 0, event.now)
            notify_low_stock(work, [(shelf, counts[row.sku] - row.physical, row.sku)], event.now)


def apply_channel_sale(
    channel: str, event_id: str, sku: str, quantity: int, now: datetime, *, extra: Extra | None = None
) -> Outcome:
    """Takes what was sold on a channel out of the shop's stock, once for each event.

    `event_id` is the channel's id of the sale; together with the SKU it makes a repetition harmless. Of
    more than is there all that is there is taken, and an alert asks somebody to look at it. `extra` adds
    to the same transaction, each time anew when it is tried again. Raises StaleVersion or
    TransactionBusy when others kept changing the count; then apply it again.
    """
    event = Event(channel, event_id, "channel", now, channel, names_sku=True)

    def step(work: UnitOfWork, stock: Stock) -> Outcome:
        outcome = _sell(work, stock, quantity, event)
        if extra is not None:
            extra(work)
        return outcome

    return _once(sku, step)


def apply_return(
    channel: str,
    event_id: str,
    sku: str,
    quantity: int,
    now: datetime,
    *,
    restock: bool = True,
    sold_as: Iterable[str] = (),
    extra: Extra | None = None,
) -> Outcome:
    """Books what came back from a channel, once for each event; without `restock` the count stays.

    So it does for pieces of an edition, whose numbers are back: `sold_as` are the events that sold them.
    `extra` adds to the same transaction what else the return leaves behind.
    """
    from common.channel_numbers import take_numbers_back

    event = Event(channel, f"return:{event_id}", "return", now, channel, names_sku=True)

    def step(work: UnitOfWork, stock: Stock) -> Outcome:
        is_put_in = restock and stock.shelf.numbering is None
        if is_put_in:
            put_in(work, stock.shelf, quantity, event)
        else:
            book(work, stock.shelf, 0, event)
        if stock.shelf.numbering is not None:
            take_numbers_back(work, channel, sold_as, sku, quantity, now)
        if extra is not None:
            extra(work)
        return Outcome("applied", stock.sku, quantity if is_put_in else 0)

    return _once(sku, step)


def apply_delivery(source: str, event_id: str, sku: str, quantity: int, now: datetime) -> Outcome:
    """Puts new pieces in, once for each event."""
    event = Event(source, event_id, "count", now, names_sku=True)

    def step(work: UnitOfWork, stock: Stock) -> Outcome:
        put_in(work, stock.shelf, quantity, event)
        return Outcome("applied", stock.sku, quantity)

    return _once(sku, step)


def apply_count(source: str, event_id: str, sku: str, physical: int, now: datetime) -> Outcome:
    """Sets how many pieces of a SKU are there, once for each event that makes a difference."""
    event = Event(source, event_id, "count", now, names_sku=True)

    def step(work: UnitOfWork, stock: Stock) -> Outcome:
        count(work, stock.shelf, physical, event, sku)
        return Outcome("applied", stock.sku, physical - stock.physical)

    return _once(sku, step)


def _once(sku: str, step: Callable[[UnitOfWork, Stock], Outcome]) -> Outcome:
    """Reads a SKU, takes the step on what was read, and commits; again when that no longer holds."""

    def attempt() -> Outcome:
        stock = current_stock([sku])[sku]
        try:
            with UnitOfWork(retries=RETRIES) as work:
                outcome = step(work, stock)
                same_owner(work, stock.shelf)
        except (InsufficientStock, NotFound) as moved:
            # Somebody took pieces or the variant away since they were read: decide again.
            raise StaleVersion(f"The stock of {sku}") from moved
        return outcome

    try:
        return retry_when_stale(attempt, RETRIES)
    except AlreadyApplied:
        return Outcome("duplicate", sku)


def _sell(work: UnitOfWork, stock: Stock, quantity: int, event: Event) -> Outcome:
    shelf = stock.shelf
    if quantity <= shelf.seen:
        take_out(work, shelf, quantity, event, stock.sku)
        return Outcome("applied", stock.sku, -quantity)
    missing = quantity - shelf.seen
    book(work, shelf, -shelf.seen, event, shortfall=missing)
    take_all(work, shelf, event.now, left_after(shelf, -shelf.seen, event))
    notify_low_stock(work, [(shelf, -shelf.seen, stock.sku)], event.now)
    raise_alert(
        work,
        type="manual_review",
        sku=stock.sku,
        message=f"{event.channel} sold {quantity} of {stock.sku} ({event.id}), {missing} more than are there",
        now=event.now,
    )
    return Outcome("shortfall", stock.sku, -shelf.seen, missing)
