"""Papers under threads that really meet at the counter of a series."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest

from orders.papers.issuing import PLACED
from orders.payment_records import record_paid
from orders.refund_completion import no_mark
from orders.refund_reports import record_refunded
from orders.repositories.paper_numbers import last_numbers
from tests.catalog.builders import store
from tests.orders.cart_builders import on_sale
from tests.orders.order_builders import an_order, body_of, buyer, check_out, store_orders, wanted
from tests.orders.papers.builders import YEAR, issued, issues_papers, sequences
from tests.orders.payments.builders import NOW, stored

pytestmark = pytest.mark.usefixtures("table")

COUNT = 16


def at_once(step: Callable[[int], object], count: int = COUNT) -> None:
    barrier = Barrier(count)

    def begin(number: int) -> object:
        barrier.wait(timeout=30)
        return step(number)

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(begin, range(1, count + 1), timeout=120))


def test_sixteen_payments_at_once_and_their_refunds_have_the_numbers_from_one_on() -> None:
    issues_papers()
    store_orders(an_order(number) for number in range(1, COUNT + 1))
    at_once(lambda number: record_paid(number, f"ref-{number}", NOW))
    assert sequences() == list(range(1, COUNT + 1))
    at_once(lambda number: record_refunded(number, f"ref-{number}", Decimal("1.00"), NOW, no_mark))
    assert sequences("NC") == list(range(1, COUNT + 1))
    assert last_numbers(YEAR) == {"FT": COUNT, "NC": COUNT}
    for paper in issued():
        assert stored(paper.order_id).invoice == paper.number


def test_eight_orders_that_are_placed_at_once_have_the_numbers_from_one_on() -> None:
    issues_papers(issue_when=PLACED)
    store([on_sale(1, stock=COUNT)])
    statuses: list[int] = []

    def place(number: int) -> None:
        client = buyer(f"session-{number}-of-a-buyer", f"192.0.2.{number}")
        body = body_of(wanted(1), customer_email=f"buyer-{number}@example.com")
        answer = check_out(client, body, key=f"order-{number}")
        for _ in range(20):
            if answer.status == 201:
                break
            answer = check_out(client, body, key=f"order-{number}")
        statuses.append(answer.status)

    at_once(place, 8)
    assert statuses == [201] * 8
    assert sequences() == list(range(1, 9))
    assert {it.order_id: it.number for it in issued()} == {
        it.order_id: stored(it.order_id).invoice for it in issued()
    }
