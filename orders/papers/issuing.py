"""Issuing papers: each in the transaction that needs it, with its number and all that it says.

An invoice is issued with the payment of an order, or with the order itself; a credit note with what takes a
part of it back. What has no invoice gets no credit note. Repetitions find the order's `invoice` and the
refund's `credit_note`, and draw nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from common import config
from common.clock import iso, parse_iso
from common.dynamodb import Item, Key, UnitOfWork, batch_get
from common.languages import shop_language
from common.logging import logger
from common.repositories.orders import Order, OrderDetails, Pieces, TaxAmount, details_from_item, details_key
from common.repositories.selling_terms import TERMS_KEY, Papers, SellingTerms, terms_in
from orders.repositories.paper_numbers import Drawn, draw, numbers_key

if TYPE_CHECKING:
    # What only whoever issues a paper imports: a shop may issue none, and no start waits for it.
    from orders.papers.amounts import Amounts
    from orders.repositories.papers import Paper, Party

PLACED, PAID, ASKED = "placed", "paid", "asked"


@dataclass(frozen=True, slots=True)
class Desk:
    """What papers are issued by at `now`: the shop's terms, and the row of the year's last numbers."""

    terms: SellingTerms
    numbers: Item | None
    now: datetime

    def issues(self, order: Order, moment: str) -> bool:
        """Whether an order's invoice is due at this moment: PLACED, PAID or ASKED.

        Channels issue their own; a cancelled order that is paid after all gets its money back, and none.
        """
        papers = self.terms.papers
        if papers is None or self.terms.seller is None or order.invoice is not None:
            return False
        if moment == ASKED:
            return True
        is_due = papers.issue_when == moment or (papers.issue_when == PLACED and moment == PAID)
        return is_due and order.channel is None and order.cancelled_at is None


def desk_in(terms: SellingTerms, rows: Mapping[Key, Item], now: datetime) -> Desk:
    """What papers are issued by, of rows that were read with the key `numbers_key(now)` among them."""
    return Desk(terms, rows.get(numbers_key(now)), now)


def invoice_at(moment: str, work: UnitOfWork, desk: Desk, order: Order, details: OrderDetails) -> Order:
    """The order with its invoice, which is added to `work` where it is due at this moment; else as it is."""
    if not desk.issues(order, moment):
        return order
    from orders.papers.parties import buyer_of

    return add_invoice(work, desk, order, details, buyer_of(order, details))


def invoice_of_paid(work: UnitOfWork, order: Order, now: datetime) -> Order:
    """The same for an order that is paid now; its details and the rest are read at once."""
    if order.invoice is not None or order.channel is not None:
        return order
    rows = batch_get([TERMS_KEY, numbers_key(now), details_key(order.id)], consistent=True)
    desk, details = desk_in(terms_in(rows.get(TERMS_KEY)), rows, now), rows.get(details_key(order.id))
    if details is None:
        return order
    return invoice_at(PAID, work, desk, order, details_from_item(details))


def add_invoice(work: UnitOfWork, desk: Desk, order: Order, details: OrderDetails, buyer: "Party") -> Order:
    """Adds an order's invoice to `work`; the order with its number. NumberTaken at the commit."""
    from orders.papers.amounts import invoice_amounts
    from orders.papers.words import words_of
    from orders.repositories.papers import INVOICE, PAPERS, Paper

    papers, seller = desk.terms.papers or Papers(), desk.terms.seller
    if seller is None:
        raise ValueError("an invoice without a seller")
    words = words_of(order.language or shop_language())
    amounts = invoice_amounts(order, details, words)
    drawn = draw(work, desk.numbers, papers.invoice_series, desk.now)
    paid_on = _day(order.paid_at)
    invoice = Paper(
        number=drawn.number,
        kind=INVOICE,
        order_id=order.id,
        order_number=order.order_number,
        issued_on=drawn.day.isoformat(),
        supplied_on=min([*_supplies(order), drawn.day.isoformat()]),
        language=words.language,
        currency=order.currency,
        seller=seller,
        buyer=buyer,
        lines=amounts.lines,
        taxes=amounts.taxes,
        deduction=amounts.deduction,
        total=amounts.total,
        created_at=iso(desk.now),
        sentences=_sentences(desk.terms, details),
        payment_method=order.payment_method,
        payment_terms=None if paid_on else papers.payment_terms,
        paid_on=paid_on,
        tax_treatment=details.tax_treatment,
    )
    PAPERS.add(work, invoice)
    return replace(order, invoice=drawn.number)


