"""What exports of other platforms have in common: texts with markup, options of variants, names of SKUs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from html import unescape
from html.parser import HTMLParser
from itertools import zip_longest

from catalog.product_files.said import Said
from common.http.responses import encode_json
from common.slugs import numbered, slugify

STANDARD = "Standard"
LONGEST_SKU = 100

# Between these a text goes on in a new line; what is in the others is no text.
_BLOCKS = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section"}
)
_SILENT = frozenset({"script", "style", "template", "head", "title", "noscript", "iframe", "object", "svg"})


class _TextOf(HTMLParser):
    """Collects the text of a page, line by line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _SILENT:
            self._silent.append(tag)
        if tag in _BLOCKS:
            self.parts.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            del self._silent[self._silent.index(tag) :]
        if tag in _BLOCKS - {"br", "li"}:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(" ".join(data.split(" ")).replace("\n", " "))


def plain_text(markup: str) -> str:
    """The text of HTML: no tags, scripts or styles; a line for each paragraph, a hyphen before list items."""
    reader = _TextOf()
    reader.feed(markup)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.parts).split("\n")]
    kept = [line for index, line in enumerate(lines) if line not in ("", "-") or (index and lines[index - 1])]
    return "\n".join(kept).strip().replace("\n\n\n", "\n\n")


def unescaped(text: str) -> str:
    """A text in which quotes and letters are written as HTML's entities, as Etsy's export has them."""
    return unescape(text).strip()


def option_cells(names: Iterable[str], values: Iterable[str]) -> tuple[str, str]:
    """The name of a variant with these options, and its attributes as JSON."""
    pairs = [
        (name.strip() or f"Option {number}", value.strip())
        for number, (name, value) in enumerate(zip_longest(names, values, fillvalue=""), 1)
        if value.strip()
    ]
    if not pairs:
        return STANDARD, ""
    return " / ".join(value for _, value in pairs), encode_json(dict(pairs))


def said_cells(row: int, texts: Mapping[str, str]) -> dict[str, Said]:
    """What is said in a row; an empty cell of another platform says nothing, and clears nothing."""
    return {name: Said(row, text) for name, text in texts.items() if text.strip()}


class Skus:
    """SKUs for variants that have none: the product's slug and the variant's name, each once."""

    def __init__(self) -> None:
        self._made: Counter[str] = Counter()

    def make(self, slug: str, variant: str) -> str:
        """A SKU for a variant of this name; the same at each reading of a file."""
        base = slug if variant == STANDARD else f"{slug}-{slugify(variant)}"
        self._made[base] += 1
        return numbered(base, self._made[base], LONGEST_SKU)
