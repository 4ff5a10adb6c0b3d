"""Papers of several orders at once, crashes on the way and answers that are lost: no gap, no double."""

from decimal import Decimal

import pytest

from common.clock import utc_now
from common.errors import Conflict
from common.optimistic import ATTEMPTS
from orders.checkout import place_order
from orders.papers.completing import issue_asked
from orders.papers.issuing import PLACED
from orders.payment_records import record_paid
from orders.refund_completion import no_mark
from orders.refund_reports import record_refunded
from tests.catalog.builders import store
from tests.orders.cart_builders import on_sale
from tests.orders.order_builders import an_order, purchase, store_orders
from tests.orders.papers.builders import all_paper_rows, issued, issues_papers, sequences
from tests.orders.payments.builders import ADMIN, COMMIT, NOW, Crash, crash, stored
from tests.support.races import just_after, just_before
from tests.support.wire import lose_answer

pytestmark = pytest.mark.usefixtures("table")
CREDIT = "orders.refund_completion.credit"


def orders(count: int) -> list[int]:
    return [order.id for order in store_orders(an_order(number) for number in range(1, count + 1))]


def paid(order_id: int) -> None:
    record_paid(order_id, f"ref-{order_id}", NOW)


def test_payments_that_meet_one_after_another_draw_all_numbers_once() -> None:
    issues_papers()
    ids = orders(8)

    def pay_from(place: int) -> None:
        """Each payment reads the last number, and is overtaken by the next before it writes."""
        if place == len(ids) - 1:
            paid(ids[place])
            return
        with just_before(COMMIT, lambda: pay_from(place + 1)):
            paid(ids[place])

    pay_from(0)
    assert sequences() == list(range(1, 9))
    assert {it.order_id: it.number for it in issued()} == {number: stored(number).invoice for number in ids}


def test_one_that_is_overtaken_more_often_than_a_step_is_repeated_is_paid_all_the_same() -> None:
    issues_papers()
    first, *others = orders(ATTEMPTS + 4)
    waiting = list(others)

    def overtake() -> None:
        if waiting:
            paid(waiting.pop())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.sleep", lambda _: None)
        original = record_paid.__globals__["invoice_of_paid"]

        def overtaken(work: object, order: object, now: object) -> object:
            invoiced = original(work, order, now)
            if order.id == first:  # type: ignore[attr-defined]
                overtake()
            return invoiced

        patch.setitem(record_paid.__globals__, "invoice_of_paid", overtaken)
        paid(first)
    assert stored(first).invoice == f"FT-{issued()[0].year}-{len(others) + 1}"
    assert sequences() == list(range(1, len(others) + 2))


def test_two_reports_of_one_payment_at_once_issue_one_invoice() -> None:
    issues_papers()
    orders(1)
    with just_before(COMMIT, lambda: paid(1)):
        paid(1)
    assert sequences() == [1]


@pytest.mark.parametrize("crashes", [just_before, just_after])
def test_a_crash_around_the_commit_leaves_a_payment_with_its_number_or_neither(crashes: object) -> None:
    issues_papers()
    orders(2)
    with crashes(COMMIT, crash), pytest.raises(Crash):  # type: ignore[operator]
        paid(1)
    assert [it.number for it in issued()] == ([stored(1).invoice] if stored(1).invoice else [])
    paid(2)
    paid(1)
    assert sequences() == [1, 2]


def test_a_payment_whose_answer_is_lost_after_the_commit_has_one_number() -> None:
    issues_papers()
    orders(2)
    lost = lose_answer("TransactWriteItems", lambda: paid(2))
    paid(1)
    assert lost
    assert sequences() == [1, 2]
    assert stored(1).invoice == issued()[0].number


def test_checkouts_that_meet_draw_all_numbers_once() -> None:
    issues_papers(issue_when=PLACED)
    store([on_sale(1, stock=10), on_sale(2, stock=10)])

    def place(product: int) -> str | None:
        return place_order(purchase((product, 1)), utc_now()).order.invoice

    with just_before(COMMIT, lambda: place(2)):
        place(1)
    assert sequences() == [1, 2]
    assert [stored(it.order_id).invoice for it in issued()] == [it.number for it in issued()]


def test_a_checkout_that_fails_draws_no_number() -> None:
    issues_papers(issue_when=PLACED)
    store([on_sale(1, stock=1)])
    with just_before(COMMIT, lambda: place_order(purchase((1, 1)), utc_now())), pytest.raises(Conflict):
        place_order(purchase((1, 1)), utc_now())
    assert sequences() == [1]


def test_credits_of_two_orders_at_once_draw_both_numbers() -> None:
    issues_papers()
    for order_id in orders(2):
        paid(order_id)

    def refunded(order_id: int) -> None:
        record_refunded(order_id, f"ref-{order_id}", Decimal("4.00"), NOW, no_mark)

    with just_before(COMMIT, lambda: refunded(2)):
        refunded(1)
    assert sequences("NC") == [1, 2]
    assert sequences() == [1, 2]


def test_an_invoice_that_two_ask_for_at_once_is_one() -> None:
    orders(1)
    paid(1)
    issues_papers()
    with just_before(COMMIT, lambda: issue_asked(1, None, ADMIN, NOW)):
        issue_asked(1, None, ADMIN, NOW)
    assert len(all_paper_rows()) == 1