def credit(
    work: UnitOfWork,
    order: Order,
    amount: Decimal,
    now: datetime,
    *,
    pieces: Pieces | None = None,
    taxes: Sequence[TaxAmount] = (),
) -> tuple[Order, str | None]:
    """Adds a credit note over `amount` to `work`, at most what is left of the order's invoice.

    `pieces` and `taxes` are what a refund is for. The order with it, and its number; None where there is
    nothing to credit. NumberTaken at the commit.
    """
    amount = min(amount, order.total - order.credited)
    if order.invoice is None or amount <= 0:
        return order, None
    from orders.papers.corrections import credit_amounts
    from orders.papers.words import words_of
    from orders.repositories.papers import CREDIT_NOTE

    desk, invoice, made = _at_hand(order, now)
    if invoice is None:
        return order, None
    words = words_of(invoice.language)
    amounts = credit_amounts(invoice, made, amount, words, pieces=pieces or {}, taxes=taxes)
    series = (desk.terms.papers or Papers()).credit_note_series
    return _corrected(work, desk, order, invoice, CREDIT_NOTE, series, amounts)


def credit_rest(work: UnitOfWork, order: Order, now: datetime) -> Order:
    """Adds a credit note over all that is left of the invoice of an order that is cancelled."""
    return credit(work, order, order.total, now)[0]


def debit(work: UnitOfWork, order: Order, note: str, amount: Decimal, now: datetime) -> Order:
    """Adds a debit note over `amount` of the credit note `note`, of a refund that came back after all.

    What was issued stays as it is; the debit note is numbered among the invoices. NumberTaken at the commit.
    """
    from orders.papers.corrections import debit_amounts
    from orders.papers.words import words_of
    from orders.repositories.papers import DEBIT_NOTE

    desk, invoice, made = _at_hand(order, now)
    credited = next((it for it in made if it.number == note), None)
    if invoice is None or credited is None:
        return order
    amounts = debit_amounts(credited, amount, words_of(invoice.language))
    series = (desk.terms.papers or Papers()).invoice_series
    return _corrected(work, desk, order, invoice, DEBIT_NOTE, series, amounts)[0]


def _at_hand(order: Order, now: datetime) -> "tuple[Desk, Paper | None, list[Paper]]":
    """The desk, the order's invoice and its corrections, by one batch read.

    None for an invoice whose row is gone, as after a restore of an older backup: no money waits for it.
    """
    from orders.repositories.papers import PAPERS, paper_key

    keys = [paper_key(number) for number in (order.invoice or "", *order.corrections)]
    rows = batch_get([TERMS_KEY, numbers_key(now), *keys], consistent=True)
    desk = desk_in(terms_in(rows.get(TERMS_KEY)), rows, now)
    if any(key not in rows for key in keys):
        logger().error("a paper is gone", extra={"order": order.order_number, "invoice": order.invoice})
        return desk, None, []
    invoice, *made = (PAPERS.of(rows[key]) for key in keys)
    return desk, invoice, made


def _corrected(
    work: UnitOfWork, desk: Desk, order: Order, invoice: "Paper", kind: str, series: str, amounts: "Amounts"
) -> tuple[Order, str]:
    from orders.repositories.papers import CREDIT_NOTE, PAPERS

    drawn = draw(work, desk.numbers, series, desk.now)
    note = _correction(invoice, kind, drawn, amounts, iso(desk.now))
    PAPERS.add(work, note)
    sign = 1 if kind == CREDIT_NOTE else -1
    after = replace(
        order,
        corrections=(*order.corrections, note.number),
        credited=order.credited + sign * amounts.total,
    )
    return after, note.number


def _correction(invoice: "Paper", kind: str, drawn: Drawn, amounts: "Amounts", created_at: str) -> "Paper":
    return replace(
        invoice,
        number=drawn.number,
        kind=kind,
        issued_on=drawn.day.isoformat(),
        supplied_on=drawn.day.isoformat(),
        lines=amounts.lines,
        taxes=amounts.taxes,
        deduction=amounts.deduction,
        total=amounts.total,
        created_at=created_at,
        payment_terms=None,
        paid_on=None,
        corrects=invoice.number,
        corrects_of=invoice.issued_on,
    )


def _sentences(terms: SellingTerms, details: OrderDetails) -> tuple[str, ...]:
    """Those of the shop, and what the order's tax demands."""
    own = (terms.papers or Papers()).sentences
    note = details.tax_note
    return (*own, note) if note and note not in own else own


def _supplies(order: Order) -> list[str]:
    """The days of what makes a supply: payment, or the parcel. D.P.R. 633/1972, article 6."""
    moments = (order.paid_at, order.parcel.shipped_at if order.parcel else None, order.delivered_at)
    return [day for day in map(_day, moments) if day is not None]


def _day(moment: str | None) -> str | None:
    if moment is None:
        return None
    return parse_iso(moment).astimezone(config.shop_time_zone()).date().isoformat()
