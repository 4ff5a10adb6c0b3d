"""The marks of undeliverable messages that the artist was told of, so that each is told once."""

from datetime import datetime, timedelta

from common.clock import epoch
from common.dynamodb import Key, UnitOfWork, absent

# The dead-letter queue keeps a message for 14 days.
RETENTION = timedelta(days=15)


class AlreadyTold(Exception):
    """The artist was told of the message before."""


def mark_key(message_id: str) -> Key:
    """The key of the mark of one message."""
    return f"DEAD_LETTER#{message_id}", "METADATA"


def mark_told(work: UnitOfWork, message_id: str, now: datetime) -> None:
    """Marks a message as told of; the unit of work fails with AlreadyTold when it was before."""
    pk, sk = mark_key(message_id)
    work.put(
        {"PK": pk, "SK": sk, "expires_at": epoch(now + RETENTION)},
        # Stops a message that is received twice, even at the same moment, from raising two alerts.
        condition=absent(epoch(now)),
        failed=AlreadyTold(),
    )
