"""What a credit note takes back of an invoice, and a debit note gives back: lines and amounts by rate.

All corrections of an invoice that is credited as a whole add up to exactly its amounts of each rate.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from common.money import apportioned, to_money
from common.repositories.orders import NO_MONEY, Pieces, TaxAmount
from orders.papers.amounts import Amounts, by_rate, unit_price
from orders.papers.words import Words
from orders.refund_taxes import share_of
from orders.repositories.papers import CREDIT_NOTE, GOODS, OTHER, Paper, PaperLine


def credit_amounts(
    invoice: Paper,
    made: Sequence[Paper],
    amount: Decimal,
    words: Words,
    *,
    pieces: Pieces,
    taxes: Sequence[TaxAmount] = (),
) -> Amounts:
    """What a credit note over `amount` says, at most what the corrections that were `made` have left.

    `pieces` are what it is for, by the order's lines; `taxes` the amounts by rate where these were settled.
    """
    if not made and amount == invoice.total:
        return Amounts(invoice.lines, invoice.taxes, invoice.deduction, invoice.total)
    left = _left(invoice, made)
    settled = by_rate(taxes)
    parts = settled if _fits(settled, left, amount) else _shared(left, amount, invoice.currency)
    lines = [line for tax in parts for line in _lines(invoice, pieces, tax, words)]
    return Amounts(tuple(lines), parts, NO_MONEY, amount)


def debit_amounts(note: Paper, amount: Decimal, words: Words) -> Amounts:
    """What a debit note says that gives `amount` of a credit note back, at most all of it."""
    if amount >= note.total:
        return Amounts(note.lines, note.taxes, note.deduction, note.total)
    parts = _shared(_settled(note), amount, note.currency)
    lines = tuple(_rest(tax, words) for tax in parts)
    return Amounts(lines, parts, NO_MONEY, amount)


def _left(invoice: Paper, made: Sequence[Paper]) -> tuple[TaxAmount, ...]:
    """What of an invoice's amounts no correction has taken back."""
    left = {it.rate: it for it in _settled(invoice)}
    for note in made:
        sign = -1 if note.kind == CREDIT_NOTE else 1
        for tax in _settled(note):
            here = left.get(tax.rate)
            if here is not None:
                left[tax.rate] = replace(here, net=here.net + sign * tax.net, tax=here.tax + sign * tax.tax)
    return tuple(left.values())


def _settled(paper: Paper) -> tuple[TaxAmount, ...]:
    """The amounts of a paper once what was taken off after the tax is taken off their net amounts."""
    if paper.deduction <= 0:
        first = replace(paper.taxes[0], net=paper.taxes[0].net - paper.deduction)
        return (first, *paper.taxes[1:])
    off = apportioned(paper.deduction, [it.net for it in paper.taxes], paper.currency)
    return tuple(replace(it, net=it.net - less) for it, less in zip(paper.taxes, off, strict=True))


def _fits(settled: Sequence[TaxAmount], left: Sequence[TaxAmount], amount: Decimal) -> bool:
    rates = {it.rate: it for it in left}
    is_there = all(
        it.rate in rates and it.net <= rates[it.rate].net and it.tax <= rates[it.rate].tax for it in settled
    )
    return is_there and sum((it.net + it.tax for it in settled), NO_MONEY) == amount


def _shared(left: Sequence[TaxAmount], amount: Decimal, currency: str) -> tuple[TaxAmount, ...]:
    """`amount` of what is left, in proportion, each rate's share in net and tax."""
    gross = [max(NO_MONEY, it.net + it.tax) for it in left]
    parts = apportioned(amount, gross, currency)
    shares = [share_of(it, part, currency) for it, part in zip(left, parts, strict=True) if part]
    return tuple(shares) or (replace(left[0], net=amount, tax=NO_MONEY),)


def _lines(invoice: Paper, pieces: Pieces, tax: TaxAmount, words: Words) -> list[PaperLine]:
    """The pieces at their amounts on the invoice and the rest by itself, or less where there is no rest."""
    meant = [
        (line, pieces[str(line.line)])
        for line in invoice.lines
        if line.kind == GOODS and line.rate == tax.rate and pieces.get(str(line.line))
    ]
    worth = [to_money(line.amount * count / line.quantity, invoice.currency) for line, count in meant]
    rest = tax.net - sum(worth, NO_MONEY)
    if meant and rest < 0:
        worth, rest = list(apportioned(tax.net, worth, invoice.currency)), NO_MONEY
    lines = [
        replace(line, quantity=count, amount=amount, unit_price=unit_price(amount / count, invoice.currency))
        for (line, count), amount in zip(meant, worth, strict=True)
    ]
    return [*lines, _rest(replace(tax, net=rest), words)] if rest or not lines else lines


def _rest(tax: TaxAmount, words: Words) -> PaperLine:
    return PaperLine(OTHER, words.refunded, 1, tax.net, tax.net, tax.rate)
