"""The row that says whether the demo data is being loaded or is there."""

from datetime import datetime

from common.clock import iso, parse_iso
from common.dynamodb import ConditionFailed, Item, attr, batch_get, get_item, put_item

KEY = ("DEMO", "METADATA")

# Whoever ever created something in this shop has drawn an id from one of these.
COUNTERS = ("PRODUCT_ID", "CATEGORY_ID", "PERSONAGGIO_ID", "FUMETTO_ID")


def begin(now: datetime) -> datetime | None:
    """When the load that is to be done or completed began; None when there is nothing to do.

    That is so once a load was finished, and for a shop that has data of its own.
    """
    row = get_item(KEY, consistent=True)
    if row is None and _has_data():
        return None
    return _begun(row or _opened(now))


def finish(started: datetime, now: datetime) -> None:
    """Says that the load that began at `started` is complete."""
    put_item({**_row(started), "finished_at": iso(now)})


def _begun(row: Item) -> datetime | None:
    return None if "finished_at" in row else parse_iso(row["started_at"])


def _opened(now: datetime) -> Item:
    row = _row(now)
    try:
        # Stops two loads at once from having two beginnings, by which all dates are reckoned.
        put_item(row, condition=attr("PK").missing())
    except ConditionFailed as refused:
        return refused.item or row
    return row


def _row(started: datetime) -> Item:
    pk, sk = KEY
    return {"PK": pk, "SK": sk, "started_at": iso(started)}


def _has_data() -> bool:
    return bool(batch_get([("COUNTER", name) for name in COUNTERS], consistent=True))
