"""What administrators do with mails: see which wait and which ended unsent, try again, send a test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from common.audit import Actor, record
from common.clock import epoch
from common.dynamodb import UnitOfWork
from common.emails import stored_form
from common.errors import Conflict, InvalidInput, NotFound, TooManyRequests
from common.mail_queue import announce_mails
from common.optimistic import retry_when_stale
from common.outbox import queue_plain_mail, sends_mail
from common.repositories.orders import number_of
from common.repositories.outbox import Mail, ended_mails, mail_by_id, wait_again, waiting_mails
from common.repositories.rate_limits import Limit, LimitReachedError, reserve_with
from shop.mail.addresses import artist_address
from shop.mail.kinds import TEST
from shop.mail.suppression import Suppressed, lift, newest_suppressed, suppression_of

ENTITY = "Mail"
MOST = 100
# Of one administrator; what one address gets in a day is limited besides.
TESTS = Limit("MAIL_TEST", attempts=5, seconds=3600)
TRIES = Limit("MAIL_RETRY", attempts=60, seconds=3600)

_LISTS: dict[str, Callable[[int, int], list[Mail]]] = {"waiting": waiting_mails, "ended": ended_mails}


def listed(state: str, now: datetime) -> list[dict[str, Any]]:
    """The mails that wait, those due first at the top, or that ended unsent, newest first: 100 at most.

    `state` is `waiting` or `ended`; InvalidInput for another.
    """
    if state not in _LISTS:
        raise InvalidInput.of_field("state", f"must be one of {', '.join(_LISTS)}")
    return [mail_json(mail) for mail in _LISTS[state](MOST, epoch(now))]


def mail_json(mail: Mail) -> dict[str, Any]:
    """A mail without whom it goes to and what it says."""
    return {
        "id": mail.id,
        "kind": mail.kind,
        "order_number": None if mail.order_id is None else number_of(mail.order_id),
        "created_at": mail.created_at,
        "due_at": mail.due_at if mail.is_waiting else None,
        "attempts": mail.attempts,
        "outcome": mail.outcome,
        "reason": mail.reason,
        "ended_at": mail.ended_at,
        "sent_at": mail.sent_at,
    }


def try_again(mail_id: str, actor: Actor, now: datetime) -> Mail:
    """Lets a mail that ended unsent wait again, with all its attempts before it; nothing where it waits.

    NotFound for one that is gone, Conflict for one that was sent, TooManyRequests.
    """
    return retry_when_stale(lambda: _try_again(mail_id, actor, now))


def _try_again(mail_id: str, actor: Actor, now: datetime) -> Mail:
    mail = mail_by_id(mail_id, now)
    if mail is None:
        raise NotFound("Mail not found")
    if mail.sent_at is not None:
        raise Conflict("The mail was sent")
    if mail.is_waiting:
        return mail
    with _limited(), UnitOfWork() as work:
        waiting = wait_again(work, mail, now)
        record(work, actor=actor, action="RETRY", entity_type=ENTITY, entity_id=mail_id, now=now)
        reserve_with(work, TRIES, str(actor.id), epoch(now))
        work.afterwards(lambda: announce_mails([mail_id]))
    return waiting


def send_test(actor: Actor, now: datetime) -> None:
    """Queues a mail to the artist that says that the shop can write.

    Conflict where the shop writes to nobody or knows no address of the artist, TooManyRequests.
    """
    # Larger than all that the routes import besides.
    from common.repositories.selling_terms import selling_terms

    if not sends_mail():
        raise Conflict("The shop writes to nobody: MAIL_FROM is not set")
    if not artist_address(selling_terms().seller):
        raise Conflict("The artist's address is not known: set MAIL_ARTIST")
    with _limited(), UnitOfWork() as work:
        mail_id = queue_plain_mail(work, TEST, now, {})
        record(work, actor=actor, action="TEST", entity_type=ENTITY, entity_id=mail_id, now=now)
        reserve_with(work, TESTS, str(actor.id), epoch(now))
        work.afterwards(lambda: announce_mails([mail_id]))


def suppressed_list() -> list[dict[str, Any]]:
    """The newest 100 addresses that are not written to: by their hash, since when, and why."""
    return [suppressed_json(each) for each in newest_suppressed(MOST)]


def suppressed_json(suppressed: Suppressed) -> dict[str, Any]:
    """One of them."""
    return {"id": suppressed.id, "reason": suppressed.reason, "since": suppressed.since}


def lift_suppression(email: str, actor: Actor, now: datetime) -> None:
    """Lets the shop write to an address again. InvalidInput for what is none, NotFound where it does."""
    try:
        address = stored_form(email)
    except ValueError as error:
        raise InvalidInput.of_field("email", "is not a valid e-mail address") from error
    found = suppression_of(address)
    if found is None:
        raise NotFound("The address is written to")
    with UnitOfWork() as work:
        lift(work, found)
        record(
            work,
            actor=actor,
            action="LIFT",
            entity_type="SuppressedAddress",
            entity_id=found.id,
            now=now,
            metadata={"reason": found.reason, "since": found.since},
        )


@contextmanager
def _limited() -> Iterator[None]:
    """Answers a limit that is reached within the block with 429."""
    try:
        yield
    except LimitReachedError as error:
        raise TooManyRequests("Too many mails, try again later", error.retry_after) from error
