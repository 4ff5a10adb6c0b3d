"""Notifications: a row for each, read or not."""

from collections.abc import Sequence

from common.dynamodb import Item
from common.notifications import RETENTION, usual_severity
from common.repositories.notifications import SEVERITIES, Notification, notification_item
from common.repositories.stored_json import from_stored
from migration.mapping import restoring
from migration.mapping.entity import Entity, RecordId
from migration.mapping.reading import Columns
from migration.mapping.records import Context, Record, Row

TABLE = "notifications"
_PREFIX = "NOTIFICATION#"


def items(record: Record, context: Context) -> list[Item]:
    """The row of a notification."""
    columns = Columns(TABLE, record.row(TABLE), context)
    kind = columns.required("type")
    notification = Notification(
        id=str(columns.required("id")),
        type=kind,
        title=columns.required("title"),
        message=columns.get("message"),
        severity=_severity(columns, kind),
        created_at=columns.created_at(),
        updated_at=columns.updated_at(),
        expires_at=columns.expires_at("created_at", RETENTION),
        metadata=columns.get("metadata"),
        # An earlier schema said it by the time alone.
        is_read=columns.required("is_read", default=columns.get("read_at") is not None),
        read_at=columns.moment("read_at"),
    )
    return [notification_item(notification)]


def _severity(columns: Columns, kind: str) -> str:
    """What an earlier schema said of it; it follows from the type where it said nothing."""
    own = str(columns.get("severity") or "").strip().lower()
    return own if own in SEVERITIES else usual_severity(kind)


def rows(stored: Sequence[Item]) -> dict[str, list[Row]]:
    """The row of PostgreSQL behind the item of a notification; its id is a text where it is no number."""
    return {TABLE: [_row(item) for item in stored if record_of(item) is not None]}


def _row(item: Item) -> Row:
    return {
        "id": restoring.id_of(item["id"]),
        **restoring.plain(item, ("type", "title", "message", "is_read")),
        "metadata": from_stored(item.get("metadata")),
        **restoring.times(item, "read_at", "created_at", "updated_at"),
    }


def record_of(item: Item) -> RecordId | None:
    """The id of the notification that an item is the row of."""
    return restoring.id_of(item["id"]) if item["PK"].startswith(_PREFIX) else None


NOTIFICATIONS = Entity(name=TABLE, table=TABLE, items=items, rows=rows, record_of=record_of)
