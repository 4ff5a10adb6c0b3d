"""One cart and one discount code under threads that really change them at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest

from common.clock import iso, utc_now
from common.dynamodb import UnitOfWork
from common.errors import Conflict
from orders.repositories.discounts import give_back_use, use_discount
from tests.catalog.builders import store
from tests.orders.cart_builders import a_code, on_sale, put, quantities, shopper, uses
from tests.support.http import Answer, Client
from tests.support.tokens import admin_token

T = TypeVar("T")


@pytest.fixture
def client(table: str) -> Client:
    """A guest before a shop with twenty works of a hundred pieces each."""
    store([on_sale(number, stock=100) for number in range(1, 21)])
    return shopper()


def at_once(times: int, ask: Callable[[int], T]) -> list[T]:
    """The answers of a call that this many threads make at the same moment, each with its number."""
    barrier = Barrier(times)

    def start(number: int) -> T:
        barrier.wait(timeout=30)
        return ask(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(start, range(times), timeout=120))


def until_accepted(ask: Callable[[], Answer]) -> Answer:
    """The answer to a call that is repeated while others are faster, as the refusal asks for."""
    answer = ask()
    for _ in range(30):
        if answer.status not in (409, 503):
            break
        answer = ask()
    return answer


def test_of_twenty_additions_of_one_thing_none_is_lost(client: Client) -> None:
    answers = at_once(20, lambda _: until_accepted(lambda: put(client, 1, 2)))
    assert {answer.status for answer in answers} == {200}
    assert quantities(client) == {10: 40}


def test_of_ten_additions_of_ten_things_none_is_lost(client: Client) -> None:
    answers = at_once(10, lambda number: until_accepted(lambda: put(client, number + 1)))
    assert {answer.status for answer in answers} == {200}
    assert quantities(client) == {(number + 1) * 10: 1 for number in range(10)}


def test_what_was_not_accepted_is_not_in_the_cart(client: Client) -> None:
    answers = at_once(12, lambda _: put(client, 1))
    accepted = [answer for answer in answers if answer.status == 200]
    assert accepted
    assert {answer.status for answer in answers} <= {200, 409}
    assert quantities(client) == {10: len(accepted)}


def test_sessions_that_sign_in_at_once_take_everything_along_once(client: Client) -> None:
    token = admin_token()
    sessions = [f"session-number-{number}" for number in range(5)]
    for number, session in enumerate(sessions):
        put(shopper(session), 1, 2)
        put(shopper(session), number + 2)

    def look(number: int) -> Answer:
        return until_accepted(lambda: shopper(sessions[number // 3], token).get("/api/cart"))

    answers = at_once(15, look)
    assert {answer.status for answer in answers} == {200}
    assert quantities(shopper(token=token)) == {10: 10} | {number * 10: 1 for number in range(2, 7)}


def test_of_twenty_buyers_three_get_the_last_three_uses(table: str) -> None:
    code, now = a_code(max_uses=3), iso(utc_now())

    def buy(_: int) -> bool:
        try:
            with UnitOfWork(retries=30) as work:
                use_discount(work, code, now)
        except Conflict:
            return False
        return True

    assert sum(at_once(20, buy)) == 3
    assert uses() == 3


def test_uses_that_are_taken_and_given_back_at_once_all_count(table: str) -> None:
    code, now = a_code(times_used=10), iso(utc_now())

    def move(number: int) -> None:
        with UnitOfWork(retries=30) as work:
            if number % 2:
                use_discount(work, code, now)
            else:
                give_back_use(work, code.id)

    at_once(12, move)
    assert uses() == 10
