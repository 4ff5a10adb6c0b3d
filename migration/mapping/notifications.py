"""Notifications: a row for each, read or not."""

from common.dynamodb import Item
from common.notifications import RETENTION, usual_severity
from common.repositories.notifications import NOTIFICATIONS, SEVERITIES, TYPES, Notification
from migration.mapping.entity import Entity, RecordId
from migration.mapping.reading import attributes, expires_at, one_row_each
from migration.mapping.records import Context, Record, Row
from migration.schema.columns import CREATED, UPDATED, Column, Table, flag, json, long_text, moment, text
from migration.schema.conversions import OWN_ID, id_of
from migration.schema.vocabularies import Vocabulary

TABLE = Table(
    "notifications",
    (
        Column("id", "serial", convert=OWN_ID),
        # The list is asked for a type, and how severe one is follows from it; others are shown as they are.
        text("type", 50, words=Vocabulary(TYPES, is_open=True)),
        text("title", 500),
        long_text("message"),
        json("metadata", earlier="payload"),
        flag("is_read", default="false"),
        moment("read_at", null=True),
        CREATED,
        UPDATED,
    ),
    "NOTIFICATION#{id} / METADATA",
    given_up=(text("severity", 20, null=True),),
)


def _items(record: Record, context: Context) -> list[Item]:
    row = record.row(TABLE.name)
    values = attributes(TABLE, row, context)
    if row.get("is_read") is None:
        # An earlier schema said it by the time alone.
        values["is_read"] = values["read_at"] is not None
    notification = Notification(
        **values,
        severity=_severity(row),
        expires_at=expires_at(row, ("created_at",), RETENTION, context),
    )
    return [NOTIFICATIONS.item(notification)]


def _severity(row: Row) -> str:
    """What an earlier schema said of it; it follows from the type where it said nothing."""
    own = str(row.get("severity") or "").strip().lower()
    return own if own in SEVERITIES else usual_severity(row["type"])


def _record_of(item: Item) -> RecordId | None:
    """The id of the notification that an item is the row of; a text where it is no number."""
    return id_of(item["id"]) if item["PK"].startswith("NOTIFICATION#") else None


NOTIFICATIONS_ENTITY = Entity(
    name=TABLE.name,
    table=TABLE.name,
    items=_items,
    rows=one_row_each(TABLE, _record_of),
    record_of=_record_of,
)
