"""Alerts about stock, written in the transaction of what they tell of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.dynamodb.transaction import MAX_ACTIONS
from common.repositories.stock_alerts import Alert, AlertSeverity, AlertType, add_alert

LONGEST_MESSAGE = 500

_SEVERITY: Mapping[AlertType, AlertSeverity] = {
    "return_damaged": "critical",
    "return_unsellable": "warning",
    "stock_low": "warning",
    "sync_failed": "critical",
    "manual_review": "critical",
}


@dataclass(frozen=True, slots=True)
class Low:
    """A SKU that has become low: what it is called and how many pieces are left."""

    sku: str
    name: str
    left: int

    @property
    def text(self) -> str:
        """What is told of it."""
        return f"{self.name}: {self.left} left"


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
    add_alert(work, alert)
    return alert


def tell_low(work: UnitOfWork, fallen: Sequence[Low], now: datetime) -> None:
    """Adds an alert for each SKU that has just become low.

    Where the transaction has no room for so many, as with a large order, one alert tells of all of them.
    """
    if len(fallen) > MAX_ACTIONS - len(work):
        together = "; ".join(each.text for each in fallen)
        raise_alert(work, type="stock_low", sku=fallen[0].sku, message=together, now=now)
        return
    for each in fallen:
        raise_alert(work, type="stock_low", sku=each.sku, message=each.text, now=now)
