"""What is kept of a SKU whether or not a variant has it: its buffer and what the channels were told.

`SKU#{sku}/METADATA` holds `physical` only for a SKU without a variant; the count of any other is the
stock of its variant, in the listing row of the product.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from common import prefixes
from common.clock import iso
from common.dynamodb import (
    ConditionFailed,
    Item,
    Key,
    Query,
    UnitOfWork,
    Update,
    attr,
    batch_get,
    fetch_all,
    index_keys,
    update_item,
)


@dataclass(frozen=True, slots=True)
class Broadcast:
    """The quantity that a channel was last told, in which transaction and when (ISO 8601 UTC)."""

    count: int
    transaction_id: str
    at: str


@dataclass(frozen=True, slots=True)
class SkuRow:
    """The row of a SKU; `physical` None where it has no count of its own, `buffer` where nobody set one."""

    sku: str
    buffer: int | None = None
    physical: int | None = None
    last_broadcast: Mapping[str, Broadcast] = field(default_factory=dict)
    asin: str | None = None
    version: int = 0
    updated_at: str | None = None


def sku_partition(sku: str) -> str:
    """The partition key that everything of one SKU is under."""
    return f"{prefixes.SKU}#{sku}"


def sku_key(sku: str) -> Key:
    """The key of a SKU's row."""
    return sku_partition(sku), "METADATA"


def sku_from_item(item: Item) -> SkuRow:
    """The SKU that a row holds."""
    told = item.get("last_broadcast", {})
    return SkuRow(
        sku=item["sku"],
        buffer=item.get("buffer"),
        physical=item.get("physical"),
        last_broadcast={channel: Broadcast(**value) for channel, value in told.items()},
        asin=item.get("asin"),
        version=int(item.get("version", 0)),
        updated_at=item.get("updated_at"),
    )


def sku_rows(skus: Iterable[str]) -> dict[str, SkuRow]:
    """The rows of these SKUs that there are, by one consistent batch read for each hundred."""
    found = batch_get((sku_key(sku) for sku in skus), consistent=True)
    return {row["sku"]: sku_from_item(row) for row in found.values()}


def every_sku_row() -> list[SkuRow]:
    """All rows of SKUs, by their SKU."""
    return [sku_from_item(item) for item in fetch_all(Query(prefixes.SKU, index="GSI1"))]


def skus_of_asin(asin: str) -> list[SkuRow]:
    """The SKUs that are sold under an ASIN."""
    return [sku_from_item(item) for item in fetch_all(Query(_asin_partition(asin), index="GSI2"))]


def touched(sku: str, now: datetime) -> Update:
    """The part of every update of a SKU's row: what makes it one, its time and version."""
    update = Update().set("sku", sku).set("updated_at", iso(now)).add("version", 1)
    for name, value in index_keys("GSI1", prefixes.SKU, sku).items():
        update.set(name, value)
    return update


def set_buffer(work: UnitOfWork, sku: str, quantity: int, now: datetime) -> None:
    """Keeps `quantity` pieces of a SKU back from the channels; leaves all else of it as it is."""
    work.update(sku_key(sku), touched(sku, now).set("buffer", quantity))


def set_asin(sku: str, asin: str, now: datetime) -> str:
    """Says under which ASIN a SKU is sold; answers since when (ISO 8601 UTC). Repeating writes nothing."""
    update = touched(sku, now).set("asin", asin).set("mapped_at", iso(now))
    for name, value in index_keys("GSI2", _asin_partition(asin), sku).items():
        update.set(name, value)
    try:
        # Lets the first of many repetitions write: whoever maps SKUs sends all of them again and again.
        update_item(sku_key(sku), update, condition=attr("asin").ne(asin))
    except ConditionFailed as same:
        return str((same.item or {}).get("mapped_at", iso(now)))
    return iso(now)


def record_broadcast(sku: str, channel: str, count: int, transaction_id: str, now: datetime) -> bool:
    """Records that a channel accepted `count` of a SKU at `now`; False when a later one is recorded."""
    told = {"count": count, "transaction_id": transaction_id, "at": iso(now)}
    place = ("last_broadcast", channel)
    has_place = attr("last_broadcast").exists()
    # Stops a worker that was held up from recording its older number over a newer one.
    is_newer = attr(*place).missing() | attr(*place, "at").le(iso(now))
    for _ in range(2):
        try:
            update = touched(sku, now).set(place, told)
            update_item(sku_key(sku), update, condition=has_place & is_newer)
        except ConditionFailed as refused:
            if refused.item is not None and "last_broadcast" in refused.item:
                return False
            # Keeps what another channel records at the same moment: only a missing map is made.
            update_item(sku_key(sku), touched(sku, now).set_default("last_broadcast", {}))
        else:
            return True
    return False


def _asin_partition(asin: str) -> str:
    return f"{prefixes.SKU_ASIN}#{asin}"
