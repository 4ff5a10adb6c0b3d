"""What came back to Amazon, or to the shop of what it sold there, from Amazon's reports.

A report takes Amazon minutes: one run requests it and remembers its id, a later one reads it. What is read
again counts once.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from common.clock import iso, parse_iso
from etsy_sync.adapters.definition import MAIN
from etsy_sync.adapters.interface import Rejected
from etsy_sync.adapters.runs import RunResult
from etsy_sync.inbound.windows import FIRST, Run, Shop, begin, finish, note_failure
from etsy_sync.repositories.channel_reports import ReportState, keep_report_state, report_state
from etsy_sync.repositories.sync_states import COMPLETED, ERROR, PARTIAL
from etsy_sync.stock.returns import take_return

if TYPE_CHECKING:
    from etsy_sync.adapters.amazon.client import AmazonClient
    from etsy_sync.adapters.amazon.returns import Return, ReturnsReport

AMAZON = "amazon"
FBA, MERCHANT = "fba", "merchant"
# Amazon adds returns to days that are over.
OVERLAP = timedelta(days=3)


def fetch(client: "AmazonClient", now: datetime) -> RunResult:
    """Books what came back since the last report of each kind, or requests the next one.

    Pieces that came back to Amazon are in Amazon's stock: they are recorded, and the shop's count stays.
    Counts `requested`, `pending`, `taken`, `repeated`, `unreadable`, `failed`, and `already_running` when
    another run is under way. Raises what the client's calls raise; the reports that were requested until
    then are remembered.
    """
    run = begin(Shop(AMAZON, MAIN, "return"), now)
    if not run.is_owner:
        run.done.counts["already_running"] += 1
        return run.done
    try:
        for kind in (FBA, MERCHANT):
            _read(client, kind, run)
    except Exception as error:
        finish(run, ERROR, str(error) or type(error).__name__)
        raise
    finish(run, PARTIAL if run.done.errors else COMPLETED, next(iter(run.done.errors), None))
    return run.done


def _read(client: "AmazonClient", kind: str, run: Run) -> None:
    from etsy_sync.adapters.amazon.returns import returned_since

    state, now = report_state(AMAZON, kind), run.began
    since = parse_iso(state.until) - OVERLAP if state.until else now - FIRST
    try:
        found = returned_since(client, since, is_fba=kind == FBA, pending=state.pending)
    except Rejected as error:
        if state.pending is None:
            raise
        # Amazon has given the report up or forgotten it: the next run requests another.
        keep_report_state(AMAZON, kind, replace(state, pending=None), now)
        run.done.errors.append(f"amazon: {error}")
        return
    if found.pending is not None:
        run.done.counts["pending" if state.pending else "requested"] += 1
        keep_report_state(AMAZON, kind, replace(state, pending=found.pending), now)
        return
    if _take_all(found, run):
        until = iso(found.until) if found.until else state.until
        keep_report_state(AMAZON, kind, ReportState(until=until), now)


def _take_all(found: "ReturnsReport", run: Run) -> bool:
    """Whether all of a report could be taken; else it is read again."""
    run.done.counts["unreadable"] += found.unreadable
    is_whole = True
    for each in found:
        try:
            run.done.counts[_take(each, run.began)] += 1
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others are not to wait
            note_failure(run.shop, f"{each.sku} {each.key}", error, run.began)
            run.done.counts["failed"] += 1
            run.done.errors.append(f"amazon return of {each.sku}: {type(error).__name__}")
            is_whole = False
    return is_whole


def _take(each: "Return", now: datetime) -> str:
    taken = take_return(replace(each.returned, is_ours=not each.is_fba), now)
    return "repeated" if taken.outcome.kind == "duplicate" else "taken"
