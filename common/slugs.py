"""Slugs: the readable part of a URL, made from a title."""

import re
import zlib

from common.collation import folded

LONGEST_SLUG = 255

_OTHERS = re.compile(r"[^a-z0-9]+")


def slugify(title: str) -> str:
    """`title` in [a-z0-9-], at most 255 characters, never empty: `Città di Notte!` gives `citta-di-notte`.

    A title without a single Latin letter or digit gives `item-` and a checksum of the title,
    so that two such titles seldom meet.
    """
    slug = _OTHERS.sub("-", folded(title.replace("&", " and "))).strip("-")[:LONGEST_SLUG].rstrip("-")
    return slug or f"item-{zlib.crc32(title.encode('utf-8', 'surrogatepass')):08x}"


def numbered(name: str, number: int, longest: int = LONGEST_SLUG) -> str:
    """`name-number`, the name cut where both together would be too long; the first is the name itself."""
    tail = "" if number == 1 else f"-{number}"
    return name[: longest - len(tail)].rstrip("-") + tail
