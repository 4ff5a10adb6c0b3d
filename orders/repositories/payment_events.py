"""The marks of payment reports that were applied, so that each takes effect once."""

from datetime import datetime, timedelta

from common.clock import epoch
from common.dynamodb import Key, UnitOfWork, absent

# Providers repeat a report for days at most.
RETENTION = timedelta(days=90)


class AlreadyApplied(Exception):
    """The report took effect before."""


def event_key(provider: str, event_id: str) -> Key:
    """The key of the mark of one report."""
    return f"PAYMENT_EVENT#{provider}#{event_id}", "METADATA"


def mark_applied(work: UnitOfWork, provider: str, event_id: str, now: datetime) -> None:
    """Marks a report as applied at `now`; the unit of work fails with AlreadyApplied when it was before."""
    pk, sk = event_key(provider, event_id)
    work.put(
        {"PK": pk, "SK": sk, "expires_at": epoch(now + RETENTION)},
        # Stops a report that is delivered twice, even at the same moment, from taking effect twice.
        condition=absent(epoch(now)),
        failed=AlreadyApplied(),
    )
