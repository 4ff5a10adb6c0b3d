"""What administrators may send as terms on which the shop sells; the seller among them."""

from typing import ClassVar

from marshmallow import fields
from marshmallow.validate import Length, Regexp

from common.http.fields import Choice, Country, Text, WholeNumber
from common.http.validation import Schema
from orders.order_schemas import Email
from orders.papers.issuing import ASKED, PAID, PLACED

MOST_LINES = 8
MOST_SENTENCES = 6


class TermsSchema(Schema):
    """The base of every part: the whole of it, and optionally the `version` that the sender has seen."""

    # The form sends back what it was shown, with its time.
    refused_of_new: ClassVar[frozenset[str]] = frozenset()

    version = WholeNumber(minimum=0, allow_none=True)


class SellerSchema(TermsSchema):
    """Who sells: name, postal address without the country, numbers as they stand on invoices."""

    name = Text(200, shortest=1, required=True)
    lines = fields.List(Text(200, shortest=1), validate=Length(max=MOST_LINES))
    country = Country(allow_none=True)
    vat_number = Text(20, shortest=1, allow_none=True)
    fiscal_code = Text(30, shortest=1, allow_none=True)
    email = Email(allow_none=True)
    phone = Text(40, shortest=1, allow_none=True)


class Series(Text):
    """What the numbers of papers begin with."""

    def __init__(self) -> None:
        super().__init__(8, validate=Regexp(r"[A-Z0-9]+\Z", error="must be capitals and digits"))


class PapersSchema(TermsSchema):
    """How invoices and credit notes are issued: their series, when, and what stands on each."""

    invoice_series = Series()
    credit_note_series = Series()
    issue_when = Choice(PAID, PLACED, ASKED)
    sentences = fields.List(Text(500, shortest=1), validate=Length(max=MOST_SENTENCES))
    payment_terms = Text(500, shortest=1, allow_none=True)
