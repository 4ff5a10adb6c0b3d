"""The calls of carts and orders are answered, counted, and never meet the state of one another."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from app import app
from benchmarks.calls import Budget
from benchmarks.order_calls import ORDER_CALLS, PAGE, OrderCall
from benchmarks.order_measure import UNTIMED, OrderBench, OrderSample
from benchmarks.order_shop import STOCK
from benchmarks.order_terms import mail_on
from common.dynamodb import get_item
from common.repositories.order_counter import number_of_orders

BY_NAME = {call.name: call for call in ORDER_CALLS}
# As few as fill a page, because the engine in process copies its table for every transaction.
ORDERS, REQUESTS = PAGE + 1, 1


@pytest.fixture
def bench(table: str) -> Iterator[OrderBench]:
    opened = OrderBench(app, products=10, orders=ORDERS)
    opened.open()
    yield opened
    opened.close()


def _rows(call: OrderCall) -> int:
    return PAGE if call.is_admin else call.lines + (call.path == "/api/cart/items")


@pytest.mark.exhaustive
def test_every_call_stays_within_its_trips_and_answers_all_its_rows(bench: OrderBench) -> None:
    for call in (call for call in ORDER_CALLS if not call.in_full):
        found = bench.measure(call, REQUESTS)
        assert found.trips == (call.budget.trips if call.budget else 3), call.name
        assert found.rows == _rows(call), call.name
        assert 0 < found.p50 <= found.p99
        assert (found.aws_write is not None) is call.is_checkout


def test_each_request_of_a_checkout_makes_an_order_of_its_own(bench: OrderBench) -> None:
    bench.measure(BY_NAME["checkout of 1 line"], REQUESTS)
    listing = get_item(("PRODUCT#1", "LISTING"), consistent=True)
    assert number_of_orders() == ORDERS + REQUESTS + UNTIMED
    assert listing is not None
    assert listing["stock"]["3"] == STOCK - REQUESTS - UNTIMED


def test_aws_counts_more_for_more_lines_and_one_line_is_within_its_budget(bench: OrderBench) -> None:
    one, three = (bench.measure(BY_NAME[f"checkout of {lines}"], 1) for lines in ("1 line", "3 lines"))
    assert one.aws_write is not None
    assert three.aws_write is not None
    assert 0 < one.aws_write < three.aws_write
    assert one.aws_write <= 35


@pytest.mark.exhaustive
def test_mail_shipping_taxes_papers_and_an_edition_take_no_trip_more(table: str) -> None:
    bench = OrderBench(app, products=10, orders=ORDERS, in_full=True)
    bench.open()
    try:
        with mail_on():
            one, three = (
                bench.measure(BY_NAME[f"checkout of {lines} in full"], REQUESTS)
                for lines in ("1 line", "3 lines")
            )
    finally:
        bench.close()
    assert (one.trips, three.trips) == (3, 3)
    assert (one.rows, three.rows) == (1, 3)


def test_a_request_that_is_refused_ends_the_measurement(bench: OrderBench) -> None:
    unknown = replace(BY_NAME["add a second product to a cart"], body={"product_id": 999, "quantity": 1})
    with pytest.raises(RuntimeError, match="answered 404"):
        bench.measure(unknown, 1)


@pytest.mark.parametrize(
    ("budget", "aws_write", "holds"),
    [
        (Budget(3, Decimal(5), Decimal(16)), None, True),
        (Budget(3, Decimal(5), Decimal(16)), 17, False),
        (Budget(3, write=Decimal(15)), 3, False),
        (Budget(2), None, False),
        (Budget(3, Decimal(4)), None, False),
        (None, 99, None),
    ],
)
def test_a_budget_for_writes_has_to_hold_by_both_counts(
    budget: Budget | None, aws_write: int | None, *, holds: bool | None
) -> None:
    call = replace(BY_NAME["checkout of 1 line"], budget=budget)
    assert OrderSample(call, 3, Decimal(5), Decimal(16), aws_write, 1, 1, 1).holds is holds
