"""The shapes of what is answered about papers."""

from decimal import Decimal
from typing import TypedDict

from orders.answers.orders import Order


class PaperHead(TypedDict):
    """A paper in a list; `net` and `tax` are the sums of all rates."""

    number: str
    kind: str
    order_id: int
    order_number: str
    issued_on: str
    supplied_on: str
    corrects: str | None
    currency: str
    net: Decimal
    tax: Decimal
    deduction: Decimal
    total: Decimal
    paid_on: str | None
    buyer_name: str


class PaperSeller(TypedDict):
    """Who sold, as the terms said when the paper was issued."""

    name: str
    lines: list[str]
    country: str | None
    vat_number: str | None
    fiscal_code: str | None
    email: str | None
    phone: str | None


class PaperBuyer(TypedDict):
    """To whom a paper is addressed."""

    name: str
    street: str | None
    zip_code: str | None
    city: str | None
    state: str | None
    country: str | None
    country_name: str | None
    vat_number: str | None
    fiscal_code: str | None
    recipient_code: str | None
    certified_email: str | None


class PaperLine(TypedDict):
    """A line of a paper, its amounts without tax; `rate` is a fraction."""

    kind: str
    text: str
    quantity: int
    unit_price: Decimal
    amount: Decimal
    rate: Decimal
    line: int | None
    sku: str | None
    numbers: list[int]


class PaperTax(TypedDict):
    """What one rate (a fraction) comes to."""

    country: str
    tax_class: str
    rate: Decimal
    net: Decimal
    tax: Decimal


class Paper(PaperHead):
    """All that an invoice, credit note or debit note says."""

    language: str
    corrects_of: str | None
    payment_method: str | None
    payment_terms: str | None
    tax_treatment: str | None
    created_at: str
    sentences: list[str]
    seller: PaperSeller
    buyer: PaperBuyer
    lines: list[PaperLine]
    taxes: list[PaperTax]


class Papers(TypedDict):
    """Papers of a year; `next` is the last number, where more may follow behind it."""

    papers: list[PaperHead]
    year: int
    next: str | None


class FileAddress(TypedDict):
    """Where a file can be fetched for some minutes."""

    url: str


class InvoicedOrder(Order):
    """An order whose invoice is issued, with it."""

    paper: Paper
