"""Mails to be sent: their type, keys, and how they are read, claimed and marked.

GSI1 lists those that wait, by when they are due; GSI2 those that ended without being sent. A mail that
was sent stays without its body until it expires.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from common import prefixes
from common.clock import epoch, iso
from common.dynamodb import (
    ConditionFailed,
    Index,
    OutcomeUnknown,
    UnitOfWork,
    Update,
    attr,
    delete_item,
    present,
    sort_key,
    update_item,
)
from common.dynamodb.at_once import AT_ONCE
from common.dynamodb.rows import Rows, Work
from common.errors import NotFound
from common.optimistic import StaleVersion

Outcome = Literal["failed", "suppressed", "held_back", "expired", "needless"]
"""Why a mail is not sent any more: it was refused too often or for good, its address is not written to or has
had enough mails for a day, its time was over, or there was nothing left to say."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail of a `kind`, as `password_reset`; times in ISO 8601 UTC, `expires_at` in epoch seconds.

    `sealed` is its body in parts that were sealed one by one, none once it was sent (see `common.outbox`).
    A mail about an order names it instead (`order_id`): whom it goes to and what it says is read from the
    order when it is sent, and `facts` are what only its moment knew. `attempts` were begun to send it, and
    the next one may begin at `next_attempt_at`. One that is not sent any more ended with an `outcome` for a
    `reason`, a word without anybody's data.
    """

    id: str
    kind: str
    created_at: str
    expires_at: int
    sealed: tuple[str, ...] = ()
    order_id: int | None = None
    facts: Mapping[str, Any] | None = None
    sent_at: str | None = None
    attempts: int = 0
    next_attempt_at: str | None = None
    outcome: str | None = None
    reason: str | None = None
    ended_at: str | None = None

    @property
    def due_at(self) -> str:
        """From when on it may be sent."""
        return self.next_attempt_at or self.created_at

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to be sent."""
        return self.sent_at is None and self.outcome is None


_WAITING: Index[Mail] = Index(
    "GSI1", prefixes.OUTBOX_WAITING, "{due_at}#{id}", when=lambda mail: mail.is_waiting
)
_ENDED: Index[Mail] = Index(
    "GSI2", prefixes.OUTBOX_ENDED, "{ended_at}#{id}", when=lambda mail: mail.outcome is not None
)

OUTBOX = Rows(
    Mail,
    "Mail",
    key=prefixes.OUTBOX + "#{id}",
    indexes=(_WAITING, _ENDED),
    unstored=("attempts",),
    # Every claim moves the time of the next attempt.
    guard=("next_attempt_at", "sent_at", "outcome"),
)


def waiting_mails(limit: int, now: int) -> list[Mail]:
    """The `limit` mails that wait at `now` (epoch seconds) and are due first, by one query of GSI1."""
    return OUTBOX.all(_WAITING.query(), limit=limit, now=now)


def due_mails(limit: int, now: datetime) -> list[Mail]:
    """The `limit` mails that have been due for longest at `now`, by one query of GSI1."""
    due = sort_key().lt(f"{iso(now)}#~")
    return OUTBOX.all(_WAITING.query(sort=due), limit=limit, now=epoch(now))


def ended_mails(limit: int, now: int) -> list[Mail]:
    """The newest `limit` mails that ended unsent, at `now` (epoch seconds), by one query of GSI2."""
    return OUTBOX.all(_ENDED.query(descending=True), limit=limit, now=now)


def mail_by_id(mail_id: str, now: datetime) -> Mail | None:
    """The mail with this id, sent or not, by one consistent read."""
    return OUTBOX.get(mail_id, now=epoch(now))


def claim(mail: Mail, until: datetime, now: datetime) -> Mail | None:
    """The mail as whoever may send it until `until` has it, an attempt counted; None for everybody else.

    None also for who cannot tell whether the claim was theirs: the mail is due again at `until`.
    """
    claimed = replace(mail, attempts=mail.attempts + 1, next_attempt_at=iso(until))
    try:
        # Stops two senders that read the mail at once from both sending it, and one that read it before it
        # was sent, ended or expired: of those who saw the same time of the next attempt, one moves it.
        return OUTBOX.change(AT_ONCE, mail, claimed, condition=present(epoch(now)))
    except (StaleVersion, NotFound, OutcomeUnknown):
        return None


def end(work: Work, mail: Mail, outcome: Outcome, reason: str, now: datetime) -> Mail:
    """Ends a mail unsent, as it was claimed; it is kept with its body until it expires.

    Raises StaleVersion at the commit when somebody else claimed, sent or ended it, NotFound when it is gone.
    """
    ended = replace(mail, outcome=outcome, reason=reason, ended_at=iso(now), next_attempt_at=None)
    # Stops a sender who was overtaken from ending what another one is sending or has sent.
    return OUTBOX.change(work, mail, ended, condition=present(epoch(now)))


def wait_again(work: UnitOfWork, mail: Mail, now: datetime) -> Mail:
    """Lets a mail that ended wait from `now` on, with all its attempts before it. StaleVersion, NotFound."""
    waiting = replace(mail, attempts=0, next_attempt_at=iso(now), outcome=None, reason=None, ended_at=None)
    # Stops two who try again at once from both taking it for theirs.
    return OUTBOX.change(work, mail, waiting, condition=present(epoch(now)))


def mark_sent(mail_id: str, now: datetime) -> bool:
    """Marks a mail as sent at `now` and drops its body; False when it was sent before, or is gone."""
    gone = ("sealed", "outcome", "reason", "ended_at", "GSI1PK", "GSI1SK", "GSI2PK", "GSI2SK")
    update = Update().set("sent_at", iso(now)).remove(*gone)
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
