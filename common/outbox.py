"""Mails to be sent, written in the transaction of what they tell of, with their bodies sealed.

A body names a person and may hold a secret, as the token of a password's reset; the table holds neither so
that it can be read. Nothing here sends: `shop.mail` does. It is told of each mail after the commit, and finds
by schedule what it was not told of.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from common import config, encryption
from common.clock import epoch, iso
from common.dynamodb import UnitOfWork
from common.mail_queue import announce_mails
from common.notifications import notify
from common.repositories.outbox import OUTBOX, Mail, due_mails

if TYPE_CHECKING:
    from common.repositories.orders import Order

RETENTION = timedelta(days=7)
# Many runs of whoever sends.
LATE = timedelta(hours=1)
# What one body may hold, as JSON in ASCII; beyond it is a defect of whoever writes it.
MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Body:
    """What a mail is made of: whom it goes to, and the values that its text is filled with."""

    to: str
    data: Mapping[str, Any]


def queue_mail(work: UnitOfWork, *, kind: str, to: str, data: Mapping[str, Any], now: datetime) -> bool:
    """Adds a mail of this `kind` to `work`, which is stored with what it tells of or not at all.

    `to` is an e-mail address, `data` JSON of at most 64 KB (numbers as int or Decimal); both are sealed. The
    mail expires 7 days after `now`. Where no key to seal with is configured nothing is
    queued: a notification tells the administrator which kind of mail, and why, and False is answered.
    Raises ValueError for more data, and botocore's errors when KMS cannot be asked.
    """
    if not encryption.can_seal():
        _tell_of_lost(work, kind, now)
        return False
    mail_id = str(uuid4())
    mail = Mail(
        id=mail_id,
        kind=kind,
        created_at=iso(now),
        expires_at=epoch(now + RETENTION),
        sealed=_sealed(mail_id, Body(to, data)),
    )
    _add(work, mail)
    return True


def queue_order_mail(
    work: UnitOfWork, order: "Order", kind: str, now: datetime, facts: Mapping[str, Any] | None = None
) -> None:
    """Adds a mail of this `kind` to an order's buyer to `work`, stored with what it tells of or not at all.

    Nothing personal is in it: it names the order. `facts` are what will not be in the order's rows when the
    mail is written, as the number of a refund: small, storable, and of nobody. Where the shop sends no mail,
    or does not know the buyer's address, nothing is added; nor for an order of a channel, which writes to its
    buyers itself.
    """
    if not sends_mail() or not order.customer_email or order.channel is not None:
        return
    mail = Mail(
        id=str(uuid4()),
        kind=kind,
        created_at=iso(now),
        expires_at=epoch(now + RETENTION),
        order_id=order.id,
        facts=facts,
    )
    _add(work, mail)


def queue_plain_mail(work: UnitOfWork, kind: str, now: datetime, facts: Mapping[str, Any]) -> str:
    """Adds a mail of this `kind` that names nobody to `work`, as one to the artist; answers its id.

    `facts` are small and storable. What follows the commit is the caller's: nobody is told of the mail.
    """
    mail = Mail(
        id=str(uuid4()), kind=kind, created_at=iso(now), expires_at=epoch(now + RETENTION), facts=facts
    )
    OUTBOX.put(work, mail)
    return mail.id


def _add(work: UnitOfWork, mail: Mail) -> None:
    OUTBOX.put(work, mail)
    if sends_mail():
        work.afterwards(lambda: announce_mails([mail.id]))


def sends_mail() -> bool:
    """Whether the shop writes to its buyers: `MAIL_FROM` names the address from which it does."""
    return bool(config.setting("MAIL_FROM"))


def has_late_mail(now: datetime) -> bool:
    """Whether a mail has been due for an hour at `now`, which tells that nobody sends; by one query of GSI1.

    False where the shop writes to nobody.
    """
    return sends_mail() and bool(due_mails(1, now - LATE))


def opened(mail: Mail) -> Body | None:
    """What a mail is made of, None once it was sent. Raises what `encryption.unseal` does."""
    import simplejson

    if not mail.sealed:
        return None
    whole = len(mail.sealed)
    parts = [encryption.unseal(part, _context(mail.id, it, whole)) for it, part in enumerate(mail.sealed)]
    return Body(**simplejson.loads("".join(parts), use_decimal=True))


def _sealed(mail_id: str, body: Body) -> tuple[str, ...]:
    import simplejson

    # In ASCII, so that it can be cut anywhere.
    text = simplejson.dumps({"to": body.to, "data": body.data}, use_decimal=True, ensure_ascii=True)
    if len(text) > MOST_BYTES:
        raise ValueError(f"a mail with {len(text)} bytes of data: at most {MOST_BYTES} are queued")
    parts = list(_cut(text))
    return tuple(encryption.seal(part, _context(mail_id, it, len(parts))) for it, part in enumerate(parts))


def _cut(text: str) -> Iterator[str]:
    return (text[it : it + encryption.MAX_BYTES] for it in range(0, len(text), encryption.MAX_BYTES))


def _context(mail_id: str, part: int, parts: int) -> Mapping[str, str]:
    # Neither another mail's part nor one of another place opens in a body.
    return {"mail": mail_id, "part": f"{part + 1}/{parts}"}


def _tell_of_lost(work: UnitOfWork, kind: str, now: datetime) -> None:
    notify(
        work,
        type="system",
        severity="error",
        title=f"A mail was not queued: {kind}",
        message=f"There is no key to seal it with: give {encryption.KEY}_PARAMETER or TOKEN_KMS_KEY_ID",
        now=now,
        metadata={"kind": kind},
    )
