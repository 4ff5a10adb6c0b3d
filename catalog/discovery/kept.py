"""Documents of the whole public catalogue, made once for each of its states and kept packed."""

import json
import zlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime

from catalog.discovery.merchant_feed import items_of, parts_of
from catalog.discovery.sitemap import sitemaps
from catalog.discovery.storefront import storefront
from catalog.index.pages import View, shown_settings
from catalog.listing import ProductPage, list_products
from catalog.product_filters import Filters
from common import config
from common.clock import iso
from common.http.caching import version_tag
from common.release import release
from common.repositories.products import PUBLISHED, Product

SITEMAP, FEED = "sitemap", "feed"

# The items of so many products are kept one by one as well, so that a change makes but one of them anew.
_KEPT_ITEMS = 2_000
# By table and document: of which state it is, and its parts.
_kept: dict[tuple[str, str], tuple[str, list[bytes]]] = {}


@dataclass(frozen=True, slots=True)
class Parts:
    """A document of the public catalogue in parts.

    `version` tells its state from every other, and is empty where that is not known. The parts are made when
    they are asked for.
    """

    version: str
    _name: str
    _make: Callable[[], tuple[list[str], bool]]

    def texts(self) -> tuple[list[bytes], bool]:
        """Each part packed, and whether all of them are of the state that `version` tells."""
        place = config.table_name(), self._name
        held = _kept.get(place)
        if self.version and held is not None and held[0] == self.version:
            return held[1], True
        texts, are_current = self._make()
        packed = [zlib.compress(text.encode(), 1) for text in texts]
        if self.version and are_current:
            _kept[place] = (self.version, packed)
        return packed, are_current


def reset() -> None:
    """Forgets the documents of all tables."""
    _kept.clear()


def unpacked(part: bytes) -> str:
    """The text of a part."""
    return zlib.decompress(part).decode()


def sitemap_parts(now: datetime) -> Parts:
    """The sitemaps of what is public `now`; NotFound (404) where the shop is told of no storefront."""
    storefront()
    found = _public(now)
    return Parts(_version(SITEMAP, found), SITEMAP, lambda: (sitemaps(found.rows), True))


def feed_parts(now: datetime) -> Parts:
    """The parts of the Merchant feed of what is public `now`; NotFound as above."""
    storefront()
    found = _public(now)

    def make() -> tuple[list[str], bool]:
        name = (FEED, *_settings()) if len(found.rows) <= _KEPT_ITEMS else None
        entries = found.entries(View(name, _items))
        items = [str(json.loads(shown.encoded_json)["items"]) for shown in entries.shown]
        return parts_of(items), entries.all_current

    return Parts(_version(FEED, found), FEED, make)


def _public(now: datetime) -> ProductPage:
    """All that is public, by id."""
    return list_products(Filters((PUBLISHED,), sort_by="id", descending=False, at=iso(now)), 1, 0)


def _items(product: Product) -> dict[str, str]:
    return {"items": items_of(product)}


def _settings() -> tuple[Hashable, ...]:
    """The settings that the documents depend on."""
    return (
        config.storefront_url(),
        config.storefront_product_path(),
        config.storefront_brand(),
        config.sitemaps_url(),
    )


def _version(name: str, found: ProductPage) -> str:
    if not found.version:
        return ""
    return version_tag(name, found.version, release("catalog", "common"), shown_settings(), _settings())
