"""A mail as it is handed over: headers, text and HTML, by RFC 5322."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from common import config
from common.emails import sendable_form
from shop.mail.rendering import Rendered


class BadAddress(ValueError):
    """An address cannot be written to; the text does not quote it."""


def message_of(
    mail_id: str, to: str, rendered: Rendered, now: datetime, reply_to: str | None
) -> EmailMessage:
    """The message to one address; `mail_id` makes its Message-ID, so that a repetition is the same message.

    BadAddress for an address that cannot be one of a message, as by a line end in it. ConfigurationError
    where `MAIL_FROM` names none.
    """
    message = EmailMessage(policy=SMTP)
    sender = _sender()
    message["From"] = sender
    message["To"] = _address("", to)
    if reply_to and reply_to != sender.addr_spec:
        message["Reply-To"] = _address("", reply_to)
    message["Subject"] = rendered.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail_id}@{sender.domain}>"
    # Nobody's absence is answered to a program: RFC 3834, section 5.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    return message


def _sender() -> Address:
    name, address = parseaddr(config.setting("MAIL_FROM"))
    try:
        return _address(name, address)
    except BadAddress as error:
        raise config.ConfigurationError(
            "MAIL_FROM must be an address, as shop@example.com or Shop <shop@example.com>"
        ) from error


def _address(name: str, address: str) -> Address:
    try:
        return Address(name, addr_spec=sendable_form(address))
    except ValueError as error:
        raise BadAddress("not an address that can be written to") from error
