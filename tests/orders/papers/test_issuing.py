"""Which paper is issued with what: payments, orders, refunds, cancellations, and what comes back."""

from decimal import Decimal
from typing import Any

import pytest

from common.clock import utc_now
from common.repositories.selling_terms import Papers
from orders.checkout import place_order
from orders.papers.completing import issue_asked
from orders.papers.issuing import ASKED, PLACED
from orders.payment_records import record_paid
from orders.refund_completion import Failure, fail, no_mark
from orders.refund_plans import ReturnedItem
from orders.refund_reports import record_refunded
from orders.refunds import cancel_order, refund_order
from orders.repositories.papers import CREDIT_NOTE, DEBIT_NOTE, INVOICE, Party, paper_of
from orders.repositories.refunds import refunds_of
from tests.catalog.builders import store
from tests.orders.cart_builders import on_sale
from tests.orders.order_builders import ADDRESS, purchase
from tests.orders.papers.builders import SELLER, all_paper_rows, issued, issues_papers, set_terms
from tests.orders.payments.builders import ADMIN, NOW, changed, paid, placed, stored

pytestmark = pytest.mark.usefixtures("table")
D = Decimal


@pytest.mark.parametrize("terms", [{}, {"seller": SELLER}, {"papers": Papers()}])
def test_a_shop_that_does_not_say_who_sells_and_how_papers_are_issued_issues_none(
    terms: dict[str, Any],
) -> None:
    set_terms(**terms)
    paid()
    assert stored().invoice is None
    refund_order(1, D("10.00"), None, None, ADMIN, NOW)
    assert all_paper_rows() == []


def test_the_payment_of_an_order_issues_its_invoice() -> None:
    issues_papers(sentences=("A sentence.",), payment_terms="In 30 days")
    paid()
    (invoice,) = issued()
    assert stored().invoice == invoice.number
    assert (invoice.kind, invoice.order_id, invoice.total) == (INVOICE, 1, D("30.00"))
    assert invoice.seller == SELLER
    assert (invoice.buyer.name, invoice.sentences) == ("A Buyer", ("A sentence.",))
    assert invoice.paid_on == invoice.issued_on == invoice.supplied_on
    assert invoice.payment_terms is None
    assert paper_of(invoice.number) == invoice


def test_a_payment_that_is_told_again_draws_no_second_number() -> None:
    issues_papers()
    order = placed()
    for reference in ("ref", "ref", "another"):
        record_paid(order.id, reference, NOW)
    assert [it.sequence for it in issued()] == [1]


def test_an_order_that_costs_nothing_has_its_invoice_with_the_checkout() -> None:
    issues_papers()
    store([on_sale(1, "0.00")])
    order = place_order(purchase((1, 1), shipping_address=ADDRESS), utc_now()).order
    (invoice,) = issued()
    assert (order.invoice, invoice.total) == (invoice.number, D("0.00"))
    assert invoice.buyer.lines == ("Via Roma 12", "10121 Torino (TO)", "IT")


def test_an_order_may_have_its_invoice_before_it_is_paid() -> None:
    issues_papers(issue_when=PLACED, payment_terms="In 30 days")
    store([on_sale(1)])
    order = place_order(purchase((1, 1), shipping_address=ADDRESS), utc_now()).order
    (invoice,) = issued()
    assert (invoice.number, invoice.paid_on, invoice.payment_terms) == (order.invoice, None, "In 30 days")
    assert stored(order.id).invoice == order.invoice
    record_paid(order.id, "ref", utc_now())
    assert len(issued()) == 1


def test_the_cancellation_of_an_unpaid_order_credits_its_invoice() -> None:
    issues_papers(issue_when=PLACED)
    store([on_sale(1)])
    order = place_order(purchase((1, 2)), utc_now()).order
    cancel_order(order.id, None, None, ADMIN, utc_now())
    (note,) = issued("NC")
    assert (note.kind, note.total, note.corrects) == (CREDIT_NOTE, order.total, order.invoice)
    assert stored(order.id).corrections == (note.number,)
    record_paid(order.id, "too-late", utc_now())
    assert len(all_paper_rows()) == 2


def test_papers_that_are_turned_on_later_are_issued_with_the_payment() -> None:
    order = placed()
    issues_papers(issue_when=PLACED)
    record_paid(order.id, "ref", NOW)
    assert stored().invoice == issued()[0].number


def test_a_refund_is_credited_with_its_pieces_and_names_the_invoice() -> None:
    issues_papers(credit_note_series="NC")
    paid()
    (invoice,) = issued()
    refund_order(1, None, None, None, ADMIN, NOW, items=(ReturnedItem(1, line=1),))
    (note,), (refund,) = issued("NC"), refunds_of(1)
    assert (note.kind, note.corrects, note.corrects_of) == (CREDIT_NOTE, invoice.number, invoice.issued_on)
    assert note.total == refund.amount
    assert [(it.line, it.quantity) for it in note.lines] == [(1, 1)]
    assert refund.credit_note == note.number
    assert (stored().credited, stored().invoice) == (note.total, invoice.number)
    assert paper_of(invoice.number) == invoice


