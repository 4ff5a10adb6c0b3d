"""Moves what SyncState's store.json holds into the table; what the shop has already stays as it is.

The shop's stock is master: where a variant, or an earlier count, says another number, that is listed and
nothing is changed. A second run changes nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from common.clock import epoch, parse_iso, utc_now
from common.dynamodb import ConditionFailed, Item, attr, batch_get, batch_write, key_of, update_item
from common.repositories.sku_stock import record_broadcast, sku_key, sku_rows, touched
from common.repositories.stock_alerts import ALERTS
from common.repositories.stock_movements import find_movement
from common.stock_ledger import apply_count
from common.stock_levels import Stock, current_stock
from etsy_sync.repositories.stock_returns import return_item
from etsy_sync.repositories.stock_transactions import TRANSACTIONS
from migration.reports import Report, Section
from migration.syncstate.store import CHANNEL, Store, read_store
from tools.errors import ToolError, engine_errors
from tools.progress import Advance, Progress, silent

SOURCE, EVENT = "syncstate", "store"
CHUNK = 50


@dataclass(slots=True)
class Moved:
    """What became of the store; `conflicts` has (SKU, what, number here, number in the store)."""

    store: Store
    dry_run: bool = False
    added: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    conflicts: list[tuple[str, str, int, int]] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether the table now says what the store says."""
        return not self.conflicts and not self.store.bad

    def note(self, part: str, *, is_new: bool) -> None:
        """Counts an entry of a part, as added or as there already."""
        (self.added if is_new else self.unchanged)[part] += 1

    def report(self) -> Report:
        """The same for people and for programs."""
        parts = sorted(self.added.keys() | self.unchanged.keys())
        rows = [(part, self.added[part], self.unchanged[part]) for part in parts]
        would = "would be added" if self.dry_run else "added"
        added, unchanged = self.added.total(), self.unchanged.total()
        summary = [
            f"{len(self.store.skus)} SKUs, {added} entries {would}, {unchanged} unchanged",
            f"{len(self.conflicts)} with another number here, {len(self.store.bad)} that cannot be read",
        ]
        sections = [
            Section("Entries", ("part", would, "unchanged"), rows),
            Section("Other numbers", ("SKU", "what", "here (kept)", "in the store"), self.conflicts),
            Section("Cannot be read", ("entry", "reason"), self.store.bad),
            Section("Keys that are not known", ("key",), [(key,) for key in self.store.unknown]),
        ]
        figures = {"added": dict(self.added), "unchanged": dict(self.unchanged)}
        return Report("syncstate", "SyncState", self.passed, summary, sections, figures)


def move_store(
    path: Path,
    *,
    dry_run: bool = False,
    progress: Progress = silent,
    clock: Callable[[], datetime] = utc_now,
) -> Moved:
    """Moves a store.json; with `dry_run` only looks. ToolError when it or the engine cannot be used."""
    store, now = read_store(path), clock()
    moved = Moved(store, dry_run)
    with engine_errors():
        with progress("SKUs", len(store.skus)) as advance:
            _move_counts(moved, now, advance)
        _move_broadcasts(moved)
        _move_rows(moved, now)
    return moved


def _move_counts(moved: Moved, now: datetime, advance: Advance) -> None:
    skus = moved.store.skus
    for start in range(0, len(skus), CHUNK):
        chunk = skus[start : start + CHUNK]
        stocks = current_stock(chunk)
        for sku in chunk:
            if sku in moved.store.physical:
                _move_physical(moved, stocks[sku], moved.store.physical[sku], now)
            if sku in moved.store.buffer:
                _move_buffer(moved, stocks[sku], moved.store.buffer[sku], now)
            advance(1)


def _move_physical(moved: Moved, stock: Stock, wanted: int, now: datetime) -> None:
    if stock.physical == wanted or find_movement(SOURCE, EVENT, stock.sku) is not None:
        # It is so, or it came along before and the shop has sold since.
        moved.note("physical", is_new=False)
    elif stock.is_counted:
        moved.conflicts.append((stock.sku, "physical", stock.physical, wanted))
    elif moved.dry_run:
        moved.note("physical", is_new=True)
    else:
        outcome = apply_count(SOURCE, EVENT, stock.sku, wanted, now)
        moved.note("physical", is_new=outcome.kind == "applied")


def _move_buffer(moved: Moved, stock: Stock, wanted: int, now: datetime) -> None:
    if stock.buffer == wanted:
        moved.note("buffer", is_new=False)
        return
    if moved.dry_run:
        there = sku_rows([stock.sku]).get(stock.sku)
        is_new = there is None or there.buffer is None
    else:
        is_new = _set_first_buffer(stock.sku, wanted, now)
    if is_new:
        moved.note("buffer", is_new=True)
    else:
        moved.conflicts.append((stock.sku, "buffer", stock.buffer, wanted))


def _set_first_buffer(sku: str, wanted: int, now: datetime) -> bool:
    try:
        # Stops a second run from undoing a buffer that was set since, also one of none.
        update_item(sku_key(sku), touched(sku, now).set("buffer", wanted), condition=attr("buffer").missing())
    except ConditionFailed:
        return False
    return True


def _move_broadcasts(moved: Moved) -> None:
    for sku, told in moved.store.broadcasts.items():
        row = sku_rows([sku]).get(sku)
        known = row.last_broadcast.get(CHANNEL) if row else None
        is_new = known is None or known.at < told.at
        if is_new and not moved.dry_run:
            record_broadcast(sku, CHANNEL, told.count, told.transaction_id, parse_iso(told.at))
        moved.note("lastBroadcast", is_new=is_new)


def _move_rows(moved: Moved, now: datetime) -> None:
    store = moved.store
    live = [each for each in store.transactions if each.expires_at > epoch(now)]
    expired = len(store.transactions) - len(live)
    if expired:
        moved.unchanged["transactions, expired"] = expired
    _add_missing(moved, "transactions", (TRANSACTIONS.item(each) for each in live))
    _add_missing(moved, "returns", (return_item(each, f"{SOURCE}:{name}") for name, each in store.returns))
    _add_missing(moved, "alerts", (ALERTS.item(each) for each in store.alerts))


def _add_missing(moved: Moved, part: str, items: Iterable[Item]) -> None:
    """Adds rows that are not there; one that is may have been read or finished since."""
    rows = {key_of(item): item for item in items}
    there = batch_get(rows, consistent=True)
    missing = [item for key, item in rows.items() if key not in there]
    if missing and not moved.dry_run:
        report = batch_write(missing)
        if report.failed:
            key, reason = report.failed[0]
            raise ToolError(f"{len(report.failed)} {part} could not be written, {key[0]} first: {reason}")
    moved.added[part] += len(missing)
    moved.unchanged[part] += len(there)
