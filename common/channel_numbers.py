"""The numbers of an edition that a channel's sale took: which they are, and what a return makes of them.

A sale of a channel is known by its events; the movement of each names the numbers that it took.
"""

from collections.abc import Iterable
from datetime import datetime

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.repositories.editions import NUMBERS, RETURNED, SOLD, EditionNumber, numbers_at
from common.repositories.stock_movements import Movement, find_movement
from common.stock_alerts import raise_alert


def sold_by(channel: str, event_ids: Iterable[str], sku: str) -> tuple[int, ...]:
    """The numbers that these events of a channel took of a SKU, by one consistent read for each event."""
    return tuple(number for it in _movements(channel, event_ids, sku) for number in it.numbers or ())


def take_numbers_back(
    work: UnitOfWork,
    channel: str,
    event_ids: Iterable[str],
    sku: str,
    pieces: int,
    now: datetime,
) -> None:
    """Says of the last `pieces` numbers that these events took, and still have, that they are back.

    An alert asks which ones came back where fewer are known: of a return that names no sale, and of pieces
    that were sold without a number.
    """
    found = _held(_movements(channel, event_ids, sku), channel)[-pieces:] if pieces else []
    for row in found:
        NUMBERS.change(work, row, row.become(RETURNED, iso(now), f"Cancelled or returned on {channel}"))
    if len(found) < pieces:
        raise_alert(
            work,
            type="manual_review",
            sku=sku,
            message=f"{pieces - len(found)} of {sku}, an edition, came back from {channel}: say which",
            now=now,
        )


def _movements(channel: str, event_ids: Iterable[str], sku: str) -> list[Movement]:
    found = (find_movement(channel, event_id, sku) for event_id in event_ids)
    return [movement for movement in found if movement is not None]


def _held(movements: Iterable[Movement], channel: str) -> list[EditionNumber]:
    """The numbers of these sales that their buyers still have, lowest first."""
    taken = {
        (movement.variant_id, number): movement.event_id
        for movement in movements
        if movement.variant_id is not None
        for number in movement.numbers or ()
    }
    rows = numbers_at((variant or 0, number) for variant, number in taken)
    held = [
        row
        for row in rows
        if row.state == SOLD
        and row.owner is not None
        and (row.owner.source, row.owner.event_id) == (channel, taken[row.variant_id, row.number])
    ]
    return sorted(held, key=lambda row: row.number)
