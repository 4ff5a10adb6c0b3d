"""Who may call what: one readable table, which the routes make and every call is held against."""

from dataclasses import replace
from functools import cache

import pytest

from common.clock import utc_now
from common.dynamodb import UnitOfWork
from common.http import Role, Route, Routes, ShopApp, create_app, issue_token
from common.standing import Standing, set_standing
from tests.support.http import Client
from tools.api_document.authorisation import CALLERS, NO, OWN, SIGN_IN, YES, authorisation_table, decision
from tools.api_document.document import all_routes
from tools.paths import ROOT

ROUTES = all_routes()
TABLE = ROOT / "docs" / "authorisation.md"
STATUSES = {YES: 200, OWN: 200, NO: 403, SIGN_IN: 401}


def test_the_table_says_what_the_routes_declare() -> None:
    # `artshop api-document --authorisation --out docs/authorisation.md` writes it anew; read what differs.
    assert TABLE.read_text(encoding="utf-8") == authorisation_table(ROUTES)


def test_no_cell_is_left_open() -> None:
    decided = {decision(route, caller) for route in ROUTES for caller in CALLERS}
    assert decided == set(STATUSES)
    assert {caller for caller in CALLERS if caller} == set(Role)


@cache
def _app() -> ShopApp:
    """The shop with its doors as they are, and nothing behind them."""
    empty = Routes("doors")
    for route in ROUTES:
        methods = {"GET": empty.get, "POST": empty.post, "PUT": empty.put}
        methods |= {"PATCH": empty.patch, "DELETE": empty.delete}
        methods[route.method](route.path, role=route.role, envelope=route.envelope)(lambda _: {})
    return create_app("doors", [empty])


def _token(caller: Role | None) -> str:
    return "" if caller is None else issue_token(f"a-{caller}", caller.value, caller, utc_now())


def _name(caller: Role | None) -> str:
    return "stranger" if caller is None else caller.value


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("caller", CALLERS, ids=_name)
def test_every_call_ends_as_the_table_says(caller: Role | None) -> None:
    if caller is not None:
        with UnitOfWork() as work:
            set_standing(work, Standing(f"a-{caller}", caller.value))
    client = Client(_app(), token=_token(caller))
    wrong = [
        f"{route.method} {route.path}: {status}"
        for route in ROUTES
        if (status := _asked(client, route)) != STATUSES[decision(route, caller)]
    ]
    assert wrong == []


def _asked(client: Client, route: Route) -> int:
    path = route.path.replace("{", "").replace("}", "")
    return client.request(route.method, path).status


def test_what_is_owned_is_open_to_administrators_without_a_limit() -> None:
    owned = replace(ROUTES[0], role=Role.CREATOR)
    assert [decision(owned, caller) for caller in CALLERS] == [SIGN_IN, NO, OWN, NO, YES]
