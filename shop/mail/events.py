"""What SES reports of mails that were sent: bounces and complaints, by SNS through the queue.

SES publishes to the topic that `MAIL_TOPIC_NAME` names, and the queue takes messages of that topic alone
(infra/mail.yaml). What they look like:
https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

import json
from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from common import config
from common.dynamodb import UnitOfWork
from common.notifications import notify
from common.repositories.orders import number_of
from common.repositories.outbox import mail_by_id
from shop.mail.suppression import Reason, suppress


class BadReport(ValueError):
    """A message of the queue is no report of SES; the text quotes nothing of it."""


def take_report(message: Mapping[str, Any], now: datetime) -> int:
    """Suppresses the addresses of a report, as SNS brings it; how many.

    A soft bounce, as of a full mailbox, suppresses nobody, and no other report does. Raises BadReport for
    what does not come from the shop's topic or cannot be read.
    """
    name = config.setting("MAIL_TOPIC_NAME")
    if not name or not str(message.get("TopicArn", "")).endswith(f":{name}"):
        raise BadReport("not from the shop's topic")
    try:
        event = json.loads(message["Message"])
        reason, addresses = _unwanted(event)
        tags = event.get("mail", {}).get("tags", {}).get("mail", [])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadReport("not a report of SES") from error
    for address in addresses:
        suppress(address, reason, now)
    if addresses:
        _tell(str(tags[0]) if tags else "", reason, now)
    return len(addresses)


def _unwanted(event: Mapping[str, Any]) -> tuple[Reason, list[str]]:
    """Whom an event says not to write to any more; nobody for most."""
    # Events by a configuration set name their kind so; those of an identity's own feedback otherwise.
    kind = event.get("eventType") or event["notificationType"]
    if kind == "Bounce" and event["bounce"]["bounceType"] == "Permanent":
        return "bounce", _addresses(event["bounce"]["bouncedRecipients"])
    if kind == "Complaint":
        return "complaint", _addresses(event["complaint"]["complainedRecipients"])
    return "bounce", []


def _addresses(recipients: list[Mapping[str, str]]) -> list[str]:
    return [address for _, address in (parseaddr(each["emailAddress"]) for each in recipients) if address]


def _tell(mail_id: str, reason: Reason, now: datetime) -> None:
    """Tells the artist that the buyer of an order is not reached, once for each order's mail."""
    mail = mail_by_id(mail_id, now) if mail_id else None
    if mail is None or mail.order_id is None:
        return
    said = "came back" if reason == "bounce" else "was called spam"
    with UnitOfWork() as work:
        notify(
            work,
            type="system",
            severity="warning",
            title=f"Mail about {number_of(mail.order_id)} {said}",
            message="The shop does not write to this address any more; reach the buyer in another way",
            metadata={"order_id": mail.order_id, "mail_id": mail.id, "reason": reason},
            now=now,
        )
