"""The text of a mail, made of its HTML: one template says both."""

import re
from html.parser import HTMLParser

_BLOCKS = frozenset({"p", "div", "h1", "h2", "h3", "table", "ul", "ol", "hr", "footer", "header"})
_LINES = frozenset({"tr", "li", "br"})
_HIDDEN = frozenset({"head", "style", "title", "script"})


def text_of(html: str) -> str:
    """What a reader of this HTML sees, in lines: cells side by side, and each link with its address."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._hidden = 0
        self._link = ""
        self._label: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in _BLOCKS:
            self._parts.append("\n\n")
        elif tag in _LINES:
            self._parts.append("\n- " if tag == "li" else "\n")
        elif tag == "a":
            self._link, self._label = dict(attrs).get("href") or "", []

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden -= 1
        elif tag in _BLOCKS:
            self._parts.append("\n\n")
        elif tag in {"td", "th"}:
            self._parts.append("  ")
        elif tag == "a":
            self._end_link()

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        # Line ends of the template are none of the text.
        words = re.sub(r"\s+", " ", data)
        self._parts.append(words)
        self._label.append(words)

    def text(self) -> str:
        lines = [re.sub(r"[ \t]*$|^[ \t]+", "", line) for line in "".join(self._parts).split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"

    def _end_link(self) -> None:
        label = "".join(self._label).strip()
        if self._link and label != self._link.removeprefix("mailto:"):
            self._parts.append(f": {self._link}")
        self._link = ""
