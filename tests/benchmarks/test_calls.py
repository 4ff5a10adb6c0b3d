"""The measured calls are real routes, and their budgets are those of the design."""

from decimal import Decimal

import pytest
from chalice.local import RouteMatcher

from app import app
from benchmarks.calls import CALLS, LARGE, SIZES, SMALL, Budget, Call

BY_NAME = {call.name: call for call in CALLS}


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_each_call_is_a_route_of_the_shop(call: Call) -> None:
    matched = RouteMatcher(list(app.routes)).match_route(call.path.format(slug="a-slug"))
    assert "GET" in app.shop_routes[matched.route]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_a_call_has_a_budget_for_every_size_or_none_at_all(call: Call) -> None:
    assert tuple(call.budgets) in {SIZES, ()}


def test_a_list_grows_with_the_shop_only_where_the_design_allows_it() -> None:
    newest, by_title = BY_NAME["20 products, newest first"], BY_NAME["20 products by title"]
    assert newest.budgets[SMALL] == newest.budgets[LARGE] == Budget(2, Decimal(10))
    assert by_title.budgets == {SMALL: Budget(2, Decimal(16)), LARGE: Budget(3, Decimal(60))}
