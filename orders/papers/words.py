"""The words of papers in the languages that buyers read, and how these write amounts, rates and dates."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from common.languages import ENGLISH, ITALIAN
from common.money import unrounded
from common.written_dates import day_text


@dataclass(frozen=True, slots=True)
class Words:
    """All that a paper says by itself in one language."""

    language: str
    invoice: str
    credit_note: str
    debit_note: str
    packing_slip: str
    number: str
    issued: str
    supplied: str
    order: str
    reference: str
    corrects: str
    buyer: str
    deliver_to: str
    vat_number: str
    fiscal_code: str
    description: str
    quantity: str
    unit_price: str
    rate: str
    amount: str
    net: str
    tax: str
    deduction: str
    total: str
    paid: str
    payment_terms: str
    page: str
    shipping: str
    discount: str
    other: str
    refunded: str
    edition_number: str
    sku: str

    @property
    def is_italian(self) -> bool:
        """Whether the words are Italian."""
        return self.language == ITALIAN

    def title_of(self, kind: str) -> str:
        """What a kind of paper is called."""
        return {"invoice": self.invoice, "credit_note": self.credit_note}.get(kind, self.debit_note)

    def money(self, value: Decimal, currency: str) -> str:
        """An amount with its currency: `1.234,50 EUR` or `1,234.50 EUR`."""
        return f"{self.amount_text(value, currency)} {currency}"

    def amount_text(self, value: Decimal, currency: str) -> str:
        """An amount without its currency, with all the decimals that it has."""
        return self._separated(f"{unrounded(value, currency):,}")

    def percent(self, rate: Decimal) -> str:
        """A fraction as a percentage without needless zeros: `22%`, `5,5%`."""
        text = f"{rate * 100:f}"
        return self._separated(text.rstrip("0").rstrip(".") if "." in text else text) + "%"

    def day(self, text: str) -> str:
        """A date, given as `2026-01-31`: `31/01/2026` or `31 January 2026`."""
        day = date.fromisoformat(text)
        return f"{day:%d/%m/%Y}" if self.is_italian else day_text(day, self.language)

    def _separated(self, text: str) -> str:
        return text.translate(_ITALIAN_SEPARATORS) if self.is_italian else text


_ITALIAN_SEPARATORS = str.maketrans(",.", ".,")

_ENGLISH = Words(
    language=ENGLISH,
    invoice="Invoice",
    credit_note="Credit note",
    debit_note="Debit note",
    packing_slip="Packing slip",
    number="Number",
    issued="Date of issue",
    supplied="Date of supply",
    order="Order",
    reference="Corrects",
    corrects="invoice {number} of {day}",
    buyer="Buyer",
    deliver_to="Deliver to",
    vat_number="VAT number",
    fiscal_code="Fiscal code",
    description="Description",
    quantity="Quantity",
    unit_price="Unit price",
    rate="VAT",
    amount="Amount",
    net="Taxable amount at {rate}",
    tax="VAT {rate}",
    deduction="Discount after VAT",
    total="Total",
    paid="Paid on {day}",
    payment_terms="Payment",
    page="Page {page} of {pages}",
    shipping="Shipping",
    discount="Discount",
    other="Other amounts",
    refunded="Refund",
    edition_number="No.",
    sku="SKU",
)
_ITALIAN = Words(
    language=ITALIAN,
    invoice="Fattura",
    credit_note="Nota di credito",
    debit_note="Nota di debito",
    packing_slip="Distinta di spedizione",
    number="Numero",
    issued="Data di emissione",
    supplied="Data dell'operazione",
    order="Ordine",
    reference="Rettifica",
    corrects="fattura {number} del {day}",
    buyer="Cliente",
    deliver_to="Destinatario",
    vat_number="Partita IVA",
    fiscal_code="Codice fiscale",
    description="Descrizione",
    quantity="Quantità",
    unit_price="Prezzo unitario",
    rate="IVA",
    amount="Importo",
    net="Imponibile al {rate}",
    tax="IVA {rate}",
    deduction="Sconto dopo l'IVA",
    total="Totale",
    paid="Pagato il {day}",
    payment_terms="Pagamento",
    page="Pagina {page} di {pages}",
    shipping="Spedizione",
    discount="Sconto",
    other="Altri importi",
    refunded="Rimborso",
    edition_number="N.",
    sku="SKU",
)


def words_of(language: str) -> Words:
    """The words of a language; of one that the shop does not write, the English ones."""
    return _ITALIAN if language == ITALIAN else _ENGLISH
