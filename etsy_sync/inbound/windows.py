"""Runs over what a channel reports since the last run: which stretch of time, and how each one went.

A window moves on only when everything in it was taken. What was taken already changes nothing when it is
read again, so two runs at once do no harm: only one of them moves the window.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from common import once
from common.clock import parse_iso, utc_now
from common.dynamodb import UnitOfWork
from common.errors import Unavailable
from common.logging import describe_exception, logger
from common.once import AlreadyDone
from common.optimistic import StaleVersion
from common.stock_alerts import raise_alert
from etsy_sync.adapters.interface import Transient, Unreadable
from etsy_sync.adapters.runs import Progress, RunResult
from etsy_sync.inbound.lines import NO_SKU
from etsy_sync.repositories.channel_events import DONE
from etsy_sync.repositories.sync_states import (
    COMPLETED,
    ERROR,
    PARTIAL,
    STALE_AFTER,
    Kind,
    RunOutcome,
    SyncState,
    begin_sync,
    finish_sync,
    keep_start,
    sync_state,
)

T = TypeVar("T")

# Channels show a change some minutes late, and clocks differ.
OVERLAP = timedelta(minutes=10)
FIRST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop on a channel, and the kind of run that is made of it."""

    channel: str
    id: str
    kind: Kind


@dataclass(slots=True)
class Run:
    """A run that `began`, over what changed at `since` or later; sales before `sales_since` do not count.

    `is_owner` is False while another run is under way: then this one leaves the window alone.
    """

    shop: Shop
    began: datetime
    since: datetime
    sales_since: datetime
    is_owner: bool
    done: RunResult = field(default_factory=RunResult)


def sales_since(channel: str, shop_id: str) -> datetime | None:
    """From when on the sales of a shop count; None before its first run."""
    state = sync_state(shop_id, channel=channel)
    return parse_iso(state.sales_since) if state and state.sales_since else None


def begin(shop: Shop, now: datetime, since: datetime | None = None) -> Run:
    """Begins a run where the last complete one began, less an overlap; the first one a day ago.

    `since` begins it there instead.
    """
    is_owner = begin_sync(shop.id, shop.kind, now, STALE_AFTER, channel=shop.channel)
    state = sync_state(shop.id, channel=shop.channel)
    last = _last(state, shop.kind) if state else None
    start = since or (parse_iso(last) - OVERLAP if last else now - FIRST)
    counted = state.sales_since if state else None
    if counted is None:
        counted = keep_start(shop.id, start, now, channel=shop.channel)
    return Run(shop, now, start, parse_iso(counted), is_owner)


def take_all(
    run: Run,
    reports: Iterable[T | Unreadable],
    take: Callable[[T], str],
    name: Callable[[T], str],
    progress: Progress | None = None,
) -> RunResult:
    """Takes each report; `take` answers what is counted of it, `name` its id for people.

    One that cannot be read or taken is counted, logged and alerted, and does not stop the others. Raises what
    reading the reports raises, after which the next run begins where this one did.
    """
    try:
        for number, report in enumerate(reports, 1):
            run.done.counts[_attempt(run, report, take, name)] += 1
            if progress is not None:
                progress(number, None)
    except Exception as error:
        finish(run, ERROR, str(error) or type(error).__name__)
        raise
    finish(run, PARTIAL if run.done.errors else COMPLETED, next(iter(run.done.errors), None))
    return run.done


def finish(run: Run, outcome: RunOutcome, error: str | None = None) -> None:
    """Records how a run ended; its window moves on when it is completed."""
    if run.is_owner:
        shop = run.shop
        counts = dict(run.done.counts)
        finish_sync(shop.id, shop.kind, run.began, utc_now(), outcome, counts, error, channel=shop.channel)


def _attempt(run: Run, report: T | Unreadable, take: Callable[[T], str], name: Callable[[T], str]) -> str:
    if isinstance(report, Unreadable):
        return _failed(run, report.id, Transient("it cannot be read"))
    try:
        return take(report)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others are not to wait
        return _failed(run, name(report), error)


def _failed(run: Run, name: str, error: Exception) -> str:
    note_failure(run.shop, name, error, run.began)
    run.done.errors.append(f"{run.shop.channel} {name}: {type(error).__name__}")
    return "failed"


def note_failure(shop: Shop, name: str, error: Exception, now: datetime) -> None:
    """Logs what could not be taken, and asks somebody once to look at it, unless repeating may help."""
    where = {"channel": shop.channel, "kind": shop.kind, "id": name}
    logger().error("report not taken", extra={**where, **describe_exception(error)})
    if isinstance(error, StaleVersion | Unavailable):
        return
    try:
        with UnitOfWork() as work:
            # One alert, and not another one from every run until it succeeds.
            once.add(work, DONE.of(shop.channel, f"failed:{shop.kind}:{name}"), now)
            message = f"{shop.channel} {shop.kind} {name} could not be taken ({type(error).__name__})"
            raise_alert(work, type="manual_review", sku=NO_SKU, message=message, now=now)
    except AlreadyDone:
        return


def _last(state: SyncState, kind: Kind) -> str | None:
    last: str | None = getattr(state, f"last_{kind}_sync")
    return last
