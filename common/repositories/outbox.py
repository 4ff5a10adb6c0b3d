"""Mails that wait to be sent: their type, keys, and how they are read and marked.

GSI1 lists those that wait, the oldest first; one that was sent stays without its body until it expires.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common import prefixes
from common.clock import epoch, iso
from common.dynamodb import (
    ConditionFailed,
    Index,
    Update,
    attr,
    delete_item,
    present,
    update_item,
)
from common.dynamodb.rows import Rows


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail of a `kind`, as `password_reset`; times in ISO 8601 UTC, `expires_at` in epoch seconds.

    `sealed` is its body in parts that were sealed one by one, none once it was sent (see `common.outbox`).
    A mail about an order names it instead (`order_id`): whom it goes to and what it says is read from the
    order when it is sent, and `facts` are what only its moment knew.
    """

    id: str
    kind: str
    created_at: str
    expires_at: int
    sealed: tuple[str, ...] = ()
    order_id: int | None = None
    facts: Mapping[str, Any] | None = None
    sent_at: str | None = None


_WAITING: Index[Mail] = Index(
    "GSI1", prefixes.OUTBOX_WAITING, "{created_at}#{id}", when=lambda mail: mail.sent_at is None
)

OUTBOX = Rows(Mail, "Mail", key=prefixes.OUTBOX + "#{id}", indexes=(_WAITING,))


def waiting_mails(limit: int, now: int) -> list[Mail]:
    """The oldest `limit` mails that wait at `now` (epoch seconds), by one query of GSI1."""
    return OUTBOX.all(_WAITING.query(), limit=limit, now=now)


def mark_sent(mail_id: str, now: datetime) -> bool:
    """Marks a mail as sent at `now` and drops its body; False when it was sent before, or is gone."""
    update = Update().set("sent_at", iso(now)).remove("sealed", "GSI1PK", "GSI1SK")
    try:
        # Stops two senders of one mail from both taking it for theirs, and a late one from bringing back
        # a mail that was removed.
        update_item(OUTBOX.key(mail_id), update, condition=present(epoch(now)) & attr("sent_at").missing())
    except ConditionFailed:
        return False
    return True


def remove_mail(mail_id: str) -> None:
    """Takes a mail away for good, sent or not; that it is gone already is no error."""
    delete_item(OUTBOX.key(mail_id))
