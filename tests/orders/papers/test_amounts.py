"""What invoices and credit notes add up: to the cent, by rate, whatever was bought and given back."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.languages import ENGLISH
from common.repositories.orders import Delivery, Order, OrderDetails, OrderLine, TaxAmount
from common.repositories.selling_terms import TaxRate
from orders.papers.amounts import Amounts, by_rate, invoice_amounts
from orders.papers.corrections import credit_amounts, debit_amounts
from orders.papers.words import words_of
from orders.pricing import Line
from orders.repositories.papers import CREDIT_NOTE, DEBIT_NOTE, DISCOUNT, GOODS, OTHER, SHIPPING, Paper
from orders.taxes import taxed_totals, with_rates
from tests.orders.order_builders import an_order
from tests.orders.papers.builders import an_invoice
from tests.orders.tax_builders import by_country
from tests.orders.test_taxes import NOW, code, line, taxation

WORDS = words_of(ENGLISH)
D = Decimal


def _stored(number: int, bought: Line) -> OrderLine:
    return OrderLine(
        number,
        1,
        10,
        bought.title,
        bought.variant_name,
        bought.sku,
        bought.quantity,
        bought.unit_price,
        bought.total,
    )


def _sale(lines: list[Line], percent: str | None, shipping: Decimal, how: Any) -> tuple[Order, OrderDetails]:
    amounts = taxed_totals(lines, code(D(percent)) if percent else None, how, NOW, shipping)
    rows = tuple(_stored(number, it) for number, it in enumerate(lines, 1))
    details = OrderDetails(
        with_rates(rows, lines, how),
        taxes=amounts.taxes,
        delivery=Delivery("Courier", shipping) if shipping else None,
    )
    order = an_order(
        1,
        subtotal=amounts.subtotal,
        tax=amounts.tax,
        discount=amounts.discount,
        shipping=amounts.shipping,
        total=amounts.total,
        currency=amounts.currency,
        prices_include_tax=amounts.prices_include_tax,
        discount_code="SAVE" if percent else None,
    )
    return order, details


@st.composite
def sales(draw: st.DrawFn) -> tuple[Order, OrderDetails]:
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    classes = st.sampled_from([None, "art", "book", "own"])
    lines = draw(
        st.lists(
            st.builds(line, st.integers(0, 10**6), st.integers(1, 20), classes, st.just(currency)),
            min_size=1,
            max_size=8,
        )
    )
    shipping = line(draw(st.integers(0, 10**4)), currency=currency).unit_price
    terms = by_country(
        prices_include_tax=draw(st.booleans()),
        rates=(TaxRate("AT", "own", draw(st.decimals(0, 1, places=3)), "2020-01-01"),),
    )
    how = draw(st.sampled_from([None, *(taxation(terms, country) for country in ("AT", "IT", "US"))]))
    percent = draw(st.sampled_from([None, "10", "33.33", "100"]))
    return _sale(lines, percent, shipping, how)


def adds_up(amounts: Amounts, total: Decimal) -> None:
    assert amounts.total == total
    assert sum(it.net + it.tax for it in amounts.taxes) - amounts.deduction == total
    for tax in amounts.taxes:
        assert sum(it.amount for it in amounts.lines if it.rate == tax.rate) == tax.net
    assert {it.rate for it in amounts.lines} <= {it.rate for it in amounts.taxes}


@given(sales())
def test_the_lines_of_an_invoice_add_up_to_its_rates_and_these_to_what_was_charged(
    sale: tuple[Order, OrderDetails],
) -> None:
    order, details = sale
    amounts = invoice_amounts(order, details, WORDS)
    adds_up(amounts, order.total)
    assert sum(it.tax for it in amounts.taxes) == order.tax
    assert [it.line for it in amounts.lines if it.kind == GOODS] == [it.id for it in details.lines]


@given(sales(), st.data())
def test_the_corrections_of_an_invoice_never_exceed_it_and_all_of_it_comes_back_to_the_cent(
    sale: tuple[Order, OrderDetails], data: st.DataObject
) -> None:
    order, details = sale
    invoice = _paper(invoice_amounts(order, details, WORDS), order)
    made: list[Paper] = []
    credited = D(0)
    unit = line(1, currency=order.currency).unit_price
    while credited < order.total and len(made) < 4:
        rest = order.total - credited
        amount = rest if len(made) == 3 else unit * data.draw(st.integers(1, int(rest / unit)))
        pieces = {str(it.id): data.draw(st.integers(0, it.quantity)) for it in details.lines}
        amounts = credit_amounts(invoice, made, amount, WORDS, pieces=pieces)
        adds_up(amounts, amount)
        assert all(it.net >= 0 and it.tax >= 0 for it in amounts.taxes)
        made.append(_paper(amounts, order, CREDIT_NOTE))
        credited += amount
    if credited == order.total:
        whole = [sum(it.tax for it in note.taxes) for note in made]
        assert sum(whole) == order.tax


def _paper(amounts: Amounts, order: Order, kind: str = "invoice") -> Paper:
    return an_invoice(
        kind=kind,
        lines=amounts.lines,
        taxes=amounts.taxes,
        deduction=amounts.deduction,
        total=amounts.total,
        currency=order.currency,
    )


def test_prices_with_tax_are_shown_without_it_and_with_the_decimals_that_this_needs() -> None:
    order, details = _sale([line(10000, 2)], None, D("8.00"), taxation(by_country()))
    amounts = invoice_amounts(order, details, WORDS)
    assert [(it.kind, it.text, it.unit_price, it.amount) for it in amounts.lines] == [
        (GOODS, "Work, Small", D("83.3333"), D("166.67")),
        (SHIPPING, "Shipping: Courier", D("6.66"), D("6.66")),
    ]
    assert amounts.taxes == (TaxAmount("AT", "standard", D("0.20"), D("173.33"), D("34.67")),)


def test_a_discount_stands_below_the_goods_with_its_code() -> None:
    order, details = _sale([line(10000)], "10", D(0), taxation(by_country(prices_include_tax=False)))
    amounts = invoice_amounts(order, details, WORDS)
    assert [(it.kind, it.text, it.amount) for it in amounts.lines] == [
        (GOODS, "Work, Small", D("100.00")),
        (DISCOUNT, "Discount SAVE", D("-10.00")),
    ]


def test_where_the_tax_is_one_number_the_discount_is_taken_off_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TAX_RATE", "0.22")
    order, details = _sale([line(10000)], "10", D(0), None)
    amounts = invoice_amounts(order, details, WORDS)
    assert amounts.taxes == (TaxAmount("", "standard", D("0.22"), D("100.00"), D("22.00")),)
    assert (amounts.deduction, amounts.total) == (D("10.00"), D("112.00"))


def test_the_rate_of_an_order_is_its_own_where_the_setting_is_another_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TAX_RATE", "0.22")
    order, details = _sale([line(10000)], None, D(0), None)
    monkeypatch.setenv("TAX_RATE", "0.25")
    assert invoice_amounts(order, details, WORDS).taxes[0].rate == D("0.22")


def test_an_imported_order_that_does_not_add_up_says_so_in_a_line() -> None:
    order, details = _sale([line(10000)], None, D(0), None)
    amounts = invoice_amounts(replace(order, subtotal=D("110.00"), total=D("110.00")), details, WORDS)
    assert [(it.kind, it.amount) for it in amounts.lines] == [(GOODS, D("100.00")), (OTHER, D("10.00"))]
    adds_up(amounts, D("110.00"))


def test_classes_of_one_rate_are_one_amount() -> None:
    ten = TaxAmount("AT", "art", D("0.1"), D("10.00"), D("1.00"))
    assert by_rate([ten, replace(ten, tax_class="book"), replace(ten, rate=D("0.2"), tax=D("2.00"))]) == (
        replace(ten, rate=D("0.2"), tax=D("2.00")),
        replace(ten, net=D("20.00"), tax=D("2.00")),
    )


def test_a_credit_note_names_the_pieces_and_what_is_beside_them() -> None:
    invoice = an_invoice()
    amounts = credit_amounts(invoice, [], D("81.00"), WORDS, pieces={"1": 1})
    assert [(it.kind, it.quantity, it.amount) for it in amounts.lines] == [
        (GOODS, 1, D("50.00")),
        (OTHER, 1, D("16.39")),
    ]
    adds_up(amounts, D("81.00"))


def test_pieces_that_cost_less_by_a_discount_come_back_at_what_they_cost() -> None:
    amounts = credit_amounts(an_invoice(), [], D("36.60"), WORDS, pieces={"1": 1})
    assert [(it.quantity, it.unit_price, it.amount) for it in amounts.lines] == [(1, D("30.00"), D("30.00"))]


def test_a_debit_note_gives_back_a_credit_note_or_a_part_of_it() -> None:
    note = an_invoice(kind=CREDIT_NOTE)
    assert debit_amounts(note, D("122.00"), WORDS).lines == note.lines
    adds_up(debit_amounts(note, D("22.00"), WORDS), D("22.00"))
    back = an_invoice(kind=DEBIT_NOTE)
    adds_up(credit_amounts(an_invoice(), [note, back], D("122.00"), WORDS, pieces={}), D("122.00"))
