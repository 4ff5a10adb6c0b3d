"""Alerts about stock: their type, keys, and how they are read and marked.

Each is found newest first by whether it was read (GSI1), by its severity (GSI2) and by its SKU (GSI3).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from common import prefixes
from common.clock import iso
from common.dynamodb import ConditionFailed, Index, Query, Update, attr, count, sort_key, update_item
from common.dynamodb.rows import Rows

AlertType = Literal["return_damaged", "return_unsellable", "stock_low", "sync_failed", "manual_review"]
AlertSeverity = Literal["info", "warning", "critical"]

SEVERITIES: tuple[str, ...] = get_args(AlertSeverity)


@dataclass(frozen=True, slots=True)
class Alert:
    """Something about the stock that somebody has to look at; times in ISO 8601 UTC."""

    id: str
    type: str
    severity: str
    sku: str
    message: str
    created_at: str
    is_read: bool = False
    read_at: str | None = None

    @property
    def reading(self) -> str:
        """Whether it is read, as the key of its list says it."""
        return _word(is_read=self.is_read)


def _word(*, is_read: bool) -> str:
    return "true" if is_read else "false"


_BY_READING: Index[Alert] = Index("GSI1", prefixes.STOCK_ALERT_READ + "#{reading}", "{created_at}#{id}")
_BY_SEVERITY: Index[Alert] = Index("GSI2", prefixes.STOCK_ALERT_SEVERITY + "#{severity}", "{created_at}#{id}")
_BY_SKU: Index[Alert] = Index("GSI3", prefixes.STOCK_ALERT_SKU + "#{sku}", "{created_at}#{id}")

ALERTS = Rows(
    Alert,
    "Alert",
    key=prefixes.STOCK_ALERT + "#{id}",
    indexes=(_BY_READING, _BY_SEVERITY, _BY_SKU),
)


def unread_alerts(limit: int, cursor: str | None = None) -> list[Alert]:
    """The newest alerts that nobody has read, or those behind a cursor; InvalidCursor."""
    return _read(_of_reading(is_read=False), limit, cursor)


def cursor_behind_unread(alert: Alert) -> str:
    """The cursor of the unread alerts that are older than this one."""
    return ALERTS.cursor_behind(_of_reading(is_read=False), alert)


def alerts_since(moment: str, severities: Iterable[str]) -> list[Alert]:
    """Those of these severities created from a moment (ISO 8601 UTC) on, by one query of GSI2 for each."""
    known = [each for each in SEVERITIES if each in set(severities)]
    queries = (_BY_SEVERITY.query(severity=each, sort=sort_key().ge(moment)) for each in known)
    return [alert for query in queries for alert in ALERTS.all(query)]


def number_of_unread_alerts() -> int:
    """How many alerts nobody has read."""
    return count(_of_reading(is_read=False))


def alerts_of_severity(severity: str, limit: int, cursor: str | None = None) -> list[Alert]:
    """The newest alerts of a severity, read or not, or those behind a cursor; InvalidCursor."""
    return _read(_of_severity(severity), limit, cursor)


def cursor_behind_severity(alert: Alert) -> str:
    """The cursor of the alerts of the same severity that are older than this one."""
    return ALERTS.cursor_behind(_of_severity(alert.severity), alert)


def alerts_of_sku(sku: str, limit: int) -> list[Alert]:
    """The newest alerts about a SKU, read or not."""
    return ALERTS.all(_BY_SKU.query(sku=sku, descending=True), limit=limit)


def mark_alert_read(alert_id: str, now: datetime) -> bool:
    """Marks an alert as read, which it stays; False when there is none."""
    update = Update().set("is_read", True).set_default("read_at", iso(now))
    try:
        update_item(
            ALERTS.key(alert_id),
            _BY_READING.moved(update, reading=_word(is_read=True)),
            # Stops the id of no alert from making a row that has nothing but a read mark.
            condition=attr("PK").exists(),
        )
    except ConditionFailed:
        return False
    return True


def _of_reading(*, is_read: bool) -> Query:
    return _BY_READING.query(reading=_word(is_read=is_read), descending=True)


def _of_severity(severity: str) -> Query:
    return _BY_SEVERITY.query(severity=severity, descending=True)


def _read(query: Query, limit: int, cursor: str | None = None) -> list[Alert]:
    return ALERTS.page(query, limit, cursor)[0]
