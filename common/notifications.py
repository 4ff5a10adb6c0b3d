"""Notifications for the administrator, written in the transaction of what they tell of."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from common import config
from common.clock import epoch, iso
from common.dynamodb import UnitOfWork
from common.repositories.notifications import NOTIFICATIONS, Notification, NotificationType, Severity

RETENTION = timedelta(days=90)
LOW_STOCK_THRESHOLD = 3
LONGEST_TITLE = 200
LONGEST_MESSAGE = 500

_SEVERITY: Mapping[str, Severity] = {
    "order_created": "info",
    "order_paid": "info",
    "payment_failed": "error",
    "low_stock": "warning",
    "order_shipped": "info",
    "order_refunded": "info",
    "system": "info",
}


def notify(
    work: UnitOfWork,
    *,
    type: NotificationType,  # noqa: A002 (the field's name everywhere else)
    title: str,
    message: str,
    now: datetime,
    severity: Severity | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> None:
    """Adds an unread notification to `work`, so that it is stored with what it tells of or not at all.

    `severity` is by default what the type usually means: info, low stock a warning, a failed payment an
    error. Title and message name orders, works and amounts, never a customer; beyond 200 and 500
    characters they are cut. `metadata` is small and storable: ids, numbers, short texts. The notification
    expires 90 days after `now`.
    """
    moment = iso(now)
    notification = Notification(
        id=str(uuid4()),
        type=type,
        title=_cut(title, LONGEST_TITLE),
        message=_cut(message, LONGEST_MESSAGE),
        severity=severity or usual_severity(type),
        created_at=moment,
        updated_at=moment,
        expires_at=epoch(now + RETENTION),
        metadata=dict(metadata or {}),
    )
    NOTIFICATIONS.put(work, notification)


def usual_severity(type_word: str) -> Severity:
    """What a notification of this type usually means; info for a type of another shop."""
    return _SEVERITY.get(type_word, "info")


def low_stock_threshold() -> int:
    """`LOW_STOCK_THRESHOLD`: a stock that falls to this number or below is low; default 3.

    0 means sold out only. ConfigurationError for anything but a whole number.
    """
    text = config.setting("LOW_STOCK_THRESHOLD", str(LOW_STOCK_THRESHOLD))
    if not (text.isascii() and text.isdigit()):
        raise config.ConfigurationError(f"LOW_STOCK_THRESHOLD must be a whole number, not {text!r}")
    return int(text)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
