"""The sitemap of the storefront's product pages (https://www.sitemaps.org/protocol.html)."""

from collections.abc import Iterable, Sequence

from catalog.discovery.storefront import product_page
from catalog.discovery.xml_text import DECLARATION, elements
from common.repositories.listings import ListingRow

# The protocol allows 50,000 and 50 MB; of so many the largest still fits into one answer of Lambda.
MOST_URLS = 10_000
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemaps(rows: Sequence[ListingRow]) -> list[str]:
    """The sitemaps of these products, at most MOST_URLS in each; one that is empty where there are none."""
    starts = range(0, max(len(rows), 1), MOST_URLS)
    return [_sitemap(rows[start : start + MOST_URLS]) for start in starts]


def index(addresses: Iterable[str]) -> str:
    """The index of sitemaps that lie at these addresses."""
    entries = "".join(f"<sitemap>{elements([('loc', address)])}</sitemap>\n" for address in addresses)
    return f'{DECLARATION}<sitemapindex xmlns="{_NAMESPACE}">\n{entries}</sitemapindex>\n'


def _sitemap(rows: Iterable[ListingRow]) -> str:
    entries = "".join(f"<url>{elements(_entry(row))}</url>\n" for row in rows)
    return f'{DECLARATION}<urlset xmlns="{_NAMESPACE}">\n{entries}</urlset>\n'


def _entry(row: ListingRow) -> list[tuple[str, str | None]]:
    return [("loc", product_page(row.slug)), ("lastmod", _changed_at(row))]


def _changed_at(row: ListingRow) -> str | None:
    """When the page became what it is, as far as that is known: sales change no page."""
    known = [(row.document_mark or "").partition("#")[0], row.publish_at or ""]
    return max(known) or None
