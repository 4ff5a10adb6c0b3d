"""`/` of the shop on this machine: what runs and is sold, how to sign in, how a storefront uses it."""

import base64
import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import quote, urlsplit

from common import config
from common.dynamodb import table_name
from etsy_sync.adapters.registry import CHANNELS
from tools.all_jobs import jobs_to_run
from tools.local.gateway import Gateway, sent_bytes
from tools.paths import data_dir

SHOWN = 6
_FILES = Path(__file__).parent / "home_page"

# Each of the page's addresses: where it leads and what is there.
LINKS = (
    ("/studio", "The studio: what waits for approval, accounts, numbers, stock"),
    ("/mail", "The mails that the shop has written"),
    ("/docs/", "The API: every operation, to read and to try"),
    ("/openapi.json", "The same as a document (OpenAPI 3.1)"),
    ("/health", "Whether the storage answers"),
    ("/api/products", "The products, as the storefront gets them"),
    ("/api/personaggi", "The characters"),
    ("/api/fumetti", "The comics"),
)


def is_wanted(accept: str) -> bool:
    """Whether a caller wants a page rather than JSON, by its Accept header: browsers name HTML."""
    return "text/html" in accept.lower()


def home_page(gateway: Gateway, host: str) -> tuple[str, dict[str, str]]:
    """The page and its headers; `host` is the address by which it was asked for, such as localhost:8000."""
    style = (_FILES / "home.css").read_text(encoding="utf-8")
    products = _asked(gateway, f"/api/products?per_page={SHOWN}").get("products", [])
    health = str(_asked(gateway, "/health").get("status", "unknown"))
    page = Template((_FILES / "home.html").read_text(encoding="utf-8")).substitute(
        style=style,
        health=escape(health),
        running=_terms(_running()),
        channels=_terms((name, _state(channel.is_configured())) for name, channel in CHANNELS.items()),
        jobs=_terms((name, f"{job.does}; {job.schedule}") for name, job in jobs_to_run().items()),
        user=escape(os.environ.get("ADMIN_USERNAME", "")),
        password=escape(_where_the_password_is(os.environ)),
        products="\n".join(_product(each) for each in products) or "<p>There are no products yet.</p>",
        links="\n".join(
            f'<li><a href="{href}">{href}</a> <span>{escape(text)}</span></li>' for href, text in LINKS
        ),
        storefront=escape(storefront_lines(f"http://{host}")),
        origins=escape(", ".join(sorted(config.cors_allowed_origins()))),
    )
    return page, _headers(style)


def storefront_lines(url: str) -> str:
    """What a storefront's environment says so that it uses the shop at `url`."""
    return f"NEXT_PUBLIC_API_URL={url}\nBACKEND_URL={url}"


def _asked(gateway: Gateway, target: str) -> Mapping[str, Any]:
    """What the API answers; empty where it answers no object."""
    answer = gateway.ask("GET", target, [], None, "127.0.0.1")
    found = json.loads(sent_bytes(answer) or b"{}")
    return found if isinstance(found, dict) else {}


def _running() -> Sequence[tuple[str, str]]:
    queue = os.environ.get("STOCK_QUEUE_URL", "")
    engine = next((os.environ[name] for name in _ENGINES if os.environ.get(name)), "AWS")
    return (
        ("Engine", engine),
        ("Table", table_name()),
        ("Bucket", config.bucket_name()),
        ("Queue", urlsplit(queue).path.rpartition("/")[2] or "none"),
        ("Data", str(data_dir())),
    )


_ENGINES = ("DYNAMODB_ENDPOINT", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL")


def _state(is_configured: bool) -> str:
    return "configured" if is_configured else "not configured"


def _where_the_password_is(environ: Mapping[str, str]) -> str:
    """Never the password itself: whatever runs on this machine can read this page."""
    if environ.get("ADMIN_PASSWORD"):
        return "the one that ADMIN_PASSWORD gave"
    return "the one that the terminal shows in which the shop was started"


def _terms(pairs: Iterable[tuple[str, str]]) -> str:
    lines = [f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in pairs]
    return "\n".join(lines)


def _product(product: Mapping[str, Any]) -> str:
    title = escape(str(product["title"]))
    images = product.get("images") or []
    picture = (
        f'<img src="{escape(images[0]["url"])}" alt="{_words_for(images[0], title)}" loading="lazy">'
        if images
        else ""
    )
    address = escape(f"/api/products/{quote(str(product['slug']))}")
    price = escape(f"{product['base_price']} {product['currency']}")
    return f'<li><a href="{address}">{picture}<span>{title}</span></a><span class="price">{price}</span></li>'


def _words_for(image: Mapping[str, Any], title: str) -> str:
    # The title stands beside the picture: said twice it helps nobody.
    words = escape(str(image.get("alt_text") or ""))
    return "" if words == title else words


def _headers(style: str) -> dict[str, str]:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    pictures = urlsplit(config.media_base_url())
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; "
        f"img-src 'self' data: {pictures.scheme}://{pictures.netloc}; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Content-Type": "text/html; charset=utf-8",
        "Referrer-Policy": "no-referrer",
        "Vary": "Accept",
        "X-Content-Type-Options": "nosniff",
    }
