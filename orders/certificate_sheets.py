"""The certificate of authenticity as PDF: one sheet to be signed, with a QR code of the piece's page."""

from dataclasses import dataclass

from common.languages import ENGLISH, ITALIAN
from common.repositories.editions import PROOF
from common.written_dates import month_text
from orders.certificates import Certificate
from orders.papers.pdf import BOLD, MARGIN, WIDTH, Sheet

_WIDE = WIDTH - 2 * MARGIN
_CODE = 120.0
_GREY = 0.35


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    number: str
    proof: str
    work: str
    variant: str
    place: str
    sold: str
    statement: str
    check: str
    signature: str
    date: str


_WORDS = {
    ENGLISH: _Words(
        title="Certificate of authenticity",
        number="Number {number} of an edition of {size}",
        proof="Artist's proof {number} of {size}",
        work="Work",
        variant="Print",
        place="Number",
        sold="First sold",
        statement=(
            "The piece that is described here is an original of the numbered edition. Its number was given "
            "out once and will not be given out again while the piece is in circulation."
        ),
        check="What is true of this piece today is said by this page, which never names its owner:",
        signature="The artist",
        date="Date",
    ),
    ITALIAN: _Words(
        title="Certificato di autenticità",
        number="Numero {number} di una tiratura di {size}",
        proof="Prova d'artista {number} di {size}",
        work="Opera",
        variant="Stampa",
        place="Numero",
        sold="Prima vendita",
        statement=(
            "L'esemplare qui descritto è un originale della tiratura numerata. Il suo numero è stato "
            "assegnato una sola volta e non sarà assegnato di nuovo finché l'esemplare è in circolazione."
        ),
        check="Ciò che è vero oggi di questo esemplare lo dice questa pagina, che non dice di chi è:",
        signature="L'artista",
        date="Data",
    ),
}


def certificate_pdf(certificate: Certificate, address: str, language: str, artist: str) -> bytes:
    """The certificate of a piece whose page is at `address`; the same piece makes the same bytes.

    `artist` is who signs, empty where the shop does not say who sells.
    """
    words = _WORDS[language]
    sheet = Sheet(f"{words.title}: {certificate.title} {certificate.number}/{certificate.size}", artist)
    sheet.y = 110
    sheet.text(WIDTH / 2, words.title, size=24, font=BOLD, align="centre")
    sheet.y += 52
    said = words.proof if certificate.kind == PROOF else words.number
    numbered = said.format(number=certificate.number, size=certificate.size)
    sheet.text(WIDTH / 2, numbered, size=14, align="centre")
    sheet.y += 48
    for name, value in _facts(certificate, words, language):
        sheet.text(MARGIN, name, size=9, grey=_GREY)
        sheet.y += sheet.block(MARGIN + 110, value, _WIDE - 110, size=12) + 8
    sheet.y += 24
    sheet.y += sheet.block(MARGIN, words.statement, _WIDE, size=11) + 40
    _signature(sheet, words, artist)
    _page(sheet, words, address)
    return sheet.finish()


def _facts(certificate: Certificate, words: _Words, language: str) -> list[tuple[str, str]]:
    proof = {ENGLISH: "A.P. ", ITALIAN: "P.A. "}[language] if certificate.kind == PROOF else ""
    facts = [
        (words.work, certificate.title),
        (words.variant, certificate.variant_name),
        (words.place, f"{proof}{certificate.number}/{certificate.size}"),
    ]
    sold = month_text(certificate.sold_in, language) if certificate.sold_in else ""
    return [*facts, (words.sold, sold)] if sold else facts


def _signature(sheet: Sheet, words: _Words, artist: str) -> None:
    sheet.y += 40
    half = _WIDE / 2 - 20
    sheet.rule(MARGIN, MARGIN + half)
    sheet.rule(MARGIN + half + 40, MARGIN + _WIDE)
    sheet.y += 4
    sheet.text(MARGIN, f"{words.signature}: {artist}" if artist else words.signature, size=9, grey=_GREY)
    sheet.text(MARGIN + half + 40, words.date, size=9, grey=_GREY)
    sheet.y += 60


def _page(sheet: Sheet, words: _Words, address: str) -> None:
    sheet.qr(MARGIN, address, _CODE)
    beside = MARGIN + _CODE + 20
    sheet.y += 30
    sheet.y += sheet.block(beside, words.check, _WIDE - _CODE - 20, size=10) + 8
    sheet.block(beside, address, _WIDE - _CODE - 20, size=8)
