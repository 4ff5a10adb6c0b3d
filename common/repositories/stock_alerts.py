"""Alerts about stock: their type, keys, and how they are read and marked.

Each is found newest first by whether it was read (GSI1), by its severity (GSI2) and by its SKU (GSI3).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from common.clock import iso
from common.dynamodb import (
    ConditionFailed,
    Item,
    Key,
    Query,
    UnitOfWork,
    Update,
    attr,
    count,
    cursor_behind,
    fetch_page,
    index_keys,
    update_item,
)

AlertType = Literal["return_damaged", "return_unsellable", "stock_low", "sync_failed", "manual_review"]
AlertSeverity = Literal["info", "warning", "critical"]

SEVERITIES: tuple[str, ...] = get_args(AlertSeverity)

FIELDS = ("id", "type", "severity", "sku", "message", "is_read", "created_at", "read_at")


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


def alert_key(alert_id: str) -> Key:
    """The key of an alert."""
    return f"STOCK_ALERT#{alert_id}", "METADATA"


def alert_item(alert: Alert) -> Item:
    """The row of an alert."""
    pk, sk = alert_key(alert.id)
    position = f"{alert.created_at}#{alert.id}"
    values = {name: getattr(alert, name) for name in FIELDS}
    return {
        "PK": pk,
        "SK": sk,
        **index_keys("GSI1", _read_partition(is_read=alert.is_read), position),
        **index_keys("GSI2", _severity_partition(alert.severity), position),
        **index_keys("GSI3", f"STOCK_ALERT_SKU#{alert.sku}", position),
        **{name: value for name, value in values.items() if value is not None},
    }


def alert_from_item(item: Item) -> Alert:
    """The alert that a row holds."""
    return Alert(**{name: item[name] for name in FIELDS if name in item})


def add_alert(work: UnitOfWork, alert: Alert) -> None:
    """Adds an alert to the transaction of what it tells of."""
    work.put(alert_item(alert))


def unread_alerts(limit: int, cursor: str | None = None) -> list[Alert]:
    """The newest alerts that nobody has read, or those behind a cursor; InvalidCursor."""
    return _read(_of_reading(is_read=False), limit, cursor)


def cursor_behind_unread(alert: Alert) -> str:
    """The cursor of the unread alerts that are older than this one."""
    return cursor_behind(_of_reading(is_read=False), alert_item(alert))


def number_of_unread_alerts() -> int:
    """How many alerts nobody has read."""
    return count(_of_reading(is_read=False))


def alerts_of_severity(severity: str, limit: int, cursor: str | None = None) -> list[Alert]:
    """The newest alerts of a severity, read or not, or those behind a cursor; InvalidCursor."""
    return _read(_of_severity(severity), limit, cursor)


def cursor_behind_severity(alert: Alert) -> str:
    """The cursor of the alerts of the same severity that are older than this one."""
    return cursor_behind(_of_severity(alert.severity), alert_item(alert))


def alerts_of_sku(sku: str, limit: int) -> list[Alert]:
    """The newest alerts about a SKU, read or not."""
    return _read(Query(f"STOCK_ALERT_SKU#{sku}", index="GSI3", descending=True), limit)


def mark_alert_read(alert_id: str, now: datetime) -> bool:
    """Marks an alert as read, which it stays; False when there is none."""
    update = Update().set("is_read", True).set_default("read_at", iso(now))
    try:
        update_item(
            alert_key(alert_id),
            update.set("GSI1PK", _read_partition(is_read=True)),
            # Stops the id of no alert from making a row that has nothing but a read mark.
            condition=attr("PK").exists(),
        )
    except ConditionFailed:
        return False
    return True


def _read_partition(*, is_read: bool) -> str:
    return f"STOCK_ALERT_READ#{'true' if is_read else 'false'}"


def _severity_partition(severity: str) -> str:
    return f"STOCK_ALERT_SEVERITY#{severity}"


def _of_reading(*, is_read: bool) -> Query:
    return Query(_read_partition(is_read=is_read), index="GSI1", descending=True)


def _of_severity(severity: str) -> Query:
    return Query(_severity_partition(severity), index="GSI2", descending=True)


def _read(query: Query, limit: int, cursor: str | None = None) -> list[Alert]:
    return [alert_from_item(item) for item in fetch_page(query, limit, cursor).items]
