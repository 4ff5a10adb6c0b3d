"""What a load must keep, and that it is said to be broken when it is not kept."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from tools.load.access_lines import ARTIST, CART, ORDER, VISIT, Spent
from tools.load.books import Books
from tools.load.stock_audit import Snapshot, order_complaints, stock_complaints
from tools.load.thresholds import BUDGETS, MOST_CALLS, Threshold, conduct, consumption

BOOKS = Books(visits=10, carts=2, artist_rounds=1, orders=["ORD-1", "ORD-2"])
CHEAP = {VISIT: Spent(90, 75, 50.0, 0.0, 5)}


def broken(thresholds: list[Threshold]) -> list[str]:
    return [each.what for each in thresholds if not each.holds]


def test_a_quiet_load_keeps_everything() -> None:
    assert broken([*conduct(BOOKS, []), *consumption(CHEAP, BOOKS, 24, has_units=True)]) == []


@pytest.mark.parametrize(
    ("books", "what"),
    [
        (replace(BOOKS, visits=0), "visits"),
        (replace(BOOKS, orders=[]), "orders"),
        (replace(BOOKS, artist_rounds=0), "rounds of the artist"),
        (replace(BOOKS, unexpected=Counter({"GET /: 500 x": 1})), "unexpected answers"),
    ],
)
def test_what_did_not_happen_or_must_not_is_broken(books: Books, what: str) -> None:
    assert broken(conduct(books, [])) == [what]


def test_a_contradiction_is_broken() -> None:
    assert broken(conduct(BOOKS, ["variant 7: 2 sold of 1"])) == ["contradictions of stock and orders"]


@pytest.mark.parametrize("journey", [VISIT, CART, ORDER, ARTIST])
@pytest.mark.parametrize("kind", ["calls", "read", "write"])
def test_a_journey_that_costs_more_than_its_budget_is_broken(journey: str, kind: str) -> None:
    times = {VISIT: 10, CART: 2, ORDER: 2, ARTIST: 1}[journey]
    budget = BUDGETS[journey]
    most = {"calls": budget.calls, "read": budget.read + 24 * budget.read_each, "write": budget.write}[kind]

    def spent(amount: float) -> dict[str, Any]:
        return {kind: amount}

    at_the_limit = replace(Spent(requests=1), **spent(times * most))
    above = replace(at_the_limit, **spent(times * most + times))
    assert broken(consumption({journey: at_the_limit}, BOOKS, 24, has_units=True)) == []
    (name,) = broken(consumption({journey: above}, BOOKS, 24, has_units=True))
    assert journey in name


def test_an_engine_that_counts_no_units_is_held_to_round_trips_only() -> None:
    dear = {VISIT: Spent(1, 10, 1e6, 1e6)}
    assert broken(consumption(dear, BOOKS, 24, has_units=False)) == []


def test_a_log_without_requests_and_a_request_of_many_trips_are_broken() -> None:
    assert broken(consumption({}, BOOKS, 24, has_units=True)) == ["requests in the access log"]
    stormy = {VISIT: Spent(1, 1, 0, 0, MOST_CALLS + 1)}
    assert broken(consumption(stormy, BOOKS, 24, has_units=True)) == ["round trips of the dearest request"]


def test_orders_that_one_side_does_not_know_are_named() -> None:
    books = Books(orders=["ORD-1", "ORD-1", "ORD-3"])
    assert list(order_complaints({"ORD-1", "ORD-2"}, books)) == [
        "ORD-1 was given to 2 buyers",
        "1 orders were answered and are not there: ORD-3",
        "1 orders are there of which no buyer knows: ORD-2",
    ]


@pytest.mark.parametrize(
    ("left", "sold", "complaints"),
    [
        (3, 4, []),
        (4, 4, ["variant 1: 5 there, 2 put on stock, 4 sold, 4 left"]),
        (0, 8, ["variant 1: 8 sold of 7", "variant 1: 5 there, 2 put on stock, 8 sold, 0 left"]),
    ],
)
def test_stock_and_sold_pieces_make_what_there_was(left: int, sold: int, complaints: list[str]) -> None:
    books = Books(stocked=Counter({1: 2}))
    found = stock_complaints(Snapshot({1: 5}), Snapshot({1: left}), Counter({1: sold}), books)
    assert list(found) == complaints


def test_a_threshold_says_what_was_found_and_what_may_be() -> None:
    assert str(Threshold("visits", 0, 1, is_least=True)) == "BROKEN visits: 0 (at least 1)"
    assert str(Threshold("read units", 2.5, 3)) == "ok     read units: 2.5 (at most 3)"
