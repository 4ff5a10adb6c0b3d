"""Papers as an administrator and an accountant list them: by number, and as CSV with a row for each rate."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from common import config
from common.csv_files import csv_text
from common.errors import InvalidInput
from common.money import unrounded
from orders.repositories.paper_numbers import last_numbers
from orders.repositories.papers import CREDIT_NOTE, DEBIT_NOTE, INVOICE, Paper, papers_in

# Each is less than a KB in a list, and a row for each rate is less in a file: far within an answer.
MOST = 2000

# Words of Italy's electronic invoices, "Specifiche tecniche", codes TipoDocumento and Natura:
# https://www.fatturapa.gov.it/it/norme-e-regole/documentazione-fattura-elettronica/formato-fatturapa/
DOCUMENTS = {INVOICE: "TD01", CREDIT_NOTE: "TD04", DEBIT_NOTE: "TD05"}
NATURES = {"untaxed": "N2.2", "export": "N3.1", "reverse_charge": "N3.2", "one_stop_shop": "N7"}

COLUMNS = (
    "number",
    "document",
    "issued_on",
    "supplied_on",
    "corrects",
    "corrects_of",
    "order_number",
    "buyer",
    "street",
    "zip_code",
    "city",
    "state",
    "country",
    "vat_number",
    "fiscal_code",
    "recipient_code",
    "certified_email",
    "currency",
    "rate_percent",
    "nature",
    "net",
    "tax",
    "deduction",
    "total",
    "payment_method",
    "paid_on",
)
_OF_BUYER = COLUMNS[COLUMNS.index("street") : COLUMNS.index("currency")]


def year_in(text: str, now: datetime) -> int:
    """The year that is asked for, that of the shop's clock where none is. Raises InvalidInput."""
    if not text:
        return now.astimezone(config.shop_time_zone()).year
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise InvalidInput.of_field("year", "must be a year such as 2026")
    return int(text)


def listed(year: int, series: str, after: str) -> list[Paper]:
    """The papers of a year by series and number, or of one `series`; those behind the number `after`.

    At most MOST of them; one query for each series.
    """
    begun, _, last = after.partition(f"-{year}-")
    found: list[Paper] = []
    for name in (series,) if series else last_numbers(year):
        if name < begun:
            continue
        behind = int(last) if name == begun and last else 0
        found += papers_in(name, year, behind, MOST - len(found))
        if len(found) >= MOST:
            break
    return found


def papers_csv(papers: Sequence[Paper]) -> str:
    """The papers as CSV: a row for each rate, what is of the whole paper in its first row."""
    return csv_text(COLUMNS, (row for paper in papers for row in _rows(paper)))


def _rows(paper: Paper) -> Iterator[list[object]]:
    whole: dict[str, Any] = {
        "number": paper.number,
        "document": DOCUMENTS[paper.kind],
        "buyer": paper.buyer.name,
        **{name: getattr(paper.buyer, name) for name in _OF_BUYER},
        **{
            name: getattr(paper, name)
            for name in ("issued_on", "supplied_on", "corrects", "corrects_of", "order_number", "currency")
        },
        "payment_method": paper.payment_method,
        "paid_on": paper.paid_on,
    }
    for place, tax in enumerate(paper.taxes):
        amounts: dict[str, Any] = {
            "rate_percent": _percent(tax.rate),
            "nature": NATURES.get(paper.tax_treatment or "") if tax.rate == 0 else None,
            "net": unrounded(tax.net, paper.currency),
            "tax": unrounded(tax.tax, paper.currency),
        }
        if place == 0:
            amounts["deduction"] = unrounded(paper.deduction, paper.currency)
            amounts["total"] = unrounded(paper.total, paper.currency)
        row = whole | amounts
        yield [row.get(name) for name in COLUMNS]


def _percent(rate: Decimal) -> str:
    return f"{rate * 100:.2f}"
