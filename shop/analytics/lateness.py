"""Telling the administrator that days wait to be summarised: that the job fails, or does not run.

No alarm waits for the job, because nothing is lost while it stands still: events are kept for 90 days, and
whoever looks at a day that nobody has summarised counts it. But somebody has to know before they are over.
"""

from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from common import once
from common.clock import iso
from common.dynamodb import UnitOfWork
from common.errors import ShopError
from common.logging import describe_exception, logger
from common.notifications import notify
from shop.repositories.analytics import TOLD

# Yesterday may wait until the job's next run, and today always does.
OPEN_DAYS = 3


def tell_if_late(open_days: int, now: datetime) -> None:
    """Tells it once a day where a creator has more open days than that."""
    if open_days > OPEN_DAYS:
        tell(f"{open_days} days of a creator wait to be summarised; is the job analytics running?", now)


def tell(message: str, now: datetime) -> None:
    """Notifies the administrator, once a day; that it cannot be stored fails nothing, and is in the log."""
    try:
        with UnitOfWork() as work:
            once.add(work, TOLD.of("late", iso(now)[:10]), now)
            notify(
                work,
                type="system",
                title="Analytics are not summarised",
                message=message,
                severity="warning",
                now=now,
            )
    except once.AlreadyDone:
        return
    except (ShopError, BotoCoreError, ClientError) as error:
        logger().warning("lateness not told", extra=describe_exception(error))
