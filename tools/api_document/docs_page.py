"""The page on which the document is read and tried: Swagger UI, which Powertools brings, and a few lines."""

from dataclasses import dataclass
from html import escape
from importlib.util import find_spec
from pathlib import Path
from string import Template

OWN = Path(__file__).parent / "docs_page_files"
# Where Powertools keeps it; found without importing Powertools, which would be slow.
SWAGGER_UI = "event_handler/openapi/swagger_ui"
INDEX = "index.html"

# Nothing but the page's own files and the API that it asks; Swagger UI has a few pictures in its styles.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src {asked}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True)
class PageFile:
    """A file of the page: its media type and its bytes."""

    content_type: str
    data: bytes


def page_files(document: str) -> dict[str, PageFile]:
    """The files of the page by name, its own address being a folder; `document` is the document's address."""
    markup = Template((OWN / INDEX).read_text(encoding="utf-8")).substitute(document=escape(document))
    return {
        INDEX: PageFile("text/html; charset=utf-8", markup.encode()),
        "page.css": PageFile("text/css; charset=utf-8", (OWN / "page.css").read_bytes()),
        "page.js": PageFile("text/javascript; charset=utf-8", (OWN / "page.js").read_bytes()),
        "swagger-ui.css": PageFile("text/css; charset=utf-8", _swagger_ui("swagger-ui.min.css")),
        "swagger-ui.js": PageFile("text/javascript; charset=utf-8", _swagger_ui("swagger-ui-bundle.min.js")),
    }


def headers(asked: str = "'self'") -> dict[str, str]:
    """The headers with which the page is served; `asked` says whom it may call, in words of CSP."""
    return {
        "Content-Security-Policy": POLICY.format(asked=asked),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


def _swagger_ui(name: str) -> bytes:
    found = find_spec("aws_lambda_powertools")
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError("aws_lambda_powertools is not installed")
    return (Path(found.submodule_search_locations[0]) / SWAGGER_UI / name).read_bytes()
