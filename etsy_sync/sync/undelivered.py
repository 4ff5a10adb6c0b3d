"""Tells the artist of SKUs that could not be brought to a channel, however often it was tried."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from common import once, prefixes
from common.dynamodb import UnitOfWork
from common.once import AlreadyDone, Marks
from common.stock_alerts import raise_alert
from etsy_sync.sync.consuming import Message, by_sku

# Which messages the artist was told of. The dead-letter queue keeps one for 14 days.
TOLD = Marks(prefixes.DEAD_LETTER, timedelta(days=15))

TEXT = "Not every channel could be told of the stock of {sku}; the inventory job tries again"


def report_undelivered(messages: Sequence[Message], now: datetime) -> Counter[str]:
    """Raises an alert for each SKU of messages, once for each message, however often it is received."""
    counts = Counter(messages=len(messages))
    for sku, those in by_sku(messages).items():
        counts["alerts"] += _tell(sku, [message.id for message in those], now)
    return counts


def _tell(sku: str, message_ids: Sequence[str], now: datetime) -> int:
    try:
        with UnitOfWork() as work:
            for message_id in message_ids:
                once.add(work, TOLD.of(message_id), now)
            raise_alert(work, type="sync_failed", sku=sku, message=TEXT.format(sku=sku), now=now)
    except AlreadyDone:
        if len(message_ids) == 1:
            return 0
        return sum(_tell(sku, [message_id], now) for message_id in message_ids)
    return 1
