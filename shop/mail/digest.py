"""What the artist is told of by mail: new orders, low stock and whatever went wrong, several in one mail.

Notifications and alerts are written in the transactions of what they tell of, so they are the outbox of this
mail: nothing is added to those transactions. A run of the job puts what is new into one mail, and in the same
transaction moves the mark of how far it has read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from common import prefixes
from common.clock import iso, parse_iso
from common.dynamodb import UnitOfWork
from common.dynamodb.rows import Rows
from common.errors import Conflict
from common.outbox import queue_plain_mail
from common.repositories.notifications import NOTIFICATIONS, Notification, notifications_since
from common.repositories.stock_alerts import ALERTS, Alert, alerts_since
from shop.mail.kinds import DIGEST

# What one mail lists; of more it says how many.
MOST = 50
# How long a transaction may take from the moment that its rows name to its commit, and clocks may differ.
LATE = timedelta(minutes=15)
# A digest begins with what is new, and not with what is as old as the shop.
FIRST = timedelta(hours=1)

TYPES = frozenset({"order_created", "low_stock"})
SEVERITIES = frozenset({"warning", "error", "critical"})


@dataclass(frozen=True, slots=True)
class DigestMark:
    """How far the artist was told: `until` in ISO 8601 UTC, `told` what was of the time shortly before it."""

    until: str
    told: tuple[str, ...] = ()
    version: int = 0


MARKS = Rows(DigestMark, "Digest", key=prefixes.MAIL_DIGEST)


def queue_digest(now: datetime) -> int:
    """Queues a mail of what the artist has not been told of yet; of how many things it tells.

    By one read and one query each of notifications and of alerts by severity; with nothing new, nothing is
    written. 0 also where another run tells of the same at this moment.
    """
    before = MARKS.get()
    since = before or DigestMark(until=iso(now - FIRST))
    late = iso(parse_iso(since.until) - LATE)
    found = [each for each in _entries_since(late) if _key(each) not in set(since.told)]
    if not found:
        return 0
    # What is of the time shortly before `until` is read again by the next run.
    told = {*since.told, *(_key(each) for each in found)}
    kept = sorted(key for key in told if key >= iso(now - LATE))
    after = replace(since, until=iso(now), told=tuple(kept))
    try:
        with UnitOfWork() as work:
            if before is None:
                # Stops two first runs at once from telling the same twice.
                MARKS.add(work, after)
            else:
                # Its version stops two runs at once from telling the same twice.
                MARKS.change(work, before, after)
            queue_plain_mail(work, DIGEST, now, _facts(found))
    except Conflict:
        return 0
    return len(found)


def digest_values(facts: Mapping[str, Any]) -> list[dict[str, str]]:
    """What the template of a digest is given: those of its entries that are still there, the oldest first."""
    keys = [NOTIFICATIONS.key(each) for each in facts.get("notifications", [])]
    told: list[Notification | Alert] = [*NOTIFICATIONS.many(keys).values()]
    told += ALERTS.many([ALERTS.key(each) for each in facts.get("alerts", [])]).values()
    return [_value(each) for each in sorted(told, key=lambda each: (each.created_at, each.id))]


def _entries_since(moment: str) -> list[Notification | Alert]:
    entries: list[Notification | Alert] = [
        each for each in notifications_since(moment) if each.type in TYPES or each.severity in SEVERITIES
    ]
    # What stock is low is said by a notification as well.
    entries += [each for each in alerts_since(moment, SEVERITIES) if each.type != "stock_low"]
    return entries


def _key(entry: Notification | Alert) -> str:
    return f"{entry.created_at} {entry.id}"


def _facts(found: Iterable[Notification | Alert]) -> dict[str, Any]:
    newest = sorted(found, key=_key)
    shown = newest[-MOST:]
    return {
        "notifications": [each.id for each in shown if isinstance(each, Notification)],
        "alerts": [each.id for each in shown if isinstance(each, Alert)],
        "more": len(newest) - len(shown),
    }


def _value(entry: Notification | Alert) -> dict[str, str]:
    if isinstance(entry, Alert):
        return {
            "title": f"{entry.type}: {entry.sku}",
            "message": entry.message,
            "severity": entry.severity,
            "created_at": entry.created_at,
        }
    return {
        "title": entry.title,
        "message": entry.message or "",
        "severity": entry.severity,
        "created_at": entry.created_at,
    }
