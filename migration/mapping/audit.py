"""Audit log entries: a row for each."""

from common.audit import RETENTION
from common.dynamodb import Item
from common.repositories.audit import AUDIT, AuditEntry
from migration.mapping.entity import Entity, RecordId
from migration.mapping.reading import attributes, expires_at, one_row_each
from migration.mapping.records import Context, Record, Row
from migration.schema.columns import CREATED, ELSEWHERE, Column, Table, json, text, whole
from migration.schema.conversions import FOREIGN_ID, OWN_ID, id_of

TABLE = Table(
    "audit_logs",
    (
        Column("id", "serial", convert=OWN_ID),
        whole("user_id", null=True, earlier="actor", convert=FOREIGN_ID),
        text("action", 100),
        text("entity_type", 100),
        whole("entity_id", null=True, convert=FOREIGN_ID),
        json("changes", earlier="diff"),
        text("ip_address", 50, null=True, becomes=ELSEWHERE),
        CREATED,
    ),
    "AUDIT#{day}#{id} / METADATA",
)


def _items(record: Record, context: Context) -> list[Item]:
    """The row of an entry; the address that it came from is part of its metadata."""
    row = record.row(TABLE.name)
    address = row.get("ip_address")
    entry = AuditEntry(
        **attributes(TABLE, row, context),
        expires_at=expires_at(row, ("created_at",), RETENTION, context),
        metadata=None if address is None else {"ip_address": address},
    )
    return [AUDIT.item(entry)]


def _address(item: Item) -> Row:
    return {"ip_address": item.get("metadata", {}).get("ip_address")}


def _record_of(item: Item) -> RecordId | None:
    """The id of the entry that an item is the row of; a text where it is no number."""
    return id_of(item["id"]) if item["PK"].startswith("AUDIT#") else None


AUDIT_LOGS = Entity(
    name=TABLE.name,
    table=TABLE.name,
    items=_items,
    rows=one_row_each(TABLE, _record_of, _address),
    record_of=_record_of,
)
