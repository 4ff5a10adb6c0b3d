"""Marks of what was reported by a channel and is done with, kept for as long as it may be reported again."""

from datetime import datetime, timedelta

from common.clock import epoch
from common.dynamodb import ConditionFailed, Item, Key, absent, get_item, put_item

# Etsy repeats a report for a day and a half, Shopify for four hours, an administrator whenever it failed.
KEPT = timedelta(days=7)


def event_key(channel: str, event_id: str) -> Key:
    """The key of the mark of one report."""
    return f"EVENT#{channel}#{event_id}", "METADATA"


def is_marked(channel: str, event_id: str, now: datetime) -> bool:
    """Whether the report is done with, by one consistent read."""
    return get_item(event_key(channel, event_id), consistent=True, now=epoch(now)) is not None


def mark(channel: str, event_id: str, now: datetime) -> bool:
    """Marks a report as done with; False when it is already."""
    try:
        # Lets exactly one of those who do the same at once say that it was the first.
        put_item(event_item(channel, event_id, now), condition=absent(epoch(now)))
    except ConditionFailed:
        return False
    return True


def event_item(channel: str, event_id: str, now: datetime) -> Item:
    """The row of a mark; `expires_at` in epoch seconds."""
    pk, sk = event_key(channel, event_id)
    return {"PK": pk, "SK": sk, "expires_at": epoch(now + KEPT)}
