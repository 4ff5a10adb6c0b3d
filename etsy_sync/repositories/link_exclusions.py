"""What an administrator has unlinked by hand, so that nothing links it again by its SKU.

A row is found by the channel's target and the SKU, which is empty where the whole target is meant; GSI2
holds all of a channel.
"""

from datetime import datetime

from common import prefixes
from common.clock import iso
from common.dynamodb import Key, Query, UnitOfWork, fetch_all, index_keys


def exclusion_key(channel: str, target: str, sku: str) -> Key:
    """The key of something that was unlinked."""
    return f"{prefixes.UNLINKED}#{channel}#{target}", sku or "METADATA"


def exclude_from_linking(work: UnitOfWork, channel: str, target: str, sku: str, now: datetime) -> None:
    """Says that a target, or one SKU of it, is linked by hand or not at all."""
    pk, sk = exclusion_key(channel, target, sku)
    placed = index_keys("GSI2", f"{prefixes.UNLINKED}#{channel}", f"{target}#{sku}")
    work.put({"PK": pk, "SK": sk, **placed, "target": target, "sku": sku, "created_at": iso(now)})


def allow_linking(work: UnitOfWork, channel: str, target: str, sku: str) -> None:
    """Forgets that it was unlinked."""
    work.delete(exclusion_key(channel, target, sku))


def excluded_from_linking(channel: str) -> frozenset[tuple[str, str]]:
    """Every target of a channel that was unlinked with its SKU, by one query of GSI2."""
    query = Query(f"{prefixes.UNLINKED}#{channel}", index="GSI2", select=("target", "sku"))
    return frozenset((item["target"], item["sku"]) for item in fetch_all(query))
