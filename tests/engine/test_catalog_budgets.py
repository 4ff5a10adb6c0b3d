"""What the catalogue's pages and lists cost on DynamoDB Local: round trips and capacity units."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from common.dynamodb import Usage, create_table, delete_table, meter, reset_client
from tests.catalog.builders import believable_row, catalog_app, ok, store
from tests.support.http import Client

Query = dict[str, str]

ORDERS: list[Query] = [
    {"sort_order": "ASC"},
    {"sort_by": "base_price"},
    {"sort_by": "title", "sort_order": "DESC"},
]
FILTERS: list[Query] = [
    {"category": "prints"},
    {"category": "2", "sort_by": "title"},
    {"character_value": "Leon il Camaleonte"},
    {"min_price": "5", "max_price": "500"},
    {"in_stock": "true", "sort_by": "base_price", "sort_order": "DESC"},
]
SEARCHES: list[Query] = [
    {"search": "CHAMELEON"},
    {"search": "cotton", "sort_by": "title", "in_stock": "true"},
]


def _shop_of(monkeypatch: pytest.MonkeyPatch, endpoint: str, products: int) -> str:
    name = f"budgets-{uuid4()}"
    _visit(monkeypatch, endpoint, name)
    create_table(name)
    store(believable_row(number) for number in range(1, products + 1))
    return name


def _visit(monkeypatch: pytest.MonkeyPatch, endpoint: str, table: str) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("DYNAMODB_ENDPOINT", endpoint)
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", table)
    reset_client()


@pytest.fixture(scope="module")
def filled(dynamodb_local: str) -> Iterator[dict[int, str]]:
    """The tables of a shop of 50 and of one of 1,000 products, which no test changes."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        tables = {products: _shop_of(monkeypatch, dynamodb_local, products) for products in (50, 1000)}
        yield tables
        _visit(monkeypatch, dynamodb_local, tables[50])
        for name in tables.values():
            delete_table(name)
        reset_client()


@pytest.fixture
def small(filled: dict[int, str], dynamodb_local: str, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A visitor of the shop of 50 products."""
    _visit(monkeypatch, dynamodb_local, filled[50])
    return Client(catalog_app())


@pytest.fixture
def large(filled: dict[int, str], dynamodb_local: str, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A visitor of the shop of 1,000 products."""
    _visit(monkeypatch, dynamodb_local, filled[1000])
    return Client(catalog_app())


def _asked(client: Client, path: str, query: Query) -> tuple[dict[str, Any], Usage]:
    with meter() as usage:
        body = ok(client.get(path, params=query))
    assert usage.write_units == 0
    return body, usage


def _within(usage: Usage, trips: int, units: Decimal | int) -> bool:
    return usage.calls <= trips and 0 < usage.read_units <= units


def test_a_product_page_takes_one_trip(small: Client) -> None:
    body, usage = _asked(small, "/api/products/row-0007", {})
    assert [len(body[part]) for part in ("images", "variants", "categories")] == [3, 3, 2]
    assert _within(usage, 1, Decimal("1.5")), usage


def test_twenty_of_fifty_products_newest_first(small: Client) -> None:
    body, usage = _asked(small, "/api/products", {})
    assert (len(body["products"]), body["total"]) == (20, 50)
    assert _within(usage, 2, 10), usage


def test_the_second_page_by_number_and_by_cursor(small: Client) -> None:
    first, _ = _asked(small, "/api/products", {"limit": "20"})
    by_number, numbered = _asked(small, "/api/products", {"page": "2"})
    by_cursor, continued = _asked(
        small, "/api/products", {"limit": "20", "last_key": first["lastEvaluatedKey"]}
    )
    assert by_number["products"] == by_cursor["products"]
    assert _within(numbered, 2, 12), numbered
    assert _within(continued, 3, 10), continued


@pytest.mark.parametrize("query", [*ORDERS, *FILTERS, *SEARCHES], ids=str)
def test_twenty_of_fifty_products_in_any_other_way(small: Client, query: Query) -> None:
    body, usage = _asked(small, "/api/products", query)
    assert len(body["products"]) == 20
    assert _within(usage, 2, 16), usage


def test_twenty_of_a_thousand_products_newest_first(large: Client) -> None:
    body, usage = _asked(large, "/api/products", {})
    assert (len(body["products"]), body["total"]) == (20, 1000)
    assert _within(usage, 2, 10), usage


@pytest.mark.parametrize("query", [*ORDERS, *FILTERS], ids=str)
def test_twenty_of_a_thousand_products_filtered_or_sorted(large: Client, query: Query) -> None:
    body, usage = _asked(large, "/api/products", query)
    assert len(body["products"]) == 20
    assert body["total"] > 400
    assert _within(usage, 3, 60), usage


@pytest.mark.parametrize("query", SEARCHES, ids=str)
def test_free_text_among_a_thousand_products(large: Client, query: Query) -> None:
    body, usage = _asked(large, "/api/products", query)
    assert len(body["products"]) == 20
    assert body["total"] > 400
    assert _within(usage, 6, 350), usage


def test_a_product_page_below_shop_takes_one_trip(small: Client) -> None:
    body, usage = _asked(small, "/api/shop/products/row-0007", {})
    assert [len(body[part]) for part in ("images", "variants", "categories")] == [3, 3, 2]
    assert _within(usage, 1, Decimal("1.5")), usage


def test_the_shop_s_own_list_newest_first(small: Client) -> None:
    query = {"status": "published", "sort_by": "created_at", "sort_order": "DESC", "page": "1"}
    body, usage = _asked(small, "/api/shop/products", query)
    assert (len(body["products"]), body["total"]) == (20, 50)
    assert _within(usage, 2, 10), usage


@pytest.mark.parametrize("query", [{}, *ORDERS, {"search": "CHAMELEON"}, {"category": "prints"}], ids=str)
def test_the_shop_s_own_list_in_any_other_way(small: Client, query: Query) -> None:
    body, usage = _asked(small, "/api/shop/products", query)
    assert len(body["products"]) == 20
    assert _within(usage, 2, 16), usage


def test_a_thousand_products_by_id_and_by_title(large: Client) -> None:
    for query in ({}, {"search": "number 5"}):
        body, usage = _asked(large, "/api/shop/products", query)
        assert len(body["products"]) == 20
        assert _within(usage, 3, 60), usage


def test_a_thousand_products_at_once_are_read_by_queries(large: Client) -> None:
    body, usage = _asked(large, "/api/shop/products", {"per_page": "0"})
    assert (len(body["products"]), body["total"]) == (1000, 1000)
    assert _within(usage, 5, 350), usage
