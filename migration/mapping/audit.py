"""Audit log entries: a row for each."""

from collections.abc import Sequence

from common.audit import RETENTION
from common.dynamodb import Item
from common.repositories.audit import AuditEntry, audit_item
from common.repositories.stored_json import from_stored
from migration.mapping import restoring
from migration.mapping.entity import Entity, RecordId
from migration.mapping.reading import Columns
from migration.mapping.records import Context, Record, Row

TABLE = "audit_logs"
_PREFIX = "AUDIT#"


def items(record: Record, context: Context) -> list[Item]:
    """The row of an entry; the address that it came from is part of its metadata."""
    columns = Columns(TABLE, record.row(TABLE), context)
    address = columns.get("ip_address")
    entry = AuditEntry(
        id=str(columns.required("id")),
        entity_type=columns.required("entity_type"),
        entity_id=_text(columns.get("entity_id")),
        user_id=_text(columns.get("user_id")),
        action=columns.required("action"),
        created_at=columns.created_at(),
        expires_at=columns.expires_at("created_at", RETENTION),
        changes=columns.get("changes"),
        metadata=None if address is None else {"ip_address": address},
    )
    return [audit_item(entry)]


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def rows(stored: Sequence[Item]) -> dict[str, list[Row]]:
    """The row of PostgreSQL behind the item of an entry; its id is a text where it is no number."""
    return {TABLE: [_row(item) for item in stored if record_of(item) is not None]}


def _row(item: Item) -> Row:
    return {
        "id": restoring.id_of(item["id"]),
        **restoring.plain(item, ("action", "entity_type")),
        "user_id": restoring.number(item.get("user_id")),
        "entity_id": restoring.number(item.get("entity_id")),
        "changes": from_stored(item.get("changes")),
        "ip_address": item.get("metadata", {}).get("ip_address"),
        **restoring.times(item, "created_at"),
    }


def record_of(item: Item) -> RecordId | None:
    """The id of the entry that an item is the row of."""
    return restoring.id_of(item["id"]) if item["PK"].startswith(_PREFIX) else None


AUDIT_LOGS = Entity(name=TABLE, table=TABLE, items=items, rows=rows, record_of=record_of)
