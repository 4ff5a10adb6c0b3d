"""Every route of every domain says beside its path all that a description of the API needs."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from app import DOMAINS, load_routes
from common.http import Caching, Role, Route, Routes, create_app
from common.http.declared_bodies import Kind, schema_named
from common.http.validation import Schema
from tests.support.http import Client
from tools.api_document.statuses import refusals_of

ROUTES = [route for domain in DOMAINS for route in load_routes(domain)]
WRITING = {"POST", "PUT", "PATCH", "DELETE"}
EVERY = pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")


@EVERY
def test_a_route_declares_who_may_call_and_what_is_answered(route: Route) -> None:
    assert route.role is None or isinstance(route.role, Role)
    assert route.answer or route.media_types
    assert not route.answer or hasattr(import_module(f"{route.domain}.answers"), route.answer)
    assert 200 <= route.status < 303
    assert isinstance(route.caching, Caching)
    assert route.caching is Caching.PRIVATE or route.role is None or route.status == 302
    assert route.handler.__doc__


@EVERY
def test_a_declared_body_has_a_schema_that_exists(route: Route) -> None:
    body = route.body
    if body is None:
        return
    assert route.method in WRITING
    for name in body.schema_names:
        schema = schema_named(route.domain, name)
        assert issubclass(schema, Schema)
        assert schema.__doc__
        assert schema().fields
    if body.kind is Kind.FIELDS:
        assert body.schema
    assert bool(body.otherwise) is bool(body.distinguished_by)
    assert bool(body.file) is (body.kind in {Kind.UPLOAD, Kind.FIELDS_OR_UPLOAD})
    assert not body.is_change or route.method in {"PUT", "PATCH"}


@EVERY
def test_what_a_caller_saw_is_held_against_writes_only(route: Route) -> None:
    assert not route.if_match or route.method in WRITING


@EVERY
def test_a_list_declares_its_parameters(route: Route) -> None:
    if route.paging is not None:
        assert route.method == "GET"
        assert route.paging.names[-1] == "lastEvaluatedKey"
        assert 0 < route.paging.default <= route.paging.most


def test_there_are_routes_of_every_domain() -> None:
    assert {route.domain for route in ROUTES} == set(DOMAINS)
    assert len(ROUTES) > 100


def _modules() -> Iterator[tuple[str, ast.Module]]:
    root = Path(__file__).parent.parent
    for path in sorted(root.glob("*/routes/*.py")):
        yield str(path.relative_to(root)), ast.parse(path.read_text(encoding="utf-8"))


def test_no_route_reads_bytes_or_imports_a_schema_by_itself() -> None:
    """The kit reads by what is declared, so what is declared is all that is read."""
    wrong = [
        f"{name}:{node.lineno}"
        for name, module in _modules()
        for node in ast.walk(module)
        if (isinstance(node, ast.Attribute) and node.attr == "body" and ast.unparse(node.value) == "request")
        or (isinstance(node, ast.ImportFrom) and "schemas" in str(node.module))
    ]
    assert wrong == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_parameter_that_is_read_is_declared(domain: str) -> None:
    read = {
        str(argument.value)
        for name, module in _modules()
        for node in ast.walk(module)
        if name.startswith(f"{domain}/") and isinstance(node, ast.Call) and _reads_query(node)
        for argument in node.args[:2]
        if isinstance(argument, ast.Constant)
    }
    declared = {name for route in ROUTES if route.domain == domain for name in route.query}
    assert read <= declared
    assert declared


def _reads_query(call: ast.Call) -> bool:
    return ast.unparse(call.func) in {
        "request.arg",
        "request.choice",
        "one_of",
        "named",
        "_stated",
        "_yes_or_no",
    }


def test_a_parameter_that_is_not_declared_is_not_read() -> None:
    routes = Routes("things")
    routes.get("/things", role=None, query=("wanted",))(lambda request: request.arg("other", "none"))
    assert Client(create_app("things", [routes])).get("/things").status == 500


@pytest.mark.parametrize("read", ["payload", "load", "json", "multipart", "signed_body"])
def test_a_route_that_reads_more_than_it_declares_fails_at_once(read: str) -> None:
    routes = Routes("catalog")
    routes.post("/things", role=None)(lambda request: getattr(request, read)())
    assert Client(create_app("things", [routes])).post("/things", json={"a": 1}).status == 500


def test_a_header_that_is_not_declared_is_not_read() -> None:
    routes = Routes("things")
    routes.get("/things", role=None, headers=("X-Wanted",))(lambda request: request.header("X-Other"))
    assert Client(create_app("things", [routes])).get("/things").status == 500


@EVERY
def test_a_refusal_is_declared_where_it_does_not_follow_from_the_rest(route: Route) -> None:
    assert not set(route.refuses) & set(refusals_of(replace(route, refuses=())))
    assert set(route.refuses) <= {401, 403, 404, 409, 422, 429, 502}
