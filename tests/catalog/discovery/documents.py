"""Sitemaps and feeds as a strict reader takes them in, and a shop that has them."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
GOOGLE = "{http://base.google.com/ns/1.0}"
ATOM = "{http://www.w3.org/2005/Atom}"

STOREFRONT = "https://shop.example.com"


def whole(text: str) -> Element:
    """The root of a document. Fails for anything that is no XML, and for declarations of entities."""
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
    root: Element = fromstring(text.encode(), forbid_dtd=True)
    return root


def entries(text: str, kind: str = "url") -> list[dict[str, str]]:
    """What a sitemap, or the index of several, says of each page: nothing but what the protocol knows."""
    root = whole(text)
    assert root.tag == f"{SITEMAP}{'urlset' if kind == 'url' else 'sitemapindex'}"
    assert {each.tag for each in root} <= {SITEMAP + kind}
    found = [{part.tag.removeprefix(SITEMAP): part.text or "" for part in each} for each in root]
    assert all(entry.keys() <= {"loc", "lastmod"} and entry["loc"].startswith("https://") for entry in found)
    return found


@dataclass(frozen=True, slots=True)
class Feed:
    """The items of a part of a feed, each a map to the texts of an attribute, and which part is next."""

    items: list[dict[str, list[str]]]
    following: str | None


def feed(text: str) -> Feed:
    """What a part of the Merchant feed says."""
    root = whole(text)
    assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
    (channel,) = root
    about = [part for part in channel if part.tag in {"title", "link", "description"}]
    assert len({part.tag for part in about}) == len(about) == 3
    assert all(part.text for part in about)
    following = [part.get("href") for part in channel if part.tag == f"{ATOM}link"]
    items = [_item(part) for part in channel if part.tag == "item"]
    assert len(channel) == len(about) + len(following) + len(items)
    return Feed(items, following[0] if following else None)


def _item(parts: Iterable[Element]) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for part in parts:
        assert part.tag.startswith(GOOGLE)
        said.setdefault(part.tag.removeprefix(GOOGLE), []).append(part.text or "")
    assert all(len(texts) == 1 for name, texts in said.items() if name != "additional_image_link")
    assert said.keys() >= {"id", "title", "description", "link", "image_link", "availability", "price"}
    return said
