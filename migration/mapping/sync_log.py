"""`etsy_inventory_sync_log`: what the synchronisation of stock with Etsy did."""

from typing import Any

from common.clock import iso
from common.dynamodb import Item
from etsy_sync.repositories.sync_log import (
    ENTRIES,
    ETSY,
    FAILED,
    NEITHER,
    PULL,
    PUSH,
    SKIPPED,
    SUCCESS,
    SyncEntry,
    expiry_of,
)
from migration.mapping.channels import channel_entity
from migration.mapping.entity import RecordId
from migration.mapping.records import Context, Record, Row
from migration.schema.columns import ELSEWHERE, NOW, Column, Table, long_text, moment, text, whole
from migration.schema.conversions import id_of

_ERROR = "error"
_ACTIONS = {PUSH: "push_to_etsy", PULL: "pull_from_etsy", NEITHER: "no_change"}

# Which way a quantity went says which of the two is the old one.
TABLE = Table(
    "etsy_inventory_sync_log",
    (
        Column("id", "serial", becomes=ELSEWHERE),
        Column("etsy_listing_id", "bigint", becomes="listing_id", is_key=True),
        whole("local_variant_id", null=True, references="product_variants", becomes="variant_id"),
        whole("etsy_quantity", becomes=ELSEWHERE),
        whole("local_quantity", becomes=ELSEWHERE),
        whole("quantity_diff", becomes=ELSEWHERE),
        text("sync_action", 50, becomes=ELSEWHERE),
        text("sync_result", 50, becomes=ELSEWHERE),
        long_text("error_message"),
        moment("synced_at", default=NOW),
    ),
    "SYNC_LOG#{id} / METADATA",
    fills_gaps=True,
)


def _item(values: dict[str, Any], record: Record, context: Context) -> Item:
    row = {name: value for name, value in record.row(TABLE.name).items() if value is not None}
    action, result = row.get("sync_action", _ACTIONS[NEITHER]), row.get("sync_result", SUCCESS)
    there, here = row.get("etsy_quantity", 0), row.get("local_quantity", 0)
    direction = _direction(action)
    difference = row.get("quantity_diff", here - there)
    entry = SyncEntry(
        **values,
        id=str(record.id),
        channel=ETSY,
        sync_type="inventory",
        direction=direction,
        old_quantity=here if direction == PULL else there,
        new_quantity=there if direction == PULL else here,
        difference=None if difference == here - there else difference,
        status=_status(result),
        action=action,
        result=result,
        # Counted from the move for what is older, so that nothing is gone on arrival.
        expires_at=expiry_of(max(values["synced_at"], iso(context.as_of))),
    )
    return ENTRIES.item(entry)


def _row(item: Item) -> Row:
    """The entry with the columns that say something else than its attributes."""
    old, new = item.get("old_quantity", 0), item.get("new_quantity", 0)
    there, here = (new, old) if item["direction"] == PULL else (old, new)
    status = _ERROR if item["status"] == FAILED else item["status"]
    return {
        **item,
        "id": int(item["id"]) if item["id"].isdecimal() else None,
        "etsy_quantity": there,
        "local_quantity": here,
        "quantity_diff": item.get("difference", here - there),
        "sync_action": item.get("action", _ACTIONS.get(item["direction"], _ACTIONS[NEITHER])),
        "sync_result": item.get("result", status),
    }


def _status(result: str) -> str:
    """The word that the list of the log is asked by; what says none of them stands in the whole list only."""
    word = result.strip().lower()
    if word == _ERROR:
        return FAILED
    return word if word in (SUCCESS, FAILED, SKIPPED) else result


def _direction(action: str) -> str:
    return next((way for way in (PUSH, PULL) if action.strip().lower().startswith(way)), NEITHER)


def _record_of(item: Item) -> RecordId | None:
    """The record of an entry; the old database has no place for other channels' entries."""
    if not item["PK"].startswith("SYNC_LOG#") or item["channel"] != ETSY:
        return None
    return id_of(str(item["id"]))


SYNC_LOG = channel_entity(TABLE, _record_of, _item, _row)
