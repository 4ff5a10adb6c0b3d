"""Conditions and counters under threads that really run at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier
from typing import TypeVar

from common.dynamodb import (
    ConditionFailed,
    TransactionBusy,
    UnitOfWork,
    Update,
    attr,
    claim,
    get_item,
    next_id,
    next_ids,
    put_item,
    raise_counter,
    update_item,
)
from common.errors import Conflict

THREADS = 8
T = TypeVar("T")


class Taken(Conflict):
    """Somebody else was first."""


def at_once(action: Callable[[int], T], times: int = THREADS) -> list[T]:
    """The results of an action that this many threads start at the same moment, each with its number."""
    barrier = Barrier(times)

    def start(number: int) -> T:
        barrier.wait(timeout=30)
        return action(number)

    with ThreadPoolExecutor(times) as pool:
        futures = [pool.submit(copy_context().run, start, number) for number in range(times)]
        return [future.result(timeout=60) for future in futures]


def test_no_id_is_given_out_twice(table: str) -> None:
    given_out = at_once(lambda _: [next_id("ANY") for _ in range(25)])
    assert sorted(number for ids in given_out for number in ids) == list(range(1, THREADS * 25 + 1))
    assert all(ids == sorted(ids) for ids in given_out)


def test_reserved_ranges_do_not_overlap(table: str) -> None:
    ranges = at_once(lambda number: next_ids("ANY", number + 1))
    assert sorted(number for ids in ranges for number in ids) == list(range(1, 37))


def test_a_counter_that_is_raised_while_ids_are_taken_never_goes_back(table: str) -> None:
    def act(number: int) -> list[int]:
        if number % 2:
            raise_counter("ANY", number * 10)
            return []
        return [next_id("ANY") for _ in range(20)]

    taken = [number for ids in at_once(act) for number in ids]
    assert len(set(taken)) == len(taken) == 80
    assert next_id("ANY") > max(*taken, 70)


def test_the_last_pieces_are_sold_once(table: str) -> None:
    put_item({"PK": "P", "SK": "STOCK", "left": 5})

    def buy(_: int) -> bool:
        try:
            update_item(("P", "STOCK"), Update().increment("left", -1), condition=attr("left").ge(1))
        except ConditionFailed:
            return False
        return True

    assert sum(at_once(buy)) == 5
    assert get_item(("P", "STOCK")) == {"PK": "P", "SK": "STOCK", "left": 0}


def test_orders_and_stock_agree_when_many_buy_in_transactions(table: str) -> None:
    put_item({"PK": "P", "SK": "STOCK", "left": 5})

    def buy(number: int) -> bool:
        try:
            with UnitOfWork(sleep=lambda _: None, retries=50) as work:
                work.put({"PK": f"ORDER#{number}", "SK": "METADATA"}, condition=attr("PK").missing())
                work.update(
                    ("P", "STOCK"),
                    Update().increment("left", -1),
                    condition=attr("left").ge(1),
                    failed=Taken("sold out"),
                )
        except Taken:
            return False
        return True

    bought = at_once(buy)
    orders = [get_item((f"ORDER#{number}", "METADATA")) is not None for number in range(THREADS)]
    assert sum(bought) == 5
    assert orders == bought
    assert get_item(("P", "STOCK")) == {"PK": "P", "SK": "STOCK", "left": 0}


def test_one_of_many_claims_wins(table: str) -> None:
    def try_to_claim(number: int) -> bool:
        try:
            with UnitOfWork(sleep=lambda _: None) as work:
                claim(work, "PRODUCT_SLUG", "ink", f"PRODUCT#{number}", Taken("taken"))
        except (Taken, TransactionBusy):
            return False
        return True

    won = at_once(try_to_claim)
    marker = get_item(("UNIQUE#PRODUCT_SLUG#ink", "METADATA"))
    assert sum(won) == 1
    assert marker is not None
    assert marker["owner"] == f"PRODUCT#{won.index(True)}"
