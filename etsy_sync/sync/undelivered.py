"""Tells the artist of SKUs that could not be brought to a channel, however often it was tried.

They wait in the dead-letter queue of the queue that `STOCK_QUEUE_URL` names.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from common import config, once, prefixes
from common.dynamodb import UnitOfWork
from common.once import AlreadyDone, Marks
from common.sqs import get_client
from common.stock_alerts import raise_alert
from etsy_sync.adapters.runs import RunResult
from etsy_sync.sync.consuming import Message, by_sku
from etsy_sync.sync.receiving import receive, remove

# Which messages the artist was told of. The dead-letter queue keeps one for 14 days.
TOLD = Marks(prefixes.DEAD_LETTER, timedelta(days=15))

TEXT = "Not every channel could be told of the stock of {sku}; the inventory job tries again"
# Waiting, SQS looks for messages everywhere; it has to be over before the client gives up.
WAIT_S = 1
# Of ten messages each; more than a run has time for is left to the next one.
MOST_BATCHES = 30


def dead_letters() -> str:
    """The address of the dead-letter queue; empty where there is no queue."""
    queue = config.setting("STOCK_QUEUE_URL")
    return f"{queue}-dead" if queue else ""


def report_all(url: str, now: datetime) -> RunResult:
    """Raises the alerts for what waits in the dead-letter queue `url`, and takes it out.

    Raises botocore's errors when the queue cannot be asked; what was told is not told again.
    """
    done = RunResult()
    for _ in range(MOST_BATCHES):
        messages = receive(get_client(), url, WAIT_S)
        if not messages:
            return done
        done.counts.update(report_undelivered(messages, now))
        remove(get_client(), url, messages)
    done.is_cut_short = True
    return done


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
