"""Reminds the shop of withdrawals whose money is soon due, once each."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.logging import describe_exception, logger
from common.notifications import notify
from common.optimistic import retry_when_stale
from common.repositories.withdrawals import WITHDRAWALS, Withdrawal, due_withdrawals

# Time enough to see whether the goods have come, and to pay.
BEFORE = timedelta(days=3)


def remind(now: datetime) -> tuple[Counter[str], list[str]]:
    """Tells the administrator of each open withdrawal whose money is due within three days of `now`.

    Once each, by one query where there are none. Answers how many were told of, and what failed.
    """
    counts: Counter[str] = Counter()
    errors = []
    for withdrawal in due_withdrawals(iso(now + BEFORE)):
        try:
            counts["reminded"] += retry_when_stale(partial(_remind, withdrawal, now))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others are not to wait
            fields = {"order": withdrawal.order_number, **describe_exception(error)}
            logger().error("withdrawal not reminded of", extra=fields)
            errors.append(f"{withdrawal.order_number}: no reminder of its withdrawal; the log says more")
    return +counts, errors


def _remind(due: Withdrawal, now: datetime) -> bool:
    standing = WITHDRAWALS.get(due.order_id, due.number)
    if standing is None or not standing.is_open or standing.reminded_at is not None:
        return False
    with UnitOfWork() as work:
        # Stops two runs at the same moment from telling twice, and a reminder of what was just refunded.
        WITHDRAWALS.change(work, standing, replace(standing, reminded_at=iso(now)))
        notify(
            work,
            type="system",
            severity="error",
            title=f"Money of a withdrawal is due: {due.order_number}",
            message=f"The money of a withdrawal from order {due.order_number} has to be back by "
            f"{due.refund_due_at}",
            metadata={
                "order_id": due.order_id,
                "order_number": due.order_number,
                "withdrawal": due.number,
            },
            now=now,
        )
    return True
