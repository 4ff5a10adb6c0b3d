"""A sheet to draw on: pages of a PDF with letters of all of Europe, text that wraps, and QR codes.

Imported where a paper is made, and by no start: the library takes 50 ms. Units are points (1/72 inch),
counted from the upper left corner. The same drawing makes the same bytes.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from io import BytesIO
from itertools import groupby
from typing import Literal

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

REGULAR, BOLD = "Lato-Regular", "Lato-Bold"
MARGIN = 56.0
WIDTH, HEIGHT = A4

Align = Literal["left", "right", "centre"]

# The fonts that a reader of PDFs has for what Lato lacks; they are named in the file, not in it.
_JAPANESE, _KOREAN = "HeiseiKakuGo-W5", "HYGothic-Medium"
_MISSING = "\N{WHITE SQUARE}"
_UNSHOWN = "?"
_LEADING = 1.3


class Sheet:
    """A document that is drawn from its upper edge down; `y` is where it has got to on the page."""

    def __init__(self, title: str, author: str) -> None:
        self._bytes = BytesIO()
        # Without the moment and the random name that a PDF otherwise bears.
        self.canvas = Canvas(self._bytes, pagesize=A4, invariant=True, pageCompression=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.y = MARGIN
        self.page = 1
        _register()

    def text(
        self,
        x: float,
        text: str,
        *,
        size: float = 9,
        font: str = REGULAR,
        align: Align = "left",
        grey: float = 0,
    ) -> None:
        """One line of text at `x` (its left end, right end or middle), its upper edge at `y`."""
        shift = {"left": 0.0, "right": 1.0, "centre": 0.5}[align]
        place = x - shift * width_of(text, font, size)
        self.canvas.setFillGray(grey)
        for name, run in _runs(text, font):
            self.canvas.setFont(name, size)
            self.canvas.drawString(place, HEIGHT - self.y - size, run)
            place += pdfmetrics.stringWidth(run, name, size)

    def block(self, x: float, text: str, width: float, *, size: float = 9, font: str = REGULAR) -> float:
        """Text that wraps at `width`, from `y` down, which stays; the height that it takes."""
        top = self.y
        for line in wrapped(text, width, font, size):
            self.text(x, line, size=size, font=font)
            self.y += size * _LEADING
        height, self.y = self.y - top, top
        return height

    def rule(self, x: float, end: float, *, grey: float = 0.6) -> None:
        """A thin line across at `y`."""
        self.canvas.setStrokeGray(grey)
        self.canvas.setLineWidth(0.5)
        self.canvas.line(x, HEIGHT - self.y, end, HEIGHT - self.y)

    def qr(self, x: float, text: str, size: float) -> None:
        """A QR code of `text` in a square of `size`, its upper left corner at `x` and `y`."""
        # Only certificates have one, and it takes as long to import as all the rest.
        from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

        code = QRCode(None, QRErrorCorrectLevel.M)
        code.addData(text)
        code.make()
        rows = code.modules
        side = size / len(rows)
        self.canvas.setFillGray(0)
        for row, modules in enumerate(rows):
            for start, count in _dark(modules):
                bottom = HEIGHT - self.y - (row + 1) * side
                self.canvas.rect(x + start * side, bottom, count * side, side, stroke=0, fill=1)

    def next_page(self) -> None:
        """Ends the page and begins another at its upper margin."""
        self.canvas.showPage()
        self.page += 1
        self.y = MARGIN

    def finish(self) -> bytes:
        """The document; nothing can be drawn on it any more."""
        self.canvas.showPage()
        self.canvas.save()
        return self._bytes.getvalue()


def height_of(lines: int, size: float = 9) -> float:
    """How much room so many lines of a block take."""
    return lines * size * _LEADING


def width_of(text: str, font: str = REGULAR, size: float = 9) -> float:
    """How wide a line of text is."""
    _register()
    return sum((pdfmetrics.stringWidth(run, name, size) for name, run in _runs(text, font)), 0.0)


def wrapped(text: str, width: float, font: str = REGULAR, size: float = 9) -> list[str]:
    """The lines of a text where none may be wider; a word that alone is too wide is broken."""
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if width_of(longer, font, size) <= width:
                line = longer
                continue
            *whole, rest = _broken(word, width, font, size)
            lines += [*([line] if line else []), *whole]
            line = rest
        lines.append(line)
    return lines


def _broken(word: str, width: float, font: str, size: float) -> list[str]:
    parts, part = list[str](), ""
    for letter in word:
        if part and width_of(part + letter, font, size) > width:
            parts.append(part)
            part = ""
        part += letter
    return [*parts, part]


def _dark(modules: list[bool]) -> Iterator[tuple[int, int]]:
    """Where dark modules of a row begin and how many follow each other."""
    place = 0
    for is_dark, group in groupby(modules):
        count = len(list(group))
        if is_dark:
            yield place, count
        place += count


def _runs(text: str, font: str) -> Iterator[tuple[str, str]]:
    """The text in pieces that one font has, each with the font's name."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    for name, letters in groupby(shown, key=lambda letter: _font_of(letter, font)):
        run = "".join(letters)
        yield (name, run) if name else (font, _substitute(font) * len(run))


def _substitute(font: str) -> str:
    return _MISSING if ord(_MISSING) in _letters(font) else _UNSHOWN


@lru_cache(4096)
def _font_of(letter: str, font: str) -> str:
    """Which font has the letter: the one that is asked for, if it can be; empty where none has."""
    if ord(letter) in _letters(font):
        return font
    if "\uac00" <= letter <= "\ud7a3" or "\u1100" <= letter <= "\u11ff":
        return _KOREAN
    is_east_asian = "\u3000" <= letter <= "\u9fff" or "\uff00" <= letter <= "\uffee"
    return _JAPANESE if is_east_asian else ""


@cache
def _letters(font: str) -> frozenset[int]:
    found = pdfmetrics.getFont(font)
    return frozenset(found.face.charToGlyph) if isinstance(found, TTFont) else frozenset()


@cache
def _register() -> None:
    """Makes the fonts known to the library, once for each process."""
    for name in (REGULAR, BOLD):
        with resources.as_file(resources.files("fontpkg_lato") / "files" / f"{name}.ttf") as path:
            pdfmetrics.registerFont(TTFont(name, str(path)))
    for name in (_JAPANESE, _KOREAN):
        pdfmetrics.registerFont(UnicodeCIDFont(name))
