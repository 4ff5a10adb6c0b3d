"""What administrators may send about papers: to whom an invoice is issued, other than its order says."""

from marshmallow import fields

from common.http.fields import Country, Text
from common.http.validation import Schema
from orders.order_schemas import Email


class BuyerSchema(Schema):
    """A buyer as invoices name one."""

    name = Text(200, shortest=1, required=True)
    street = Text(300, allow_none=True)
    zip_code = Text(20, allow_none=True)
    city = Text(200, allow_none=True)
    state = Text(200, allow_none=True)
    country = Country(allow_none=True)
    country_name = Text(100, allow_none=True)
    vat_number = Text(20, allow_none=True)
    fiscal_code = Text(30, allow_none=True)
    recipient_code = Text(7, allow_none=True)
    certified_email = Email(allow_none=True)


class InvoiceSchema(Schema):
    """The invoice of an order; without a `buyer` it is addressed as the order's billing address says."""

    buyer = fields.Nested(BuyerSchema, allow_none=True)
