"""How far the synchronisation with a channel is, and beginning a run of it by hand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from common.clock import iso, parse_iso
from etsy_sync.repositories.etsy_listings import FAILED, PENDING, SYNCED
from etsy_sync.repositories.sync_states import STALE_AFTER, Kind, SyncState, sync_state
from etsy_sync.sync.asked_jobs import ALREADY_RUNNING, ask_for

# The jobs that mark what they do while they do it.
_MARKED: Mapping[str, Kind] = {"products": "product", "inventory": "inventory"}


def status_json(
    channel: str, shop_id: str, numbers: Mapping[str, int], now: datetime, *, enabled: bool
) -> dict[str, Any]:
    """The state of a shop's synchronisation; `numbers` is how many things of each status there are."""
    state = sync_state(shop_id, channel=channel) if shop_id else None
    return {
        "enabled": enabled,
        "last_product_sync": state.last_product_sync if state else None,
        "last_inventory_sync": state.last_inventory_sync if state else None,
        "product_sync_in_progress": _is_running(state, "product", now),
        "inventory_sync_in_progress": _is_running(state, "inventory", now),
        "total_products": sum(numbers.values()),
        "synced_products": numbers.get(SYNCED, 0),
        "failed_products": numbers.get(FAILED, 0),
        "pending_products": numbers.get(PENDING, 0),
        **_calls_left(state, now),
    }


def begin_by_hand(job: str, channel: str, shop_id: str, now: datetime) -> str:
    """Has a job run unless it is under way for this shop; `in_progress`, `already_running` or its outcome.

    A job serves every shop of its channels. Raises Unavailable when the queue cannot be reached.
    """
    kind = _MARKED.get(job)
    if kind and _is_running(sync_state(shop_id, channel=channel), kind, now):
        return ALREADY_RUNNING
    return ask_for(job, now)


def _is_running(state: SyncState | None, kind: Kind, now: datetime) -> bool:
    marks = {
        "product": state and state.product_sync_started_at,
        "inventory": state and state.inventory_sync_started_at,
    }
    began = marks.get(kind)
    return bool(began) and now - parse_iso(str(began)) < STALE_AFTER


def _calls_left(state: SyncState | None, now: datetime) -> dict[str, Any]:
    """What is known of the calls that are left, while it holds."""
    if state is None or state.rate_limit_remaining is None:
        return {}
    until = state.rate_limit_reset_at
    if until is not None and until <= iso(now):
        return {}
    return {
        "rate_limit_remaining": state.rate_limit_remaining,
        **({"rate_limit_reset": until} if until else {}),
    }
