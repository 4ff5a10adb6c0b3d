"""Works off messages of the mail queue: each names a mail that waits, or is a report of SES."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from common.logging import describe_exception, logger
from common.repositories.outbox import mail_by_id
from shop.mail.events import BadReport, take_report
from shop.mail.sending import Sent, send_each

# A mail is not begun when less is left of the time to run.
NEEDED_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was received: `id` is SQS's, `body` its text."""

    id: str
    body: str


@dataclass(slots=True)
class Read:
    """What became of messages: those with the ids `failed` are to be received again."""

    counts: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def read_messages(
    messages: Sequence[Message], now: Callable[[], datetime], seconds_left: Callable[[], float]
) -> Read:
    """Sends the mails that messages name, and takes what SES reports; raises nothing."""
    read = Read(Counter(messages=len(messages)))
    for message in messages:
        try:
            _read(message, now, seconds_left, read)
        except Exception as error:  # noqa: BLE001 - one message does not hold up the others
            shown = {"message_id": message.id, **describe_exception(error)}
            logger().error("message of the mail queue failed", extra=shown)
            read.errors.append(f"{message.id}: {type(error).__name__}")
            read.failed.append(message.id)
    return read


def _read(
    message: Message, now: Callable[[], datetime], seconds_left: Callable[[], float], read: Read
) -> None:
    said = _parsed(message.body)
    mail_id = said.get("mail")
    if not isinstance(mail_id, str):
        read.counts["suppressed_addresses"] += take_report(said, now())
        return
    mail = mail_by_id(mail_id, now())
    # Sent already, or tried and due later: the job finds it then.
    if mail is None or not mail.is_waiting or mail.attempts:
        read.counts["done_before"] += 1
        return
    sent = send_each([mail], now, lambda: seconds_left() > NEEDED_SECONDS, Sent())
    read.counts.update(sent.counts)
    read.errors += sent.errors


def _parsed(body: str) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except ValueError as error:
        raise BadReport("not JSON") from error
    if not isinstance(said, Mapping):
        raise BadReport("not an object")
    return said
