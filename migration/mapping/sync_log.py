"""`etsy_inventory_sync_log`: what the synchronisation of stock with Etsy did."""

from collections.abc import Sequence

from common.clock import iso
from common.dynamodb import Item
from etsy_sync.repositories.sync_log import (
    ETSY,
    FAILED,
    NEITHER,
    PULL,
    PUSH,
    SKIPPED,
    SUCCESS,
    SyncEntry,
    entry_item,
    expiry_of,
)
from migration.mapping.entity import Entity, RecordId
from migration.mapping.records import Context, Record, Row
from migration.mapping.source_rows import SourceRow, timestamp, without_absent

LOG = "etsy_inventory_sync_log"

_ERROR = "error"
_ACTIONS = {PUSH: "push_to_etsy", PULL: "pull_from_etsy", NEITHER: "no_change"}


def _items(record: Record, context: Context) -> list[Item]:
    row = SourceRow(LOG, record.row(LOG), context)
    action, result = row.need("sync_action", _ACTIONS[NEITHER]), row.need("sync_result", SUCCESS)
    there, here = row.need("etsy_quantity", 0), row.need("local_quantity", 0)
    direction = _direction(action)
    difference = row.need("quantity_diff", here - there)
    synced_at = row.needed_time("synced_at")
    entry = SyncEntry(
        id=str(record.id),
        channel=ETSY,
        listing_id=row.key("etsy_listing_id"),
        variant_id=row.get("local_variant_id"),
        sync_type="inventory",
        direction=direction,
        old_quantity=here if direction == PULL else there,
        new_quantity=there if direction == PULL else here,
        difference=None if difference == here - there else difference,
        status=_status(result),
        action=action,
        result=result,
        error_message=row.get("error_message"),
        synced_at=synced_at,
        # Counted from the move for what is older, so that nothing is gone on arrival.
        expires_at=expiry_of(max(synced_at, iso(context.as_of))),
    )
    return [row.remembering(entry_item(entry))]


def _rows(items: Sequence[Item]) -> dict[str, list[Row]]:
    return {LOG: [without_absent(item, _row(item)) for item in items]}


def _row(item: Item) -> Row:
    old, new = item.get("old_quantity", 0), item.get("new_quantity", 0)
    there, here = (new, old) if item["direction"] == PULL else (old, new)
    return {
        "id": int(item["id"]) if item["id"].isdecimal() else None,
        "etsy_listing_id": item["listing_id"],
        "local_variant_id": item.get("variant_id"),
        "etsy_quantity": there,
        "local_quantity": here,
        "quantity_diff": item.get("difference", here - there),
        "sync_action": item.get("action", _ACTIONS.get(item["direction"], _ACTIONS[NEITHER])),
        "sync_result": item.get("result", _ERROR if item["status"] == FAILED else item["status"]),
        "error_message": item.get("error_message"),
        "synced_at": timestamp(item["synced_at"]),
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
    entry_id = str(item["id"])
    return int(entry_id) if entry_id.isdecimal() else entry_id


SYNC_LOG = Entity(name=LOG, table=LOG, items=_items, rows=_rows, record_of=_record_of)
