"""Pages of the shop's own that are reached by a link: HTML from templates that escape all that they show."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from common.http.responses import Document, Response
from common.languages import preferred
from common.signed_links import LinkEnded

if TYPE_CHECKING:
    from jinja2 import Environment

HTML = "text/html"

# What pages share: their look (`layout.html`, with a title and a content), and what is said of an error.
SHARED = Path(__file__).parent / "page_templates"

# Styles stand in the page itself; nothing else is loaded, and its forms come back to the shop alone.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def page(
    folder: Path, name: str, values: Mapping[str, Any], *, status: int = 200, picture: str | None = None
) -> Response:
    """The page that the template `name` of a folder makes of `values`; its route declares `text/html`.

    `picture` is the address of the one picture that it shows of another host. A value that the template asks
    for and that is not there is a defect: jinja2.UndefinedError.
    """
    text = environment(folder).get_template(name).render(**values)
    document = Document(text, f"{HTML}; charset=utf-8")
    # Search engines keep away from what only the holder of a link may see.
    headers = {"Content-Security-Policy": _policy(picture), "X-Robots-Tag": "noindex"}
    return Response(document, status=status, headers=headers)


def refusal_page(refused: Response, code: str, accept_language: str | None) -> Response:
    """An error as a page, in the language that the caller reads; `code` is the error's own, if it has one.

    It says what people can do about it, and nothing of what the error says to programs.
    """
    kind = "ended" if code == LinkEnded.code else _KINDS.get(refused.status, "broken")
    said = {
        "language": preferred(accept_language),
        "kind": kind,
        "request_id": refused.body.get("request_id"),
    }
    shown = page(SHARED, "refusal.html", said, status=refused.status)
    return replace(shown, headers={**refused.headers, **shown.headers})


def _policy(picture: str | None) -> str:
    host = urlsplit(picture) if picture else None
    if host is None or not host.netloc or not _HOST.fullmatch(host.netloc):
        return _POLICY
    return _POLICY.replace("img-src 'self'", f"img-src 'self' {host.scheme}://{host.netloc}")


# A name and a port: nothing that ends one directive and begins another.
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]+")
_KINDS = {400: "unread", 404: "absent", 409: "state", 413: "unread", 415: "unread", 429: "often"}


@cache
def environment(folder: Path) -> "Environment":
    """The templates of a folder, and those that pages share behind them.

    Those named `.html` escape what they show, and none leaves a gap.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=FileSystemLoader([folder, SHARED]),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
