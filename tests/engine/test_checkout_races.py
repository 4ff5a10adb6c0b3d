"""Checkout on DynamoDB Local: threads after the same pieces, keys and codes, and answers that get lost."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from common.clock import utc_now
from common.repositories.orders import order_by_id, orders_due
from orders.checkout import place_order
from orders.unpaid import cancel_all_overdue
from tests.catalog.builders import store
from tests.orders.cart_builders import a_code, on_sale, put, uses
from tests.orders.order_builders import (
    body_of,
    body_of_cart,
    buyer,
    check_out,
    counter,
    order_rows,
    purchase,
    stock_of,
    told,
    wanted,
)
from tests.support.http import Answer
from tests.support.wire import break_connection, lose_answer, sent_parameters, without_waiting

pytestmark = pytest.mark.usefixtures("table")


def at_once(times: int, ask: Callable[[int], Answer]) -> list[Answer]:
    """The answers of a call that this many threads make at the same moment, each with its number."""
    barrier = Barrier(times)

    def start(number: int) -> Answer:
        barrier.wait(timeout=60)
        return ask(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(start, range(times), timeout=300))


def until_answered(ask: Callable[[], Answer]) -> Answer:
    """The answer to a call that is repeated, as Retry-After asks, while others keep it from passing."""
    answer = ask()
    for _ in range(20):
        if answer.status != 503:
            break
        answer = ask()
    return answer


def _statuses(answers: list[Answer]) -> Counter[int]:
    return Counter(answer.status for answer in answers)


def _order(number: int, body: dict[str, Any], key: str = "") -> Answer:
    client = buyer(f"session-{number:04d}")
    return until_answered(lambda: check_out(client, body, key or f"key-{number}"))


def _each_order_is_whole(orders: int) -> bool:
    rows = order_rows()
    return (
        len({row["id"] for row in rows}) == len(rows) == orders == counter()[1] == len(told("order_created"))
    )


def test_of_fifty_who_want_one_of_five_pieces_five_get_one() -> None:
    store([on_sale(1, stock=5)])
    answers = at_once(50, lambda number: _order(number, body_of(wanted(1))))
    assert _statuses(answers) == {201: 5, 409: 45}
    assert all(answer.json["lines"][0]["available"] == 0 for answer in answers if answer.status == 409)
    assert stock_of(1) == 0
    assert _each_order_is_whole(5)
    numbers = {answer.json["order_number"] for answer in answers if answer.status == 201}
    assert len(numbers) == 5


def test_twenty_requests_with_one_key_make_one_order() -> None:
    store([on_sale(1, stock=50)])
    body = body_of(wanted(1))
    answers = at_once(20, lambda _: until_answered(lambda: check_out(buyer(), body, "one-key")))
    assert _statuses(answers) == {201: 20}
    assert {answer.json["order_id"] for answer in answers} == {order_rows()[0]["id"]}
    assert stock_of(1) == 49
    assert _each_order_is_whole(1)


def test_of_twenty_who_use_a_code_with_three_uses_three_get_the_discount() -> None:
    store([on_sale(1, stock=50)])
    a_code(max_uses=3)
    answers = at_once(20, lambda number: _order(number, body_of(wanted(1), discount_code="SAVE10")))
    statuses = _statuses(answers)
    assert statuses[201] == 3
    assert statuses[400] + statuses[409] == 17
    assert [row["discount"] for row in order_rows()] == [2.5] * 3
    assert (uses(), stock_of(1)) == (3, 47)


def test_one_cart_that_ten_check_out_is_ordered_once() -> None:
    store([on_sale(1, stock=50)])
    put(buyer(), 1, 2)
    answers = at_once(10, lambda _: until_answered(lambda: check_out(buyer(), body_of_cart())))
    assert _statuses(answers) == {201: 1, 400: 9}
    assert stock_of(1) == 48
    assert _each_order_is_whole(1)


def test_ten_orders_of_the_same_works_in_any_order_all_pass() -> None:
    store([on_sale(1, stock=50), on_sale(2, stock=50)])
    lines = [wanted(1), wanted(2)]
    answers = at_once(10, lambda number: _order(number, body_of(*lines[:: -1 if number % 2 else 1])))
    assert _statuses(answers) == {201: 10}
    assert (stock_of(1), stock_of(2)) == (40, 40)
    assert _each_order_is_whole(10)


def test_an_answer_that_gets_lost_on_the_way_makes_no_second_order(monkeypatch: pytest.MonkeyPatch) -> None:
    store([on_sale(1)])
    without_waiting(monkeypatch)
    lost = lose_answer("TransactWriteItems")
    assert check_out(buyer(), body_of(wanted(1))).status == 201
    assert lost[0].status_code == 200
    assert stock_of(1) == 9
    assert _each_order_is_whole(1)


def test_whoever_got_no_answer_asks_again_and_gets_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    store([on_sale(1)])
    without_waiting(monkeypatch)
    # The commit is carried out, its answer is lost, and so is every repetition by the client library.
    broken = break_connection("TransactWriteItems", times=2)
    lost = lose_answer("TransactWriteItems")
    assert check_out(buyer(), body_of(wanted(1)), "key-1").status == 503
    assert (lost[0].status_code, len(broken), stock_of(1)) == (200, 2, 9)
    commits = sent_parameters("TransactWriteItems")
    again = check_out(buyer(), body_of(wanted(1)), "key-1")
    assert (again.status, again.json["order_number"]) == (201, "ORD-00000001")
    assert (stock_of(1), commits) == (9, [])
    assert _each_order_is_whole(1)


def test_a_commit_that_never_arrived_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    store([on_sale(1)])
    without_waiting(monkeypatch)
    break_connection("TransactWriteItems", times=3)
    assert check_out(buyer(), body_of(wanted(1)), "key-1").status == 503
    assert (stock_of(1), counter()) == (10, (0, 0))
    assert check_out(buyer(), body_of(wanted(1)), "key-1").status == 201
    assert stock_of(1) == 9


def _overdue(product: int) -> int:
    """An order of a piece that has been waiting for its payment for two hours."""
    return place_order(purchase((product, 1)), utc_now() - timedelta(hours=2)).order.id


def test_an_overdue_piece_goes_to_one_of_twenty_who_want_it() -> None:
    store([on_sale(1, stock=1)])
    assert _overdue(1) == 1
    answers = at_once(20, lambda number: _order(number, body_of(wanted(1))))
    assert _statuses(answers) == {201: 1, 409: 19}
    assert stock_of(1) == 0
    cancelled = order_by_id(1)
    assert cancelled is not None
    assert cancelled.restocked
    assert len(told("system")) == 1


def test_ten_runs_at_once_give_back_once_what_twenty_orders_took() -> None:
    store([on_sale(1, stock=20)])
    for _ in range(20):
        _overdue(1)
    assert stock_of(1) == 0
    with ThreadPoolExecutor(10) as pool:
        reports = list(pool.map(lambda _: cancel_all_overdue(utc_now()), range(10), timeout=300))
    # What meets others through all attempts is left to the next run.
    reports.append(cancel_all_overdue(utc_now()))
    assert sum(report.counts["cancelled"] for report in reports) == 20
    assert (stock_of(1), len(told("system")), orders_due("9999")) == (20, 20, {})
