"""An invoice, credit note or debit note as PDF: what is drawn where, on as many pages as it takes."""

from decimal import Decimal

from orders.papers.pdf import BOLD, HEIGHT, MARGIN, REGULAR, WIDTH, Sheet, height_of, width_of, wrapped
from orders.papers.words import Words, words_of
from orders.repositories.papers import Paper, PaperLine, Party

_SMALL, _PLAIN, _LARGE = 8.0, 9.0, 20.0
_END = WIDTH - MARGIN
_BOTTOM = HEIGHT - MARGIN - 24
_GREY = 0.35
_HALF = 230.0
_DESCRIPTION = 222.0
# Where the columns of numbers end.
_QUANTITY, _UNIT, _RATE, _AMOUNT = 324.0, 404.0, 450.0, _END


def paper_pdf(paper: Paper) -> bytes:
    """The PDF of a paper; the same paper makes the same bytes."""
    # The first time it is drawn to count its pages.
    first = _Drawing(paper, 0)
    first.draw()
    second = _Drawing(paper, first.sheet.page)
    return second.draw()


class _Drawing:
    def __init__(self, paper: Paper, pages: int) -> None:
        self.paper = paper
        self.pages = pages
        self.words: Words = words_of(paper.language)
        self.title = f"{self.words.title_of(paper.kind)} {paper.number}"
        self.sheet = Sheet(self.title, paper.seller.name)

    def draw(self) -> bytes:
        self._head()
        self._table_head()
        for line in self.paper.lines:
            self._line(line)
        self._totals()
        self._remarks()
        self._foot()
        return self.sheet.finish()

    def _head(self) -> None:
        top = self.sheet.y
        self._column(MARGIN, _seller_lines(self.paper, self.words), bold_first=True)
        seller_end, self.sheet.y = self.sheet.y, top
        x = _END - _HALF + 20
        self.sheet.text(x, self.words.title_of(self.paper.kind), size=_LARGE, font=BOLD)
        self.sheet.y += 30
        for name, value in self._facts():
            self.sheet.text(x, name, size=_SMALL, grey=_GREY)
            self.sheet.y += self.sheet.block(x + 92, value, _HALF - 112, size=_PLAIN) + 2
        self.sheet.y = max(self.sheet.y, seller_end) + 18
        self.sheet.text(MARGIN, self.words.buyer, size=_SMALL, grey=_GREY)
        self.sheet.y += 12
        self._column(MARGIN, _party_lines(self.paper.buyer, self.words), bold_first=True)
        self.sheet.y += 20

    def _facts(self) -> list[tuple[str, str]]:
        paper, words = self.paper, self.words
        facts = [
            (words.number, paper.number),
            (words.issued, words.day(paper.issued_on)),
            (words.supplied, words.day(paper.supplied_on)),
            (words.order, paper.order_number),
        ]
        if paper.corrects is not None and paper.corrects_of is not None:
            named = words.corrects.format(number=paper.corrects, day=words.day(paper.corrects_of))
            facts.append((words.reference, named))
        return facts

    def _column(self, x: float, lines: list[str], *, bold_first: bool = False) -> None:
        for place, line in enumerate(lines):
            font = BOLD if bold_first and place == 0 else REGULAR
            self.sheet.y += self.sheet.block(x, line, _HALF, size=_PLAIN, font=font)

    def _table_head(self) -> None:
        words = self.words
        self.sheet.text(MARGIN, words.description, size=_SMALL, grey=_GREY)
        for x, text in (
            (_QUANTITY, words.quantity),
            (_UNIT, words.unit_price),
            (_RATE, words.rate),
            (_AMOUNT, f"{words.amount} {self.paper.currency}"),
        ):
            self.sheet.text(x, text, size=_SMALL, grey=_GREY, align="right")
        self.sheet.y += 13
        self.sheet.rule(MARGIN, _END)
        self.sheet.y += 5

    def _line(self, line: PaperLine) -> None:
        words, currency = self.words, self.paper.currency
        below = _below(line, words)
        names = wrapped(line.text, _DESCRIPTION, REGULAR, _PLAIN)
        more = wrapped(below, _DESCRIPTION, REGULAR, _SMALL) if below else []
        height = height_of(len(names), _PLAIN) + height_of(len(more), _SMALL) + 5
        if self._needs_page(height):
            self._table_head()
        top = self.sheet.y
        for x, text in (
            (_QUANTITY, str(line.quantity)),
            (_UNIT, words.amount_text(line.unit_price, currency)),
            (_RATE, words.percent(line.rate)),
            (_AMOUNT, words.amount_text(line.amount, currency)),
        ):
            self.sheet.text(x, text, size=_PLAIN, align="right")
        self.sheet.y += self.sheet.block(MARGIN, line.text, _DESCRIPTION, size=_PLAIN)
        for text in more:
            self.sheet.text(MARGIN, text, size=_SMALL, grey=_GREY)
            self.sheet.y += height_of(1, _SMALL)
        self.sheet.y = top + height

    def _totals(self) -> None:
        paper, words = self.paper, self.words
        rows: list[tuple[str, Decimal]] = []
        for tax in paper.taxes:
            rate = words.percent(tax.rate)
            rows.append((words.net.format(rate=rate), tax.net))
            rows += [(words.tax.format(rate=rate), tax.tax)] if tax.tax else []
        rows += [(words.deduction, -paper.deduction)] if paper.deduction else []
        self._needs_page(height_of(len(rows) + 3))
        self.sheet.rule(MARGIN, _END)
        self.sheet.y += 8
        for name, value in rows:
            self._total(name, value, _PLAIN, REGULAR)
        self.sheet.y += 3
        self._total(words.total, paper.total, 12, BOLD)
        self.sheet.y += 10

    def _total(self, name: str, value: Decimal, size: float, font: str) -> None:
        text = self.words.money(value, self.paper.currency)
        self.sheet.text(_AMOUNT, text, size=size, font=font, align="right")
        left = min(_AMOUNT - width_of(text, font, size) - 16, _RATE)
        self.sheet.text(left, name, size=size, font=font, align="right")
        self.sheet.y += size * 1.5

    def _remarks(self) -> None:
        paper, words = self.paper, self.words
        remarks = list(paper.sentences)
        if paper.payment_terms:
            remarks.insert(0, f"{words.payment_terms}: {paper.payment_terms}")
        if paper.paid_on is not None:
            remarks.insert(0, words.paid.format(day=words.day(paper.paid_on)))
        for remark in remarks:
            for line in wrapped(remark, _END - MARGIN, REGULAR, _PLAIN):
                self._needs_page(height_of(1, _PLAIN))
                self.sheet.text(MARGIN, line, size=_PLAIN)
                self.sheet.y += height_of(1, _PLAIN)
            self.sheet.y += 4

    def _needs_page(self, height: float) -> bool:
        """Begins another page where so much does not fit on this one any more; whether it has."""
        if self.sheet.y + height <= _BOTTOM:
            return False
        self._foot()
        self.sheet.next_page()
        return True

    def _foot(self) -> None:
        here, self.sheet.y = self.sheet.y, HEIGHT - MARGIN
        page = self.words.page.format(page=self.sheet.page, pages=self.pages)
        self.sheet.text(MARGIN, self.title, size=_SMALL, grey=_GREY)
        self.sheet.text(_END, page, size=_SMALL, grey=_GREY, align="right")
        self.sheet.y = here


def _below(line: PaperLine, words: Words) -> str:
    """What stands below a line's text: its SKU, the numbers of its pieces of an edition."""
    parts = [f"{words.sku} {line.sku}"] if line.sku else []
    if line.numbers:
        parts.append(f"{words.edition_number} {', '.join(map(str, line.numbers))}")
    return " · ".join(parts)


def _seller_lines(paper: Paper, words: Words) -> list[str]:
    seller = paper.seller
    lines = [seller.name, *seller.lines, *([seller.country] if seller.country else [])]
    lines += _numbers(seller.vat_number, seller.fiscal_code, words)
    return [*lines, *(it for it in (seller.email, seller.phone) if it)]


def _party_lines(party: Party, words: Words) -> list[str]:
    return [party.name, *party.lines, *_numbers(party.vat_number, party.fiscal_code, words)]


def _numbers(vat_number: str | None, fiscal_code: str | None, words: Words) -> list[str]:
    lines = [f"{words.vat_number} {vat_number}"] if vat_number else []
    return [*lines, *([f"{words.fiscal_code} {fiscal_code}"] if fiscal_code else [])]
