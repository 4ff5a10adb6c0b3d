"""The one rule of low stock: what a change takes from above the threshold to it or below is told of, once.

Whoever makes a count fall calls `notify_low_stock` in the transaction of the change. Because that transaction
holds only while the count is on the side of the threshold on which it was read, of many changes at once
exactly one crosses it.
"""

from collections.abc import Sequence
from datetime import datetime

from common import prefixes
from common.dynamodb import UnitOfWork
from common.dynamodb.transaction import MAX_ACTIONS
from common.notifications import low_stock_threshold, notify
from common.repositories.stock import Shelf, falls_low
from common.stock_alerts import raise_alert

Fall = tuple[Shelf, int, str]
"""A count as it was read, how many pieces come to it (negative: go), and what it is called."""


def notify_low_stock(work: UnitOfWork, changes: Sequence[Fall], now: datetime) -> None:
    """Adds an alert for each of these counts that becomes low, and one notification that names them all.

    Add it last: where the transaction has no room for so many, as with a large order, one alert tells of
    all of them.
    """
    low = low_stock_threshold()
    fallen = [each for each in changes if falls_low(each[0].seen, each[0].seen + each[1], low)]
    if not fallen:
        return
    _notify(work, fallen, now)
    if len(fallen) > MAX_ACTIONS - len(work):
        raise_alert(work, type="stock_low", sku=_called(fallen[0][0]), message=_text(fallen), now=now)
        return
    for each in fallen:
        raise_alert(work, type="stock_low", sku=_called(each[0]), message=_text([each]), now=now)


def _notify(work: UnitOfWork, fallen: Sequence[Fall], now: datetime) -> None:
    left = {shelf: shelf.seen + delta for shelf, delta, _ in fallen}
    notify(
        work,
        type="low_stock",
        title="Low stock",
        message=_text(fallen),
        metadata={
            "variants": {str(it.variant_id): pieces for it, pieces in left.items() if it.is_of_variant},
            "skus": {it.sku: pieces for it, pieces in left.items() if it.sku},
        },
        now=now,
    )


def _called(shelf: Shelf) -> str:
    return shelf.sku or f"{prefixes.VARIANT}#{shelf.variant_id}"


def _text(fallen: Sequence[Fall]) -> str:
    return "; ".join(f"{name}: {shelf.seen + delta} left" for shelf, delta, name in fallen)
