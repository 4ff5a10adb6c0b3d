"""How far the synchronisation with each shop on a channel is: one row for each shop.

Each kind of run (product, inventory, receipt, order, return) is marked while it is under way, so that two
of a kind do not run at once, and its time moves only when it succeeded. `channel` is `etsy` unless named.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from common import prefixes
from common.clock import iso
from common.dynamodb import Key, Update, get_item, update_item
from common.dynamodb.rows import Rows
from common.leases import Lease, change, take

Kind = Literal["product", "inventory", "receipt", "order", "return"]
RunOutcome = Literal["completed", "partial", "error"]

IDLE, IN_PROGRESS = "idle", "in_progress"
COMPLETED: RunOutcome = "completed"
PARTIAL: RunOutcome = "partial"
ERROR: RunOutcome = "error"


# When a run is taken for dead: longer than a Lambda can run.
STALE_AFTER = timedelta(minutes=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncState:
    """The state of a shop's synchronisation; times in ISO 8601 UTC.

    `last_..._sync` is when the last successful run of a kind began, `..._sync_started_at` when the one that
    is under way did, `..._counts` what the latest one did. `sync_status` and `sync_error` tell of the latest
    run of any kind, `rate_limit_remaining` how many calls of `rate_limit_per_day` are left until
    `rate_limit_reset_at`. What was sold before `sales_since` is in the counts that the shop began with.
    """

    shop_id: str
    created_at: str
    updated_at: str
    last_product_sync: str | None = None
    last_inventory_sync: str | None = None
    last_receipt_sync: str | None = None
    last_order_sync: str | None = None
    last_return_sync: str | None = None
    product_sync_started_at: str | None = None
    inventory_sync_started_at: str | None = None
    receipt_sync_started_at: str | None = None
    order_sync_started_at: str | None = None
    return_sync_started_at: str | None = None
    product_counts: Mapping[str, int] = field(default_factory=dict)
    inventory_counts: Mapping[str, int] = field(default_factory=dict)
    receipt_counts: Mapping[str, int] = field(default_factory=dict)
    order_counts: Mapping[str, int] = field(default_factory=dict)
    return_counts: Mapping[str, int] = field(default_factory=dict)
    sales_since: str | None = None
    sync_status: str = IDLE
    sync_error: str | None = None
    rate_limit_remaining: int | None = None
    rate_limit_reset_at: str | None = None
    rate_limit_per_day: int | None = None
    legacy_id: int | None = None
    version: int = 1


ETSY = "etsy"
_COUNTS = ("product_counts", "inventory_counts", "receipt_counts", "order_counts", "return_counts")


def sync_key(shop_id: str, *, channel: str = ETSY) -> Key:
    """The key of a shop's synchronisation."""
    return f"{channel.upper()}_SYNC#{shop_id}", "METADATA"


# What a run counted is not stored before it has.
SYNCS = Rows(SyncState, "Synchronisation", key=prefixes.ETSY_SYNC + "#{shop_id}", unstored=_COUNTS)


def sync_state(shop_id: str, *, channel: str = ETSY) -> SyncState | None:
    """The state of a shop's synchronisation, by one consistent read; None before the first run."""
    item = get_item(sync_key(shop_id, channel=channel), consistent=True)
    return SYNCS.of(item) if item else None


def begin_sync(
    shop_id: str, kind: Kind, now: datetime, stale_after: timedelta, *, channel: str = ETSY
) -> bool:
    """Marks that a run of this kind begins at `now`; False when one is under way.

    One that began `stale_after` ago or earlier has died.
    """
    # Two runs of a kind are not made at once: a schedule that overlaps itself, or an administrator beside it.
    run = replace(_run(kind), lasts=stale_after)
    update = _of_shop(shop_id, now).set("sync_status", IN_PROGRESS)
    return take(sync_key(shop_id, channel=channel), run, now, update)


def keep_start(shop_id: str, since: datetime, now: datetime, *, channel: str = ETSY) -> str:
    """Says from when on the shop's sales there count, unless that was said; answers it (ISO 8601 UTC)."""
    update = _of_shop(shop_id, now).set_default("sales_since", iso(since))
    return str(update_item(sync_key(shop_id, channel=channel), update)["sales_since"])


def finish_sync(
    shop_id: str,
    kind: Kind,
    began: datetime,
    now: datetime,
    outcome: RunOutcome,
    counts: Mapping[str, int],
    error: str | None = None,
    *,
    channel: str = ETSY,
) -> bool:
    """Records how the run that `began` then ended; False when it was given up for dead meanwhile.

    The time of the last run becomes `began` when it is `completed`, so that the next run looks again at
    what changed while this one was reading.
    """
    run = _run(kind)
    update = run.ended(_of_shop(shop_id, now)).set("sync_status", outcome)
    update.set(f"{kind}_counts", dict(counts))
    if outcome == COMPLETED:
        update.set(f"last_{kind}_sync", iso(began))
    if error is None:
        update.remove("sync_error")
    else:
        update.set("sync_error", error)
    # Stops a run that was given up for dead from ending the one that took its place.
    return change(sync_key(shop_id, channel=channel), update, run.held_by(iso(began))) is not None


def record_rate_limit(
    shop_id: str, remaining: int, reset_at: str | None, now: datetime, per_day: int | None = None
) -> None:
    """Keeps how many calls the platform still allows, and until when that holds (ISO 8601 UTC).

    `per_day` is how many it allows in a day; None leaves what is known of that.
    """
    update = _of_shop(shop_id, now).set("rate_limit_remaining", remaining)
    if per_day is not None:
        update.set("rate_limit_per_day", per_day)
    if reset_at is None:
        update.remove("rate_limit_reset_at")
    else:
        update.set("rate_limit_reset_at", reset_at)
    update_item(sync_key(shop_id), update)


def _of_shop(shop_id: str, now: datetime) -> Update:
    moment = iso(now)
    update = Update().set("shop_id", shop_id).set("updated_at", moment).add("version", 1)
    return update.set_default("created_at", moment)


def _run(kind: Kind) -> Lease[str]:
    stamp = f"{kind}_sync_started_at"
    return Lease(stamp=stamp, written=iso, tells_start=True)
