"""What came back through channels, from their reports of it.

A report takes a channel minutes: one run requests it and remembers its id, a later one reads it. What is
read again counts once.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from common.clock import iso, parse_iso
from etsy_sync.adapters.definition import MAIN, ChannelDefinition
from etsy_sync.adapters.interface import Rejected
from etsy_sync.adapters.returns import ReturnsReport
from etsy_sync.adapters.runs import RunResult
from etsy_sync.inbound.windows import FIRST, Run, Shop, begin, finish, note_failure
from etsy_sync.repositories.channel_reports import ReportState, keep_report_state, report_state
from etsy_sync.repositories.sync_states import COMPLETED, ERROR, PARTIAL
from etsy_sync.stock.returns import Returned, event_of, take_return

# Channels add returns to days that are over.
OVERLAP = timedelta(days=3)


def fetch(channel: ChannelDefinition, now: datetime) -> RunResult:
    """Books what came back since the last report of each kind, or requests the next one.

    Pieces that came back into the channel's own stock are recorded, and the shop's count stays.
    Counts `requested`, `pending`, `taken`, `repeated`, `unreadable`, `failed`, and `already_running` when
    another run is under way. Raises what the channel's calls raise; the reports that were requested until
    then are remembered.
    """
    run = begin(Shop(channel.name, MAIN, "return"), now)
    if not run.is_owner:
        run.done.counts["already_running"] += 1
        return run.done
    try:
        for kind in channel.return_kinds:
            _read(channel, kind, run)
    except Exception as error:
        finish(run, ERROR, str(error) or type(error).__name__)
        raise
    finish(run, PARTIAL if run.done.errors else COMPLETED, next(iter(run.done.errors), None))
    return run.done


def _read(channel: ChannelDefinition, kind: str, run: Run) -> None:
    if channel.returned_since is None:
        return
    state, now = report_state(channel.name, kind), run.began
    since = parse_iso(state.until) - OVERLAP if state.until else now - FIRST
    try:
        found = channel.returned_since(kind, since, state.pending)
    except Rejected as error:
        if state.pending is None:
            raise
        # The channel has given the report up or forgotten it: the next run requests another.
        keep_report_state(channel.name, kind, replace(state, pending=None), now)
        run.done.errors.append(f"{channel.name}: {error}")
        return
    if found.pending is not None:
        run.done.counts["pending" if state.pending else "requested"] += 1
        keep_report_state(channel.name, kind, replace(state, pending=found.pending), now)
        return
    if _take_all(found, run):
        until = iso(found.until) if found.until else state.until
        keep_report_state(channel.name, kind, ReportState(until=until), now)


def _take_all(found: ReturnsReport[Returned], run: Run) -> bool:
    """Whether all of a report could be taken; else it is read again."""
    run.done.counts["unreadable"] += found.unreadable
    is_whole = True
    for each in found:
        try:
            run.done.counts[_take(each, run.began)] += 1
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others are not to wait
            note_failure(run.shop, f"{each.sku} {event_of(each)}", error, run.began)
            run.done.counts["failed"] += 1
            run.done.errors.append(f"{run.shop.channel} return of {each.sku}: {type(error).__name__}")
            is_whole = False
    return is_whole


def _take(each: Returned, now: datetime) -> str:
    return "repeated" if take_return(each, now).outcome.kind == "duplicate" else "taken"
