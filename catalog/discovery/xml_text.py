"""Texts as XML 1.0 can hold them."""

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

# What no document may hold, escaped or not: https://www.w3.org/TR/xml/#charsets. Surrogates cannot be sent.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """A text between two tags, without what XML has no place for."""
    return escape(_FORBIDDEN.sub("", text))


def element(name: str, text: str) -> str:
    """An element with nothing but a text."""
    return f"<{name}>{xml_text(text)}</{name}>"


def elements(entries: Iterable[tuple[str, str | None]]) -> str:
    """Elements by their names, without those whose text is None or empty."""
    return "".join(element(name, text) for name, text in entries if text)
