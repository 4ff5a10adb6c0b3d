"""What synchronisation with the channels did: one entry for each attempt, kept for 90 days.

GSI1 holds the entries of one listing, GSI2 all of them, both by time.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from common import prefixes
from common.clock import epoch, parse_iso
from common.dynamodb import Index, Query, attr, count
from common.dynamodb.rows import Rows

KEPT = timedelta(days=90)

ETSY = "etsy"
PUSH, PULL, NEITHER = "push", "pull", "none"
SUCCESS, FAILED, SKIPPED = "success", "failed", "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncEntry:
    """One attempt; `synced_at` in ISO 8601 UTC, `expires_at` in epoch seconds.

    `listing_id` is the channel's id of what was synchronised, a number for a listing on Etsy.
    `sync_type` is what was synchronised (inventory, product, receipt). `direction` is `push` to the
    channel, `pull` from it, or `none`; `old_quantity` is what the side written to had, `new_quantity`
    what the other side has. `action` and `result` are the old database's words for both, and `difference`
    its shop quantity less the channel's where the two quantities do not give it.
    """

    id: str
    channel: str
    listing_id: int | str
    sync_type: str
    direction: str
    status: str
    synced_at: str
    expires_at: int
    variant_id: int | None = None
    sku: str | None = None
    old_quantity: int | None = None
    new_quantity: int | None = None
    error_message: str | None = None
    action: str | None = None
    result: str | None = None
    difference: int | None = None


_OF_LISTING = Index[SyncEntry]("GSI1", prefixes.SYNC_LOG + "#{channel}#{listing_id}", "{synced_at}#{id}")
_ALL = Index[SyncEntry]("GSI2", prefixes.SYNC_LOG, "{synced_at}#{id}")

ENTRIES = Rows(
    SyncEntry,
    "Entry",
    key=prefixes.SYNC_LOG + "#{id}",
    indexes=(_OF_LISTING, _ALL),
)


def expiry_of(synced_at: str) -> int:
    """When an entry of this time (ISO 8601 UTC) is dropped, in epoch seconds."""
    return epoch(parse_iso(synced_at) + KEPT)


def entries_between(
    first: int,
    last: int,
    *,
    now: int | None = None,
    channel: str = ETSY,
    listing_id: int | str | None = None,
    status: str | None = None,
) -> tuple[list[SyncEntry], int]:
    """The entries of one channel from place `first` to before `last`, newest first, and how many there are.

    Of one listing and of one status where they are given; counting reads all of them. `now` in epoch
    seconds decides what has expired.
    """
    wanted = attr("channel").eq(channel)
    if status is not None:
        wanted &= attr("status").eq(status)
    query = replace(_query(channel, listing_id), where=wanted)
    return ENTRIES.all(query, limit=last, now=now)[first:], count(query, now=now)


def _query(channel: str, listing_id: int | str | None) -> Query:
    if listing_id is None:
        return _ALL.query(descending=True)
    return _OF_LISTING.query(channel=channel, listing_id=listing_id, descending=True)
