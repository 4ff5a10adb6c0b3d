"""Routes of what search engines and shopping feeds read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from catalog.products import find_product
from common.errors import NotFound
from common.http import PUBLIC, Document, Request, Response, Role, Routes
from common.http.caching import version_tag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.discovery.kept import Parts

routes = Routes("catalog")

XML, RSS, JSON_LD = "application/xml", "application/rss+xml", "application/ld+json"
NO_PART = "There is no such part"
_PART = re.compile(r"[1-9][0-9]{0,4}")
_SITEMAP = re.compile(rf"({_PART.pattern})\.xml")


@routes.get("/sitemap.xml", role=PUBLIC, media_types=(XML,), refuses=(404,))
def get_sitemap(request: Request) -> Response:
    """The sitemap of all public products; where they are too many for one, the index of several."""
    from catalog.discovery.kept import sitemap_parts

    return _answer(request, sitemap_parts(request.now), "", XML)


@routes.get("/sitemaps/{sitemap}", role=PUBLIC, media_types=(XML,))
def get_part_of_sitemap(request: Request) -> Response:
    """One of several sitemaps, such as `/sitemaps/1.xml`."""
    from catalog.discovery.kept import sitemap_parts

    named = _SITEMAP.fullmatch(request.params["sitemap"])
    if named is None:
        raise NotFound(NO_PART)
    return _answer(request, sitemap_parts(request.now), named[1], XML)


@routes.get("/feeds/google.xml", role=PUBLIC, query=("part",), media_types=(RSS,), refuses=(404,))
def get_merchant_feed(request: Request) -> Response:
    """The Google Merchant feed of all public products; `part` where they are too many for one answer."""
    from catalog.discovery.kept import feed_parts

    return _answer(request, feed_parts(request.now), request.arg("part") or "1", RSS)


@routes.get("/api/products/{product}/json-ld", role=PUBLIC, media_types=(JSON_LD,))
def get_json_ld(request: Request) -> Document:
    """One product by slug, else by id, as JSON-LD for its page."""
    from catalog.discovery.json_ld import json_ld

    sees_all = request.may(Role.EDITOR)
    product = find_product(request.params["product"], request.now, sees_all=sees_all)
    return Document(json_ld(product), f"{JSON_LD}; charset=utf-8")


def _answer(request: Request, parts: Parts, named: str, media_type: str) -> Response:
    """The part with the number `named`, or for an empty one the whole; nothing is made for who holds it."""
    version = version_tag(parts.version, request.route, named) if parts.version else ""
    if version and request.holds(version):
        return Response(version=version, is_held=True)
    texts, are_current = parts.texts()
    text = _part(named, texts) if named else _sitemap_or_index(texts)
    document = Document(text, f"{media_type}; charset=utf-8")
    # What is not of the catalogue's state is nothing that its version stands for.
    return Response(document, version=version if are_current else "")


def _sitemap_or_index(texts: Sequence[bytes]) -> str:
    from catalog.discovery.kept import unpacked
    from catalog.discovery.sitemap import index
    from common import config

    if len(texts) == 1:
        return unpacked(texts[0])
    base = config.sitemaps_url()
    return index(f"{base}/sitemaps/{number}.xml" for number in range(1, len(texts) + 1))


def _part(number: str, texts: Sequence[bytes]) -> str:
    from catalog.discovery.kept import unpacked

    if not _PART.fullmatch(number) or int(number) > len(texts):
        raise NotFound(NO_PART)
    return unpacked(texts[int(number) - 1])
