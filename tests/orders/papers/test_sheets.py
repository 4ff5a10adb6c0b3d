"""The PDF of a paper says what its row says, in both languages, on as many pages as it takes."""

from dataclasses import replace
from decimal import Decimal

import pypdfium2
import pytest

from common.languages import ENGLISH, ITALIAN
from common.repositories.orders import TaxAmount
from orders.papers.sheets import paper_pdf
from orders.papers.words import words_of
from orders.repositories.papers import CREDIT_NOTE, Paper
from tests.orders.papers.builders import an_invoice
from tests.support.papers import text_of

D = Decimal


def pages_of(data: bytes) -> int:
    document = pypdfium2.PdfDocument(data)
    try:
        return len(document)
    finally:
        document.close()


def flat(paper: Paper) -> str:
    return " ".join(text_of(paper_pdf(paper)).split())


@pytest.mark.parametrize(
    ("language", "amounts"),
    [
        (
            ITALIAN,
            [
                "1.234,50 EUR",
                "50,00",
                "22%",
                "5,5%",
                "01/12/2026",
                "30/11/2026",
                "Fattura",
                "Imponibile al 22%",
            ],
        ),
        (ENGLISH, ["1,234.50 EUR", "50.00", "22%", "5.5%", "1 December 2026", "30 November 2026", "Invoice"]),
    ],
)
def test_what_the_row_says_stands_on_the_paper(language: str, amounts: list[str]) -> None:
    low = TaxAmount("IT", "book", D("0.055"), D("1054.50"), D("58.00"))
    paper = an_invoice(
        language=language,
        taxes=(*an_invoice().taxes, low),
        total=D("1234.50"),
        sentences=("Operazione senza IVA.",),
        payment_terms="IBAN IT60X0542811101000000123456",
    )
    text = flat(paper)
    named = [paper.number, paper.order_number, "Łucja Čapková", "Österreich", "1010 Wien", "IT01234567890"]
    for part in (
        *named,
        *amounts,
        "Operazione senza IVA.",
        "IT60X0542811101000000123456",
        "Il bosco, Grande",
    ):
        assert part in text, part


def test_a_credit_note_names_its_invoice() -> None:
    note = an_invoice(kind=CREDIT_NOTE, number="NC-2026-1", corrects="FT-2026-17", corrects_of="2026-12-01")
    assert "fattura FT-2026-17 del 01/12/2026" in flat(note)
    assert "invoice FT-2026-17 of 1 December 2026" in flat(replace(note, language=ENGLISH))


def test_forty_lines_with_long_names_take_pages_each_with_its_number_and_lose_no_line() -> None:
    (line,) = an_invoice().lines
    lines = tuple(replace(line, line=it, text=f"Work {it:02d} " + "Wort " * 40) for it in range(1, 41))
    paper = an_invoice(lines=lines, buyer=replace(an_invoice().buyer, name="Wiśniewska " * 18))
    data = paper_pdf(paper)
    text = text_of(data)
    pages = pages_of(data)
    assert pages > 3
    assert [text.count(f"Work {it:02d} ") for it in range(1, 41)] == [1] * 40
    assert [text.count(f"Pagina {page} di {pages}") for page in range(1, pages + 1)] == [1] * pages


def test_a_word_that_is_wider_than_its_column_is_broken_and_kept() -> None:
    word = "Donaudampfschifffahrt" * 12
    (line,) = an_invoice().lines
    text = text_of(paper_pdf(an_invoice(lines=(replace(line, text=word),))))
    # The numbers of the line stand beside the first part of the word.
    assert word in "".join(text.split()).replace("250,0022%100,00", "")


def test_a_rate_of_nothing_has_no_line_of_tax() -> None:
    none = TaxAmount("IT", "standard", D(0), D("122.00"), D("0.00"))
    text = flat(an_invoice(taxes=(none,)))
    assert "Imponibile al 0%" in text
    assert "IVA 0%" not in text


def test_the_same_row_makes_the_same_bytes_and_another_one_others() -> None:
    assert paper_pdf(an_invoice()) == paper_pdf(an_invoice())
    assert paper_pdf(an_invoice()) != paper_pdf(an_invoice(number="FT-2026-18"))


@pytest.mark.parametrize(("rate", "text"), [("0.22", "22%"), ("0.055", "5,5%"), ("0", "0%"), ("0.1", "10%")])
def test_rates_are_written_without_needless_zeros(rate: str, text: str) -> None:
    assert words_of(ITALIAN).percent(D(rate)) == text
