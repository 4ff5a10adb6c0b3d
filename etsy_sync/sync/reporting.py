"""What is kept of every attempt to tell a channel: log, transaction, last broadcast, failures, alerts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from common.clock import iso
from common.dynamodb import Item, UnitOfWork, batch_write
from common.repositories.sku_stock import record_broadcast
from common.stock_alerts import raise_alert
from etsy_sync.adapters.registry import CHANNELS
from etsy_sync.repositories.channel_links import ChannelLink, note_failure
from etsy_sync.repositories.stock_transactions import TRANSACTIONS, new_transaction
from etsy_sync.repositories.sync_log import (
    ENTRIES,
    FAILED,
    NEITHER,
    PUSH,
    SKIPPED,
    SUCCESS,
    SyncEntry,
    expiry_of,
)
from etsy_sync.sync.pushing import Pushed

# A channel that fails for the third time in a row is not having a short trouble.
PATIENCE = 3


def report(results: Sequence[Pushed], now: datetime) -> None:
    """Keeps what became of links; of those that needed nothing, nothing is kept."""
    rows: list[Item] = []
    for result in results:
        if result.outcome != "unchanged":
            rows += _rows(result, now)
    batch_write(rows)
    for result in results:
        if result.outcome == "written" and result.broadcast is not None and result.key is not None:
            record_broadcast(result.link.sku, result.link.channel, result.broadcast, result.key, now)
        elif result.outcome in {"failed", "skipped"}:
            note(result.link, result.reason or "failed", now, is_permanent=True)


def report_failure(links: Sequence[ChannelLink], error: str, now: datetime, *, is_permanent: bool) -> None:
    """Keeps that a target could not be told; `is_permanent` when repeating does not help."""
    rows: list[Item] = []
    for link in links:
        rows += _rows(Pushed(link, "failed", reason=error), now)
    batch_write(rows)
    for link in links:
        note(link, error, now, is_permanent=is_permanent)


def note(link: ChannelLink, error: str, now: datetime, *, is_permanent: bool) -> None:
    """Counts a failure of a link; raises an alert once, at once for what stays, later for what may pass."""
    failures = note_failure(link, error, now)
    if failures == (1 if is_permanent else PATIENCE):
        with UnitOfWork() as work:
            message = f"{link.channel} {link.target}: {error}"
            raise_alert(work, type="sync_failed", sku=link.sku, message=message, now=now)


def log_entry(
    link: ChannelLink,
    now: datetime,
    *,
    status: str,
    direction: str,
    old: int | None,
    new: int | None,
    error: str | None,
    sync_type: str = "inventory",
) -> SyncEntry:
    """An entry of the log about a link."""
    moment = iso(now)
    return SyncEntry(
        id=str(uuid4()),
        channel=link.channel,
        listing_id=int(link.target) if CHANNELS[link.channel].has_numeric_targets else link.target,
        sync_type=sync_type,
        direction=direction,
        status=status,
        synced_at=moment,
        expires_at=expiry_of(moment),
        variant_id=link.variant_id,
        sku=link.sku,
        old_quantity=old,
        new_quantity=new,
        error_message=error,
    )


def _rows(result: Pushed, now: datetime) -> list[Item]:
    is_written = result.outcome == "written"
    status = {"written": SUCCESS, "skipped": SKIPPED}.get(result.outcome, FAILED)
    entry = log_entry(
        result.link,
        now,
        status=status,
        direction=PUSH if is_written else NEITHER,
        old=result.before,
        new=result.broadcast,
        error=result.reason,
    )
    if result.outcome == "skipped":
        return [ENTRIES.item(entry)]
    transaction = new_transaction(
        result.key or str(uuid4()), result.link.sku, "sync", "completed" if is_written else "failed", now
    )
    told = replace(transaction, error=result.reason or None)
    return [ENTRIES.item(entry), TRANSACTIONS.item(told)]
