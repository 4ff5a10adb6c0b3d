"""The files of the studio's page: each with its type, and one policy for what the page may load."""

from functools import cache
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from common import config
from common.http import Document

PAGE = Path(__file__).parent / "page"
INDEX = "index.html"
# Before the names of its files, where the page is asked for without a slash behind it.
FOLDER = "studio/"

TYPES = MappingProxyType(
    {
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".txt": "text/plain; charset=utf-8",
    }
)


@cache
def studio_page(*, is_in_folder: bool) -> Document:
    """The page itself; `is_in_folder` where its address ends with a slash: its files then lie beside it."""
    text = (PAGE / INDEX).read_text(encoding="utf-8")
    return Document(text.replace(f'"{FOLDER}', '"') if is_in_folder else text, TYPES[".html"])


@cache
def studio_files() -> dict[str, Document]:
    """What the page consists of besides, by name; nothing else is served, whatever is asked for."""
    return {
        file.name: Document(file.read_text(encoding="utf-8"), TYPES[file.suffix])
        for file in PAGE.iterdir()
        if file.suffix in TYPES and file.name != INDEX
    }


def policy() -> str:
    """The Content-Security-Policy of all of them.

    Scripts, styles and requests are the shop's own. Pictures of works may lie with whoever sells them.
    """
    pictures = urlsplit(config.media_base_url())
    # On a developer's machine the shop's own ones come by plain HTTP, maybe from another port.
    here = f" http://{pictures.netloc}" if pictures.scheme == "http" else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        f"img-src 'self' data: https:{here}; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
