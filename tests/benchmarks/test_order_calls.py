"""The measured calls of carts and orders are real routes, and their budgets are those of the design."""

from decimal import Decimal

import pytest
from chalice.local import RouteMatcher

from app import app
from benchmarks.calls import Budget
from benchmarks.order_calls import CHECKOUT, ORDER_CALLS, PAGE, OrderCall

BY_NAME = {call.name: call for call in ORDER_CALLS}


@pytest.mark.parametrize("call", ORDER_CALLS, ids=lambda call: call.name)
def test_each_call_is_a_route_of_the_shop(call: OrderCall) -> None:
    matched = RouteMatcher(list(app.routes)).match_route(call.path)
    assert call.method in app.shop_routes[matched.route]


def test_checkouts_of_one_three_and_ten_lines_use_a_code_and_a_key() -> None:
    checkouts = [call for call in ORDER_CALLS if call.is_checkout]
    assert [(call.lines, call.in_full) for call in checkouts] == [
        (lines, in_full) for in_full in (False, True) for lines in (1, 3, 10)
    ]
    assert all(call.has_code and call.has_key and call.path == CHECKOUT for call in checkouts)


@pytest.mark.parametrize(
    ("name", "budget"),
    [
        ("cart of 3 lines", Budget(2, Decimal(4))),
        ("add a second product to a cart", Budget(3, Decimal(3), Decimal(3))),
        ("checkout of 1 line", Budget(3, write=Decimal(27))),
        ("checkout of 3 lines", None),
        ("checkout of 10 lines", None),
        (f"admin list, {PAGE} of 100 orders", Budget(3, Decimal(7))),
    ],
)
def test_budgets_are_those_of_the_design(name: str, budget: Budget | None) -> None:
    assert BY_NAME[name].budget == budget


def test_no_order_is_made_before_the_list_is_measured() -> None:
    first = ORDER_CALLS[0]
    assert (first.is_admin, first.writes) == (True, False)
