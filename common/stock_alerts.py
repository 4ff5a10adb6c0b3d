"""Alerts about stock, written in the transaction of what they tell of."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.repositories.stock_alerts import ALERTS, Alert, AlertSeverity, AlertType

LONGEST_MESSAGE = 500

_SEVERITY: Mapping[AlertType, AlertSeverity] = {
    "return_damaged": "critical",
    "return_unsellable": "warning",
    "stock_low": "warning",
    "sync_failed": "critical",
    "manual_review": "critical",
}


def raise_alert(
    work: UnitOfWork,
    *,
    type: AlertType,  # noqa: A002 (the field's name everywhere else)
    sku: str,
    message: str,
    now: datetime,
    severity: AlertSeverity | None = None,
) -> Alert:
    """Adds an unread alert to `work`, so that it is stored with what it tells of or not at all.

    `severity` is by default what the type usually means. The message names SKUs and numbers, never a
    customer; beyond 500 characters it is cut.
    """
    alert = Alert(
        id=str(uuid4()),
        type=type,
        severity=severity or _SEVERITY[type],
        sku=sku,
        message=message if len(message) <= LONGEST_MESSAGE else f"{message[: LONGEST_MESSAGE - 1]}…",
        created_at=iso(now),
    )
    ALERTS.put(work, alert)
    return alert
