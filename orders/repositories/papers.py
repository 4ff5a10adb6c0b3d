"""Invoices, credit notes and debit notes as they were issued: their type, rows and queries.

A row is added with all that its paper says, and nothing here or elsewhere changes it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from common import prefixes
from common.dynamodb import Index, Key, sort_key
from common.dynamodb.rows import Rows
from common.repositories.orders import NO_MONEY, TaxAmount
from common.repositories.selling_terms import Seller

INVOICE, CREDIT_NOTE, DEBIT_NOTE = "invoice", "credit_note", "debit_note"
_NUMBER = re.compile(r"[A-Z0-9]{1,8}-[0-9]{4}-[1-9][0-9]{0,7}")
GOODS, SHIPPING, DISCOUNT, OTHER = "goods", "shipping", "discount", "other"


@dataclass(frozen=True, slots=True)
class Party:
    """To whom a paper is addressed, in the parts that Italy's electronic invoices ask for.

    `country` in two letters (ISO 3166-1), None where it was not understood, `country_name` as it was written.
    `recipient_code` and `certified_email` are where electronic invoices reach a business.
    """

    name: str
    street: str | None = None
    zip_code: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    country_name: str | None = None
    vat_number: str | None = None
    fiscal_code: str | None = None
    recipient_code: str | None = None
    certified_email: str | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """The postal address as it is written below the name."""
        state = f"({self.state})" if self.state else None
        place = " ".join(part for part in (self.zip_code, self.city, state) if part)
        return tuple(line for line in (self.street, place, self.country_name or self.country) if line)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A line of a paper: `unit_price` and `amount` without the tax of `rate` (a fraction).

    `kind` says what it is for: goods, shipping, a discount (below 0), or something other. `line` is that of
    the order, `numbers` those of the pieces of an edition.
    """

    kind: str
    text: str
    quantity: int
    unit_price: Decimal
    amount: Decimal
    rate: Decimal
    line: int | None = None
    sku: str | None = None
    numbers: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as it was issued; amounts in `currency`, dates as `2026-01-31`, `created_at` ISO 8601 UTC.

    `total` is the `net` and `tax` of all `taxes`, which are by rate, less `deduction`: what was taken off
    after the tax. `supplied_on` is the date of the supply. `corrects` is the invoice that a credit or debit
    note is about, issued on `corrects_of`; `tax_treatment` the rule by which the order was taxed.
    """

    number: str
    kind: str
    order_id: int
    order_number: str
    issued_on: str
    supplied_on: str
    language: str
    currency: str
    seller: Seller
    buyer: Party
    lines: tuple[PaperLine, ...]
    taxes: tuple[TaxAmount, ...]
    total: Decimal
    created_at: str
    deduction: Decimal = NO_MONEY
    sentences: tuple[str, ...] = ()
    payment_method: str | None = None
    payment_terms: str | None = None
    paid_on: str | None = None
    corrects: str | None = None
    corrects_of: str | None = None
    tax_treatment: str | None = None

    @property
    def series(self) -> str:
        """Whose numbers have no gap: `FT` of `FT-2026-17`."""
        return self.number.split("-")[0]

    @property
    def year(self) -> int:
        """The year that its number names."""
        return int(self.number.split("-")[1])

    @property
    def sequence(self) -> int:
        """Its place in the series and year, from 1."""
        return int(self.number.split("-")[2])

    @property
    def net(self) -> Decimal:
        """All amounts without tax."""
        return sum((it.net for it in self.taxes), NO_MONEY)

    @property
    def tax(self) -> Decimal:
        """All tax."""
        return sum((it.tax for it in self.taxes), NO_MONEY)


_BY_NUMBER: Index[Paper] = Index("GSI1", prefixes.PAPER_SERIES + "#{series}#{year}", "{sequence:08d}")

PAPERS = Rows(
    Paper,
    "Paper",
    key=prefixes.PAPER + "#{number}",
    indexes=(_BY_NUMBER,),
    unstored=("deduction", "sentences"),
    # Stops a number that a restored counter would give out once more from writing over its paper.
    rereads=True,
)


def paper_key(number: str) -> Key:
    """The key of the row of a paper."""
    return PAPERS.key(number)


def paper_of(number: str) -> Paper | None:
    """The paper of this number, by one consistent read."""
    return PAPERS.get(number)


def papers_of(numbers: Iterable[str]) -> list[Paper]:
    """The papers of these numbers in their order, by one consistent read for each hundred."""
    keys = [paper_key(number) for number in numbers]
    found = PAPERS.many(keys)
    return [found[key] for key in keys if key in found]


def is_number(text: str) -> bool:
    """Whether a text has the form of a paper's number."""
    return _NUMBER.fullmatch(text) is not None


def papers_in(series: str, year: int, after: int = 0, limit: int | None = None) -> list[Paper]:
    """The papers of a series and year by number, at most `limit` behind the one numbered `after`.

    One query of GSI1 for each MB, about 1,000 papers.
    """
    behind = sort_key().gt(f"{after:08d}")
    return PAPERS.all(_BY_NUMBER.query(series=series, year=year, sort=behind), limit=limit)
