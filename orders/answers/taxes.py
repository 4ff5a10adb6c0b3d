"""The shapes of what is answered about taxes beside orders."""

from decimal import Decimal
from typing import TypedDict


class VatNumber(TypedDict):
    """A business's VAT number: whether it is confirmed, until when, by whom, and whose it is."""

    number: str
    is_confirmed: bool
    confirmed_until: str | None
    name: str | None
    source: str
    checked_at: str


class TaxReportLine(TypedDict):
    """What was sold and given back at one rate of one country, by the quarter of the sale."""

    treatment: str
    country: str
    rate: Decimal | None
    currency: str
    sold_in: str
    orders: int
    net: Decimal
    tax: Decimal
    refunds: int
    refunded_net: Decimal
    refunded_tax: Decimal
    net_after_refunds: Decimal
    tax_after_refunds: Decimal
    gross_after_refunds: Decimal


class TaxReportTotal(TypedDict):
    """What all orders of a currency come to."""

    currency: str
    orders: int
    gross: Decimal
    refunds: int
    refunded: Decimal
    gross_after_refunds: Decimal


TaxReport = TypedDict(
    "TaxReport",
    {
        "quarter": str,
        "from": str,
        "until": str,
        "lines": list[TaxReportLine],
        "totals": list[TaxReportTotal],
    },
)
