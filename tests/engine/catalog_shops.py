"""Shops of 50 and of 1,000 products on DynamoDB Local, and what a visit of one costs."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from common.dynamodb import Usage, create_table, meter, reset_client
from tests.catalog.builders import believable_row, ok, store
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


def shop_of(monkeypatch: pytest.MonkeyPatch, endpoint: str, products: int) -> str:
    """The name of a new table with so many products."""
    name = f"budgets-{uuid4()}"
    visit(monkeypatch, endpoint, name)
    create_table(name)
    store(believable_row(number) for number in range(1, products + 1))
    return name


def visit(monkeypatch: pytest.MonkeyPatch, endpoint: str, table: str) -> None:
    """Makes the settings name this table of DynamoDB Local."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("DYNAMODB_ENDPOINT", endpoint)
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", table)
    reset_client()


def asked(client: Client, path: str, query: Query) -> tuple[dict[str, Any], Usage]:
    """The body of an answer and what it cost; nothing may be written for it."""
    with meter() as usage:
        body = ok(client.get(path, params=query))
    assert usage.write_units == 0
    return body, usage


def within(usage: Usage, trips: int, units: Decimal | int) -> bool:
    """Whether something was read, in so many trips and by so many units at most."""
    return usage.calls <= trips and 0 < usage.read_units <= units
