"""Pages of the shop's own that are reached by a link: HTML from templates that escape all that they show."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.http.responses import Document, Response

if TYPE_CHECKING:
    from jinja2 import Environment

HTML = "text/html"

# Styles stand in the page itself; nothing else is loaded, and its forms come back to the shop alone.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def page(folder: Path, name: str, values: Mapping[str, Any], *, status: int = 200) -> Response:
    """The page that the template `name` of a folder makes of `values`; its route declares `text/html`.

    A value that the template asks for and that is not there is a defect: jinja2.UndefinedError.
    """
    text = environment(folder).get_template(name).render(**values)
    document = Document(text, f"{HTML}; charset=utf-8")
    # Search engines keep away from what only the holder of a link may see.
    headers = {"Content-Security-Policy": _POLICY, "X-Robots-Tag": "noindex"}
    return Response(document, status=status, headers=headers)


@cache
def environment(folder: Path) -> "Environment":
    """The templates of a folder: those named `.html` escape what they show, and none leaves a gap."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
