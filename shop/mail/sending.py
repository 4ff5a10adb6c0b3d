"""Sends the mails that wait, each once: claimed first, then sent, then marked.

A process that ends between sending and marking, or an answer of the transport that is lost, leaves the claim:
when it is over, that one mail is sent again.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from common.dynamodb import UnitOfWork
from common.errors import NotFound
from common.logging import describe_exception, logger
from common.notifications import notify
from common.optimistic import StaleVersion
from common.outbox import sends_mail
from common.repositories.orders import number_of
from common.repositories.outbox import Mail, Outcome, claim, due_mails, end, mark_sent
from common.repositories.rate_limits import Attempt, LimitReachedError
from shop.mail.kinds import KINDS
from shop.mail.letters import NotSent, letter_of
from shop.mail.limits import count_back, count_letter
from shop.mail.messages import BadAddress, message_of
from shop.mail.rendering import BadTemplate, render
from shop.mail.suppression import suppression_of
from shop.mail.transports import Refused, Transport, transport

# How long each attempt has the mail to itself, which is how long the next one waits: about a day in all.
BACK_OFF = tuple(timedelta(minutes=each) for each in (5, 15, 45, 120, 240, 480, 540, 60))
BATCH = 25

Became = Literal["sent", "retried", "failed", "suppressed", "held_back", "expired", "needless", "taken"]


@dataclass(slots=True)
class Sent:
    """What became of mails, by their number; `errors` one line each, without anybody's data."""

    counts: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    is_stopped: bool = False


def send_due(now: Callable[[], datetime], is_time_left: Callable[[], bool]) -> Sent:
    """Sends all that is due, the oldest first, while there is time left."""
    sent = Sent()
    while is_time_left() and not sent.is_stopped:
        mails = due_mails(BATCH, now())
        before = sum(sent.counts.values())
        send_each(mails, now, is_time_left, sent)
        # Whatever is left is being sent by others, or the index does not know yet that it was.
        if len(mails) < BATCH or sum(sent.counts.values()) - sent.counts["taken"] == before:
            break
    return sent


def send_each(
    mails: Iterable[Mail], now: Callable[[], datetime], is_time_left: Callable[[], bool], sent: Sent
) -> Sent:
    """Sends these mails, until none of them can be sent at the moment; adds to `sent` and returns it."""
    if not sends_mail():
        return sent
    carrier = transport()
    for mail in mails:
        if sent.is_stopped or not is_time_left():
            break
        sent.counts[_send(mail, carrier, now(), sent)] += 1
    return sent


def _send(mail: Mail, carrier: Transport, now: datetime, sent: Sent) -> Became:
    claimed = claim(mail, now + BACK_OFF[min(mail.attempts, len(BACK_OFF) - 1)], now)
    if claimed is None:
        return "taken"
    counted: list[Attempt | None] = []
    try:
        _deliver(claimed, carrier, now, counted)
    except NotSent as unsent:
        return _end(claimed, unsent.outcome, unsent.reason, now)
    except Refused as refused:
        _count_back(counted)
        sent.is_stopped |= refused.is_of_all
        return _try_later(claimed, refused.reason, now, sent, is_final=refused.is_final)
    except Exception as error:  # noqa: BLE001 - one mail does not hold up the others
        _count_back(counted)
        shown = {"mail": mail.id, "kind": mail.kind, **describe_exception(error)}
        logger().error("mail not written", extra=shown)
        # A template that cannot be used is named, so that it can be mended before the next attempt.
        reason = error.place if isinstance(error, BadTemplate) else type(error).__name__
        return _try_later(claimed, reason, now, sent)
    return "sent" if mark_sent(claimed.id, now) else "taken"


def _deliver(mail: Mail, carrier: Transport, now: datetime, counted: list[Attempt | None]) -> None:
    """Writes and hands over a mail; NotSent for one that is not to be sent, Refused by its carrier."""
    if mail.attempts > len(BACK_OFF):
        # Its last attempt ended with its process.
        raise NotSent("failed", "attempts_used_up")
    letter = letter_of(mail, now)
    if (found := suppression_of(letter.to)) is not None:
        raise NotSent("suppressed", found.reason)
    rendered = render(letter.kind.name, letter.language, letter.values)
    try:
        message = message_of(mail.id, letter.to, rendered, now, letter.reply_to)
        counted.append(count_letter(letter, now))
    except BadAddress as error:
        raise NotSent("failed", "bad_address") from error
    except LimitReachedError as error:
        raise NotSent("held_back", "enough_today") from error
    carrier.send(mail.id, message)


def _count_back(counted: Iterable[Attempt | None]) -> None:
    for attempt in counted:
        count_back(attempt)


def _try_later(mail: Mail, reason: str, now: datetime, sent: Sent, *, is_final: bool = False) -> Became:
    sent.errors.append(f"{mail.kind} {mail.id}: {reason}")
    if is_final or mail.attempts >= len(BACK_OFF):
        return _end(mail, "failed", reason, now)
    return "retried"


def _end(mail: Mail, outcome: Outcome, reason: str, now: datetime) -> Became:
    try:
        with UnitOfWork() as work:
            end(work, mail, outcome, reason, now)
            if outcome == "failed":
                _tell(work, mail, reason, now)
    except (StaleVersion, NotFound):
        return "taken"
    logger().info(
        "mail ended", extra={"mail": mail.id, "kind": mail.kind, "outcome": outcome, "reason": reason}
    )
    return outcome


def _tell(work: UnitOfWork, mail: Mail, reason: str, now: datetime) -> None:
    """Tells the artist of a mail that failed; not of one to the artist, which would make another one."""
    kind = KINDS.get(mail.kind)
    if kind is not None and kind.audience == "artist":
        return
    about = f" about {number_of(mail.order_id)}" if mail.order_id is not None else ""
    notify(
        work,
        type="system",
        severity="error",
        title=f"A mail could not be sent: {mail.kind}{about}",
        message=f"{mail.attempts} attempts, at last: {reason}. To try again: artshop mail retry {mail.id}",
        metadata={"mail_id": mail.id, "kind": mail.kind, "reason": reason},
        now=now,
    )
