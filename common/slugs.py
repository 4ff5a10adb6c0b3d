"""Slugs: the readable part of a URL, made from a title."""

import re
import zlib

from common.collation import folded

LONGEST_SLUG = 255

_OTHERS = re.compile(r"[^a-z0-9]+")
# What ECMAScript calls blanks, and the underscore: clients show the slug before the shop makes it.
_BLANKS = re.compile("[\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff_]+")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9-]+")
_HYPHENS = re.compile(r"-+")


def slugify(title: str) -> str:
    """`title` in [a-z0-9-], at most 255 characters, never empty: `Città di Notte!` gives `citta-di-notte`.

    A title without a single Latin letter or digit gives `item-` and a checksum of the title,
    so that two such titles seldom meet.
    """
    slug = _OTHERS.sub("-", folded(title.replace("&", " and "))).strip("-")[:LONGEST_SLUG].rstrip("-")
    return slug or f"item-{zlib.crc32(title.encode('utf-8', 'surrogatepass')):08x}"


def name_slug(name: str) -> str:
    """The slug of a name that somebody chose to be known by, empty where nothing is left of it.

    Letters that are not in [a-z0-9] are dropped, not spelt out: `Jörg` gives `jrg`, because the marketplace's
    clients show that before they send the name.
    """
    hyphened = _NOT_IN_NAMES.sub("", _BLANKS.sub("-", name.lower()))
    return _HYPHENS.sub("-", hyphened).strip("-")


def numbered(name: str, number: int, longest: int = LONGEST_SLUG) -> str:
    """`name-number`, the name cut where both together would be too long; the first is the name itself."""
    tail = "" if number == 1 else f"-{number}"
    return name[: longest - len(tail)].rstrip("-") + tail
