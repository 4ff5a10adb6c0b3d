"""`/mail` of the shop on this machine: the mails that it has written, newest first, and each as it looks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from html import escape
from pathlib import Path

from common import config

BASE = "/mail"
SHOWN = 200
_STYLE = (Path(__file__).parent / "home_page" / "home.css").read_text(encoding="utf-8")
_HEADERS = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted")
_KEPT = {
    "Cache-Control": "no-store",
    "Content-Type": "text/html; charset=utf-8",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_OWN = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'"
# What a mail holds runs nothing and sends nothing; its links open beside it.
_ALLOWED = "allow-popups allow-popups-to-escape-sandbox"
_OF_MAIL = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox {_ALLOWED}"


@dataclass(frozen=True)
class Stored:
    """A mail in the folder, by the name of its file."""

    name: str
    message: EmailMessage


def mail_page(path: str) -> tuple[str, Mapping[str, str]] | None:
    """The page at a path from `/mail` on, and its headers; None where there is none."""
    mails = stored_mails()
    if path.rstrip("/") == BASE:
        return _page("Mail", _list(mails)), _headers(_OWN)
    name = path.removeprefix(f"{BASE}/")
    found = next((each for each in mails if name in {each.name, f"{each.name}.html"}), None)
    if found is None:
        return None
    if name.endswith(".html"):
        return _html_of(found.message), _headers(_OF_MAIL)
    return _page(str(found.message["Subject"]), _one(found)), _headers(_OWN)


def stored_mails() -> list[Stored]:
    """The mails of the folder that `MAIL_FOLDER` names, newest first."""
    folder = config.setting("MAIL_FOLDER")
    if not folder:
        return []
    files = sorted(Path(folder).glob("*.eml"), key=lambda each: each.stat().st_mtime, reverse=True)
    return [Stored(each.stem, _read(each)) for each in files[:SHOWN]]


def _read(file: Path) -> EmailMessage:
    # By the policy `default` it is an EmailMessage.
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)  # noqa: S101
    return message


def _list(mails: Iterable[Stored]) -> str:
    rows = [
        f'<li><a href="{BASE}/{escape(each.name)}">{escape(str(each.message["Subject"]))}</a> '
        f"<span>{escape(str(each.message['To']))}, {_date(each.message)}</span></li>"
        for each in mails
    ]
    return f'<ul class="links">{"".join(rows)}</ul>' if rows else "<p>No mail was written yet.</p>"


def _one(mail: Stored) -> str:
    headers = [
        f"<dt>{name}</dt><dd>{escape(str(mail.message[name]))}</dd>"
        for name in _HEADERS
        if mail.message[name]
    ]
    frame = (
        f'<iframe title="The mail" sandbox="{_ALLOWED}" src="{BASE}/{escape(mail.name)}.html" '
        'style="width:100%;height:44rem;border:1px solid #d8d0c4"></iframe>'
    )
    text = escape(_part(mail.message, "plain"))
    return (
        f'<p><a href="{BASE}">All mails</a></p><dl>{"".join(headers)}</dl><h2>As it looks</h2>{frame}'
        f'<h2>As text</h2><pre style="white-space:pre-wrap">{text}</pre>'
    )


def _html_of(message: EmailMessage) -> str:
    # A link of the mail is followed beside the page, as a mail program does.
    return _part(message, "html").replace("<head>", '<head><base target="_blank">', 1)


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return "" if body is None else str(body.get_content())


def _date(message: EmailMessage) -> str:
    return escape(f"{parsedate_to_datetime(str(message['Date'])):%Y-%m-%d %H:%M} UTC")


def _page(title: str, content: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f'<p><a href="/">The shop</a></p><h1>{escape(title)}</h1>{content}</body></html>'
    )


def _headers(policy: str) -> dict[str, str]:
    return {**_KEPT, "Content-Security-Policy": policy}