def test_refunds_of_all_parts_credit_all_of_the_invoice_and_no_more() -> None:
    issues_papers()
    paid()
    for amount in ("10.00", "0.01", None):
        refund_order(1, D(amount) if amount else None, None, None, ADMIN, NOW)
    assert [it.sequence for it in issued("NC")] == [1, 2, 3]
    assert sum(it.total for it in issued("NC")) == stored().total == stored().credited


def test_the_refund_of_a_paid_order_that_is_cancelled_is_credited_once() -> None:
    issues_papers()
    paid()
    cancel_order(1, None, None, ADMIN, NOW)
    assert [it.total for it in issued("NC")] == [D("30.00")]


def test_what_goes_back_by_hand_after_a_cancellation_is_credited_with_the_cancellation() -> None:
    issues_papers()
    record_paid(placed(payment_method="etsy_link").id, "by-hand", NOW)
    cancel_order(1, None, None, ADMIN, NOW)
    assert [it.total for it in issued("NC")] == [D("30.00")]
    refund_order(1, None, None, None, ADMIN, NOW, is_elsewhere=True)
    assert len(issued("NC")) == 1


def test_a_refund_that_comes_back_is_debited_and_what_was_issued_stays() -> None:
    issues_papers()
    paid()
    refund_order(1, D("10.00"), None, None, ADMIN, NOW)
    (credited,) = issued("NC")
    fail(1, 1, Failure("the account is closed"), NOW)
    fail(1, 1, Failure("the account is closed"), NOW)
    _, debit = issued()
    assert (debit.kind, debit.total, debit.corrects) == (DEBIT_NOTE, D("10.00"), issued()[0].number)
    assert stored().credited == 0
    assert stored().corrections == (credited.number, debit.number)
    assert paper_of(credited.number) == credited
    refund_order(1, None, None, None, ADMIN, NOW)
    assert stored().credited == stored().total


def test_a_payment_of_a_cancelled_order_has_no_invoice() -> None:
    issues_papers()
    order = placed()
    changed(order, cancelled_at="2026-01-01T10:00:00.000Z")
    record_paid(order.id, "late", NOW)
    assert stored().payment_status == "refunded"
    assert all_paper_rows() == []


def test_an_order_of_a_channel_has_the_channels_papers() -> None:
    issues_papers()
    record_paid(placed(channel="etsy").id, "ref", NOW)
    assert all_paper_rows() == []


def test_a_refund_that_is_told_of_before_its_payment_has_both_papers_once_that_is_told() -> None:
    issues_papers()
    order = placed()
    record_refunded(order.id, "ref", D("10.00"), NOW, no_mark)
    assert all_paper_rows() == []
    record_paid(order.id, "ref", NOW)
    assert [it.total for it in issued()] == [D("30.00")]
    assert [it.total for it in issued("NC")] == [D("10.00")]
    record_paid(order.id, "ref", NOW)
    assert len(all_paper_rows()) == 2


def test_a_refund_made_at_the_provider_is_credited() -> None:
    issues_papers()
    order = placed()
    record_paid(order.id, "ref", NOW)
    record_refunded(order.id, "ref", D("10.00"), NOW, no_mark)
    assert [it.total for it in issued("NC")] == [D("10.00")]
    assert refunds_of(1)[0].credit_note == "NC-" + issued("NC")[0].number[3:]


def test_an_invoice_is_issued_when_it_is_asked_for_alone() -> None:
    issues_papers(issue_when=ASKED)
    paid()
    assert issued() == []
    buyer = Party("A company", vat_number="IT01234567890")
    for _ in range(2):
        assert issue_asked(1, buyer, ADMIN, NOW).invoice == issued()[0].number
    assert [it.buyer for it in issued()] == [buyer]


def test_an_invoice_that_is_asked_for_late_brings_the_credit_notes_of_before() -> None:
    paid()
    refund_order(1, D("10.00"), None, None, ADMIN, NOW)
    issues_papers()
    issue_asked(1, None, ADMIN, NOW)
    assert [it.total for it in issued("NC")] == [D("10.00")]
    assert refunds_of(1)[0].credit_note == issued("NC")[0].number


def test_papers_that_are_not_set_any_more_still_credit_what_was_invoiced() -> None:
    issues_papers(invoice_series="A", credit_note_series="A")
    paid()
    set_terms()
    refund_order(1, D("10.00"), None, None, ADMIN, NOW)
    assert [it.total for it in issued("NC")] == [D("10.00")]
    assert [it.total for it in issued("A")] == [D("30.00")]


def test_one_series_may_have_both_kinds() -> None:
    issues_papers(invoice_series="A", credit_note_series="A")
    paid()
    refund_order(1, None, None, None, ADMIN, NOW)
    assert [it.kind for it in issued("A")] == [INVOICE, CREDIT_NOTE]


def test_an_invoice_whose_row_is_gone_stops_no_refund() -> None:
    from common.dynamodb import delete_item
    from orders.repositories.papers import paper_key

    issues_papers()
    paid()
    delete_item(paper_key(str(stored().invoice)))
    refund_order(1, D("10.00"), None, None, ADMIN, NOW)
    assert stored().refunded_amount == D("10.00")
    assert issued("NC") == []
